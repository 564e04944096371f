// Words and conditions of a mapping as one line that people type: "in=inbound, out=outbound, *=failed".
import type { Schemas } from "../../api/client";

type Rule = Schemas["MappingRule"];
type Words = NonNullable<Rule["words"]>;

const ELSE = "*";

export function wordsText({ words = [], otherwise }: Pick<Rule, "words" | "otherwise">): string {
  const pairs = words.map(({ from, to }) => `${from}=${to}`);
  return [...pairs, ...(otherwise == null ? [] : [`${ELSE}=${otherwise}`])].join(", ");
}

function pairsOf(text: string): [string, string][] {
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const at = part.lastIndexOf("=");
      return at < 0 ? [part.trim(), ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
}

export function wordsOf(text: string): { words: Words; otherwise: string | null } {
  const pairs = pairsOf(text);
  const otherwise = pairs.find(([from]) => from === ELSE)?.[1] ?? null;
  return { words: pairs.filter(([from]) => from !== ELSE).map(([from, to]) => ({ from, to })), otherwise };
}

export function conditionsText(when: Schemas["Mapping"]["when"] = []): string {
  return when.map(({ at, is }) => `${at}=${is}`).join(", ");
}

export function conditionsOf(text: string): NonNullable<Schemas["Mapping"]["when"]> {
  return pairsOf(text).map(([at, is]) => ({ at, is }));
}
