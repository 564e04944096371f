// The one typed client of the API, and the one kind of error that it throws.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

export const client = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin" });

/** What the server answered instead of what was asked for; `status` 0 means that it did not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly requestId: string | null;
  /** When trying again is worth it, where the server says so. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem?: Partial<Schemas["Problem"]>, retryAfterSeconds: number | null = null) {
    super(problem?.detail ?? "The server's answer could not be read.");
    this.name = "ApiError";
    this.status = status;
    this.code = problem?.code ?? "unreadable_answer";
    this.fields = Object.fromEntries((problem?.errors ?? []).map((error) => [error.field, error.detail]));
    this.requestId = problem?.request_id ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Reply<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of a reply; throws ApiError for any other outcome, a dead connection included. */
export async function unwrap<Data>(call: Promise<Reply<Data>>): Promise<NonNullable<Data>> {
  const reply = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, {
      code: "offline",
      detail: "The server cannot be reached. Check the connection and try again.",
    });
  });
  if (!reply.response.ok) throw new ApiError(reply.response.status, asProblem(reply.error), retryAfter(reply.response));
  return reply.data as NonNullable<Data>;
}

function asProblem(body: unknown): Partial<Schemas["Problem"]> | undefined {
  return typeof body === "object" && body !== null && "code" in body ? (body as Schemas["Problem"]) : undefined;
}

function retryAfter({ headers }: Response): number | null {
  const seconds = Number(headers.get("Retry-After"));
  return seconds > 0 ? seconds : null;
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}
