// What most test files want: a store with one agency, a server on it, its owner signed in; and in
// the end a clean stop, every invariant checked, and everything gone.

import { after } from "node:test";

import { Client, ok, type ClientOptions } from "./client.ts";
import { check, initAgency, Server, type Owner, type ServerOptions } from "./minutebank.ts";
import { addPlatformAdmin } from "./platform.ts";
import { freshStore, type Store, type StoreKind } from "./store.ts";

export interface AppOptions extends ServerOptions {
  /** Somebody of the platform's staff, who is in the store from the beginning. */
  staff?: Owner;
  store?: StoreKind;
  /** The agency's name. */
  agency?: string;
  /** Its owner's. */
  email?: string;
  /** The code of its plan. */
  plan?: string;
}

export class App {
  readonly store: Store;
  readonly owner: Owner;
  readonly #options: ServerOptions;
  readonly #clients: Client[] = [];
  #server: Server;

  private constructor(store: Store, owner: Owner, server: Server, options: ServerOptions) {
    this.store = store;
    this.owner = owner;
    this.#server = server;
    this.#options = options;
  }

  static async start({ store: kind, agency, email, plan, staff, ...options }: AppOptions = {}): Promise<App> {
    const store = await freshStore(kind);
    const owner = await initAgency(store, { agency, email, plan });
    if (staff) await addPlatformAdmin(store, staff);
    return new App(store, owner, await Server.start(store, options), options);
  }

  get server(): Server {
    return this.#server;
  }

  get url(): string {
    return this.#server.url;
  }

  client(options: ClientOptions = {}): Client {
    const client = new Client(this.url, options);
    this.#clients.push(client);
    return client;
  }

  /** A client signed in as the owner. */
  async ownerClient(): Promise<Client> {
    return this.client().login(this.owner);
  }

  /** A machine's client with an API key of these scopes. */
  async machineClient(scopes: string[]): Promise<Client> {
    const owner = await this.ownerClient();
    const key = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: scopes.join(" "), scopes }));
    return this.client({ key: key.secret });
  }

  /** Kills the server as a power cut would, checks what is in the store, and starts another on it. */
  async crash(): Promise<void> {
    await this.#server.kill();
    this.#letGo();
    await check(this.store);
    this.#server = await Server.start(this.store, this.#options);
  }

  async restart(): Promise<void> {
    this.#letGo();
    await this.#server.stop();
    this.#server = await Server.start(this.store, this.#options);
  }

  async finish(): Promise<void> {
    this.#letGo();
    try {
      await this.#server.stop();
      await check(this.store);
    } finally {
      await this.store.drop();
    }
  }

  #letGo(): void {
    for (const client of this.#clients.splice(0)) client.close();
  }
}

/** An `App` for the test file that calls this at its top; finished and checked after its last test. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const app = await App.start(options);
  after(() => app.finish());
  return app;
}
