// Type to find, arrows to choose, Enter to go: the list behind the palette and the switcher (ARIA's combobox with a
// listbox). The cursor stays in the field; what is chosen is told by aria-activedescendant.
import { Loader } from "@mantine/core";
import { IconCheck, IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from "react";
import classes from "./Finder.module.css";

export interface FinderItem {
  id: string;
  label: string;
  detail?: string | undefined;
  icon: ReactNode;
  /** Where one is now. */
  isCurrent?: boolean;
}

export interface FinderGroup {
  label: string;
  items: FinderItem[];
}

interface FinderProps {
  /** What can be found here. */
  label: string;
  groups: FinderGroup[];
  typed: string;
  onTyped: (typed: string) => void;
  onChoose: (id: string) => void;
  isSearching?: boolean;
  footer?: ReactNode;
}

export function Finder({ label, groups, typed, onTyped, onChoose, isSearching, footer }: FinderProps) {
  const listId = useId();
  const [marked, setMarked] = useState({ typed, index: 0 });
  const items = groups.flatMap((group) => group.items);
  // Other words, other list: the first of it is meant.
  const index = marked.typed === typed ? Math.min(marked.index, items.length - 1) : 0;
  const chosen = items[index];
  const optionId = (item: FinderItem) => `${listId}-${item.id}`;
  const activeId = chosen && optionId(chosen);

  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);

  const mark = (next: number) => setMarked({ typed, index: (next + items.length) % items.length });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || items.length === 0) return;
    if (event.key === "ArrowDown") mark(index + 1);
    else if (event.key === "ArrowUp") mark(index - 1);
    else if (event.key === "Enter" && chosen) onChoose(chosen.id);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.finder}>
      <div className={classes.field}>
        <IconSearch size={17} stroke={1.7} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          className={classes.input}
          aria-label={label}
          aria-expanded={items.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={activeId}
          placeholder={label}
          autoComplete="off"
          spellCheck={false}
          maxLength={120}
          data-autofocus
          value={typed}
          onChange={(event) => onTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {isSearching && <Loader size={14} aria-hidden="true" />}
      </div>
      {items.length === 0 && !isSearching && (
        <p className={classes.nothing} role="status">
          Nothing matches “{typed.trim()}”
        </p>
      )}
      <div id={listId} role="listbox" aria-label={label} className={classes.list}>
        {groups
          .filter((group) => group.items.length > 0)
          .map((group) => (
            <div key={group.label} role="group" aria-label={group.label}>
              <div className={classes.heading} aria-hidden="true">
                {group.label}
              </div>
              {group.items.map((item) => (
                <Option
                  key={item.id}
                  id={optionId(item)}
                  item={item}
                  isMarked={item === chosen}
                  onMark={() => setMarked({ typed, index: items.indexOf(item) })}
                  onChoose={() => onChoose(item.id)}
                />
              ))}
            </div>
          ))}
      </div>
      {footer && <div className={classes.footer}>{footer}</div>}
    </div>
  );
}

interface OptionProps {
  id: string;
  item: FinderItem;
  isMarked: boolean;
  onMark: () => void;
  onChoose: () => void;
}

function Option({ id, item, isMarked, onMark, onChoose }: OptionProps) {
  return (
    // The field has the keyboard; a press here must not take the cursor out of it.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isMarked}
      className={classes.option}
      onPointerMove={isMarked ? undefined : onMark}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {item.icon}
      <span className={classes.text}>
        <span>{item.label}</span>
        {item.detail && <small>{item.detail}</small>}
      </span>
      {item.isCurrent && <IconCheck size={15} role="img" aria-label="Here now" />}
    </div>
  );
}
