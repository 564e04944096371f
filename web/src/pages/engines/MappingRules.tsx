import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Schemas } from "../../api/client";
import { wordsOf, wordsText } from "./mappingText";
import { useState } from "react";
import classes from "./MappingDialog.module.css";

type Rule = Schemas["MappingRule"];

const FIELDS: Schemas["MappingField"][] = [
  ...(["id", "key", "subaccount", "direction", "status", "tier", "started_at", "answered_at", "ended_at"] as const),
  ...(["duration_seconds", "from", "to", "agent", "campaign", "project", "contact", "outcome", "sentiment"] as const),
  ...(["summary", "recording_url", "reservation", "source"] as const),
];
const FORMS: Schemas["MappingForm"][] = [
  ...(["text", "seconds", "milliseconds", "minutes", "time", "epoch_seconds", "epoch_milliseconds"] as const),
  ...(["mail_time", "local_time"] as const),
];
const USUAL = { value: "", label: "usual form" };

interface MappingRulesProps {
  rules: Rule[];
  onChange: (rules: Rule[]) => void;
}

/** One line for each rule: the field, where its value is, in which form, and what words mean. */
export function MappingRules({ rules, onChange }: MappingRulesProps) {
  const set = (i: number, rule: Rule) => onChange(rules.map((one, at) => (at === i ? rule : one)));
  return (
    <Stack gap={6} role="group" aria-label="Rules">
      <Text size="xs" c="dimmed">
        A value begins with / where it is a pointer into the payload, else it is always the same. The first rule of a
        field that finds something counts; words read in=inbound, *=outbound.
      </Text>
      {rules.map((rule, i) => (
        <RuleLine
          key={i}
          rule={rule}
          name={`Rule ${i + 1}`}
          onChange={(changed) => set(i, changed)}
          onRemove={() => onChange(rules.filter((_, at) => at !== i))}
        />
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...rules, { field: "key", at: "/" }])}
      >
        Add a rule
      </Button>
    </Stack>
  );
}

interface RuleLineProps {
  rule: Rule;
  name: string;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function RuleLine({ rule, name, onChange, onRemove }: RuleLineProps) {
  const [words, setWords] = useState(wordsText(rule));
  const place = rule.at ?? rule.value ?? "";
  return (
    <Group className={classes.rule} gap={6} wrap="wrap" role="group" aria-label={name}>
      <NativeSelect
        size="xs"
        w={152}
        aria-label="Field"
        data={FIELDS}
        value={rule.field}
        onChange={(event) => onChange({ ...rule, field: event.currentTarget.value as Schemas["MappingField"] })}
      />
      <TextInput
        size="xs"
        flex="1 1 120px"
        aria-label="Value"
        maxLength={200}
        value={place}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange({ ...rule, ...(text.startsWith("/") ? { at: text, value: null } : { at: null, value: text }) });
        }}
      />
      <NativeSelect
        size="xs"
        w={118}
        aria-label="Form"
        data={[USUAL, ...FORMS]}
        value={rule.as ?? ""}
        onChange={(event) => {
          const as = event.currentTarget.value;
          onChange({ ...rule, as: as === "" ? null : (as as Schemas["MappingForm"]) });
        }}
      />
      <TextInput
        size="xs"
        flex="1 1 90px"
        aria-label="Words"
        placeholder="words"
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          onChange({ ...rule, ...wordsOf(event.currentTarget.value) });
        }}
      />
      <ActionIcon size={30} aria-label={`Remove ${name.toLowerCase()}, ${rule.field}`} onClick={onRemove}>
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  );
}
