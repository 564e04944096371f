// api/openapi.yaml as a judge: every reply that a test sees is held to what is written there.

import { appendFileSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

import { inSource } from "./paths.ts";

interface Media {
  schema?: object;
}

interface Response {
  $ref?: string;
  content?: Record<string, Media>;
}

export interface Operation {
  operationId: string;
  parameters?: unknown[];
  requestBody?: unknown;
  responses: Record<string, Response>;
  security?: unknown[];
  "x-permission"?: string;
  "x-scope"?: string;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const DOCUMENT_ID = "openapi";
const PROBLEM = "application/problem+json";

export interface Described {
  method: string;
  path: string;
  operation: Operation;
}

export interface SeenReply {
  status: number;
  contentType: string | undefined;
  /** The decoded body of a JSON reply, the text of any other. */
  body: unknown;
}

const pointer = (...parts: string[]): string =>
  parts.map((part) => "/" + part.replaceAll("~", "~0").replaceAll("/", "~1")).join("");

export class Contract {
  readonly operations: readonly Described[];
  readonly #document: Document;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(file = inSource("api/openapi.yaml")) {
    this.#document = parse(readFileSync(file, "utf8")) as Document;
    this.operations = Object.entries(this.#document.paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
      }),
    );
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(this.#document, DOCUMENT_ID);
  }

  /** The operation that a request is of: a path's fixed parts win over its parameters. */
  find(method: string, path: string): Described | undefined {
    const parts = path.split("/");
    const fits = (template: string): boolean => {
      const wanted = template.split("/");
      return wanted.length === parts.length && wanted.every((part, i) => part.startsWith("{") || part === parts[i]);
    };
    return this.operations
      .filter((described) => described.method === method && fits(described.path))
      .sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
  }

  /** Throws unless `reply` is one that the description allows for `method path`. */
  verify(method: string, path: string, reply: SeenReply): void {
    const described = this.find(method, path);
    if (!described) {
      this.#verifyUnknown(method, path, reply);
      return;
    }
    const { operation } = described;
    recordSeen(operation.operationId);
    const at = `${method} ${described.path} → ${reply.status}`;
    const status = String(reply.status);
    const key = [status, `${status.charAt(0)}XX`, "default"].find((k) => k in operation.responses);
    if (key === undefined) throw new Error(`${at}: this status is not described`);
    const place = ["paths", described.path, method.toLowerCase(), "responses", key];
    const response = this.#follow(operation.responses[key], place);
    this.#verifyBody(at, response, reply);
  }

  #verifyUnknown(method: string, path: string, reply: SeenReply): void {
    if (reply.status === 404 || reply.status === 405) return;
    throw new Error(`${method} ${path} → ${reply.status}: no such operation is described`);
  }

  #follow(response: Response | undefined, place: string[]): { value: Response; place: string[] } {
    if (!response?.$ref) return { value: response ?? {}, place };
    const parts = response.$ref.replace("#/", "").split("/");
    const value = parts.reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], this.#document);
    return { value: value as Response, place: parts };
  }

  #verifyBody(at: string, response: { value: Response; place: string[] }, reply: SeenReply): void {
    const described = Object.keys(response.value.content ?? {});
    const type = reply.contentType?.split(";")[0]?.trim();
    if (described.length === 0) {
      if (reply.body !== "") throw new Error(`${at}: a body where none is described`);
      return;
    }
    if (type === undefined || !described.includes(type)) {
      throw new Error(`${at}: content type ${type ?? "none"}, described: ${described.join(", ")}`);
    }
    if (response.value.content?.[type]?.schema === undefined) return;
    const validate = this.#validator(pointer(...response.place, "content", type, "schema"));
    if (!validate(reply.body)) {
      const errors = (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ""}`);
      throw new Error(`${at}: ${errors.join("; ")}\n${JSON.stringify(reply.body, null, 2)}`);
    }
  }

  #validator(at: string): ValidateFunction {
    let validate = this.#validators.get(at);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `${DOCUMENT_ID}#${encodeURI(at)}` });
      this.#validators.set(at, validate);
    }
    return validate;
  }
}

let shared: Contract | undefined;

export function contract(): Contract {
  shared ??= new Contract();
  return shared;
}

export function isJson(contentType: string | undefined): boolean {
  return contentType?.startsWith("application/json") === true || isProblem(contentType);
}

export function isProblem(contentType: string | undefined): boolean {
  return contentType?.startsWith(PROBLEM) === true;
}

const seen = new Set<string>();

/** Notes for tests/run that some test met this operation. */
function recordSeen(operationId: string): void {
  const file = process.env["MB_TEST_SEEN"];
  if (!file || seen.has(operationId)) return;
  seen.add(operationId);
  appendFileSync(file, `${operationId}\n`);
}
