// What each voice engine is called, and what its people have to do on its side.
import type { Schemas } from "../../api/client";

export type Engine = Schemas["Engine"];

interface Known {
  label: string;
  /** What its secret is on its side; null: it may have one, and sends it as a bearer. */
  secret: string | null;
  /** Where the URL goes. */
  guide: string;
}

export const ENGINES: Record<Engine, Known> = {
  vapi: {
    label: "Vapi",
    secret: "The server secret, the bearer token, or the key of an HMAC credential",
    guide: "Paste the URL as the server URL of the assistant, the phone number or the organization.",
  },
  retell: {
    label: "Retell",
    secret: "The API key that has the webhook badge",
    guide: "Paste the URL as the webhook of the account, or of an agent.",
  },
  twilio: {
    label: "Twilio",
    secret: "The auth token of the account",
    guide: "Paste the URL as the status callback of each number, or of the calls that you place.",
  },
  elevenlabs: {
    label: "ElevenLabs",
    secret: "The secret that is shown when the webhook is made",
    guide: "Make a webhook with the URL, and choose it as the post-call webhook of your agents.",
  },
  asterisk: {
    label: "Asterisk",
    secret: null,
    guide: "Post each line of Master.csv, with uniqueid, or the CDR as JSON, to the URL.",
  },
  cloudevents: {
    label: "CloudEvents",
    secret: null,
    guide: "Post events of type minutebank.call.recorded to the URL, one by one or in batches.",
  },
  generic: {
    label: "Another engine",
    secret: null,
    guide: "Have it post JSON to the URL when a call is over. The mapping says what is what.",
  },
};

export const ENGINE_CHOICES = (Object.keys(ENGINES) as Engine[]).map((value) => ({
  value,
  label: ENGINES[value].label,
}));

/** Where an engine of one's own begins. */
export const FIRST_MAPPING: Schemas["Mapping"] = {
  when: [],
  rules: [
    { field: "id", at: "/id" },
    { field: "direction", at: "/direction" },
    { field: "status", value: "completed" },
    { field: "started_at", at: "/started_at", as: "time" },
    { field: "duration_seconds", at: "/duration", as: "seconds" },
    { field: "key", at: "/to" },
  ],
};
