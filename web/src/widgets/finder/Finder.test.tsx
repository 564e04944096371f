import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { Finder } from "./Finder";

const NAMES = ["Harbor Dental", "Alpine Ski School", "Harbor Freight"];

function Example({ onChoose }: { onChoose: (id: string) => void }) {
  const [typed, setTyped] = useState("");
  const items = NAMES.filter((name) => name.toLowerCase().includes(typed.toLowerCase())).map((name) => ({
    id: name.replaceAll(" ", "-"),
    label: name,
    icon: null,
  }));
  return (
    <MantineProvider>
      <Finder
        label="Find"
        groups={[{ label: "Accounts", items }]}
        typed={typed}
        onTyped={setTyped}
        onChoose={onChoose}
      />
    </MantineProvider>
  );
}

function start() {
  const onChoose = vi.fn();
  render(<Example onChoose={onChoose} />);
  const field = screen.getByRole("combobox", { name: "Find" });
  const marked = () => screen.getByRole("option", { selected: true });
  return { user: userEvent.setup(), onChoose, field, marked };
}

it("chooses the first that matches with Enter", async () => {
  const { user, onChoose, field, marked } = start();
  await user.type(field, "alp");
  expect(marked().textContent).toBe("Alpine Ski School");
  expect(field.getAttribute("aria-activedescendant")).toBe(marked().id);
  await user.keyboard("{Enter}");
  expect(onChoose).toHaveBeenCalledExactlyOnceWith("Alpine-Ski-School");
});

it("goes up and down, and round at the ends", async () => {
  const { user, field, marked } = start();
  await user.type(field, "har{ArrowDown}");
  expect(marked().textContent).toBe("Harbor Freight");
  await user.keyboard("{ArrowDown}");
  expect(marked().textContent).toBe("Harbor Dental");
  await user.keyboard("{ArrowUp}");
  expect(marked().textContent).toBe("Harbor Freight");
});

it("begins anew when other words are typed", async () => {
  const { user, field, marked } = start();
  await user.type(field, "{ArrowDown}{ArrowDown}");
  expect(marked().textContent).toBe("Harbor Freight");
  await user.type(field, "harbor");
  expect(marked().textContent).toBe("Harbor Dental");
});

it("says so when nothing matches, and Enter does nothing", async () => {
  const { user, onChoose, field } = start();
  await user.type(field, "zebra{Enter}");
  expect(screen.getByRole("status").textContent).toBe("Nothing matches “zebra”");
  expect(onChoose).not.toHaveBeenCalled();
});

it("can be chosen from with a pointer", async () => {
  const { user, onChoose } = start();
  await user.click(screen.getByRole("option", { name: "Harbor Freight" }));
  expect(onChoose).toHaveBeenCalledExactlyOnceWith("Harbor-Freight");
});
