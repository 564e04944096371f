import { Text, Textarea } from "@mantine/core";

const NOTE_MAX = 150;

/** As the server counts: characters, not the halves that some are made of. */
function noteLength(note: string): number {
  return Array.from(note.trim()).length;
}

export function isNoteTooLong(note: string): boolean {
  return noteLength(note) > NOTE_MAX;
}

interface SuspensionNoteProps {
  /** Of one account, or of many. */
  whose: "its" | "their";
  value: string;
  onChange: (note: string) => void;
  error?: string | undefined;
}

/** What the people of a suspended account read. */
export function SuspensionNote({ whose, value, onChange, error }: SuspensionNoteProps) {
  return (
    <>
      <Textarea
        data-autofocus
        label={`Note to ${whose} people`}
        description="They see it on every page of the account. Leave it empty to say nothing."
        placeholder="Invoice 1042 is overdue."
        autosize
        minRows={2}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={isNoteTooLong(value) ? `At most ${NOTE_MAX} characters` : error}
      />
      <Text size="xs" c="dimmed" ta="right" mt={-10} aria-live="polite">
        {noteLength(value)} of {NOTE_MAX} characters
      </Text>
    </>
  );
}
