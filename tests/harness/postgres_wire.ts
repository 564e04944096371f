// How messages stand on PostgreSQL's wire (PostgreSQL's documentation, "Frontend/Backend Protocol").

export type Sender = "client" | "server";

export interface Message {
  /** Its letter; none for what opens a link. */
  type: string;
  /** As it came, all of it. */
  bytes: Buffer;
}

const LENGTH_BYTES = 4;

/** Puts the bytes of one direction of a link together to messages. */
export class Framing {
  #pending: Buffer = Buffer.alloc(0);
  /** What a client opens a link with has a length and no letter. */
  #hasLetters: boolean;

  constructor(sender: Sender) {
    this.#hasLetters = sender === "server";
  }

  /** The messages that are whole with these bytes. */
  take(bytes: Buffer): Message[] {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    const messages: Message[] = [];
    for (let next = this.#next(); next; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): Message | undefined {
    const letters = this.#hasLetters ? 1 : 0;
    if (this.#pending.length < letters + LENGTH_BYTES) return undefined;
    const end = letters + this.#pending.readInt32BE(letters);
    if (this.#pending.length < end) return undefined;
    const message = { type: this.#pending.toString("latin1", 0, letters), bytes: this.#pending.subarray(0, end) };
    this.#pending = this.#pending.subarray(end);
    this.#hasLetters = true;
    return message;
  }
}
