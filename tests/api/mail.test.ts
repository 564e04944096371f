// Mail, against a real server: what arrives, what becomes of it when it does not, and that no request waits for it.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { App, startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { certificate, logged, MailServer, secretFile, tokenIn, type Mail, type Verdict } from "../harness/mail.ts";
import { invite, type Invitation } from "../harness/people.ts";
import { addSubaccount } from "../harness/scene.ts";

const PASSWORD = "quiet lamps by the river";
const USER = "northwind";
const SMTP_PASSWORD = "letters over the water";
const RETRY_SECONDS = 60; // more than the first wait, whatever its jitter

const tls = await certificate();
const password = await secretFile(SMTP_PASSWORD);
const post = await MailServer.start({ user: USER, password: SMTP_PASSWORD }, tls);
after(async () => {
  await post.stop();
  await Promise.all([tls.remove(), password.remove()]);
});

const app = await startApp({
  args: [
    ...["--test-clock", "--smtp-url", `smtp://localhost:${post.port}`, "--smtp-ca-file", tls.file],
    ...["--smtp-user", USER, "--smtp-password-file", password.file],
    ...["--mail-from", "Minutes <mail@minutes.example>"],
  ],
});
const owner = await app.ownerClient();
const harbor = await addSubaccount(owner, "Harbor Dental");

const advance = async (of: App, advance_seconds: number): Promise<unknown> =>
  ok(await of.client().post("/v1/test/clock", { advance_seconds }));
const preview = (token: string, of: App = app): Promise<Reply> =>
  of.client().post("/v1/invitations/preview", { token });
const resend = async ({ id }: Invitation): Promise<Invitation> =>
  ok(await owner.post<Invitation>(`/v1/invitations/${id}/resend`));

/** How the mail of a pending invitation stands in the list. */
async function standing({ id }: Invitation): Promise<Invitation["mail"] | undefined> {
  const { data } = ok(await owner.get<{ data: Invitation[] }>("/v1/invitations?limit=500"));
  return data.find((one) => one.id === id)?.mail;
}

async function figure(of: App, name: string): Promise<number> {
  const { body } = await of.client().get<string>("/metrics");
  const value = new RegExp(`^${name} (\\d+)$`, "m").exec(body)?.[1];
  assert.ok(value, `${name} is not measured`);
  return Number(value);
}

/** Answers one step to one address like this, as long as the test has not let go of it. */
function answer(step: string, address: string, verdict: Verdict | Promise<Verdict>): () => void {
  const before = post.verdict;
  post.verdict = (at, to) => (`${at} ${to}` === `${step} ${address}` ? verdict : before(at, to));
  return () => {
    post.verdict = before;
  };
}

test("an invitation arrives, signed in and over TLS, with a link that works", async () => {
  const invitation = await invite(owner, "Grace@Northwind.example", "subaccount_admin", [harbor.id]);
  assert.deepEqual([invitation.link, invitation.mail], [undefined, { state: "waiting", error: null }]);
  const mail = await post.arrival("Grace@northwind.example");
  assert.deepEqual([mail.from, mail.to], ["mail@minutes.example", ["Grace@northwind.example"]]);
  assert.deepEqual([mail.isSecure, mail.user], [true, USER]);

  const header = (name: string): string | undefined => mail.headers.get(name);
  assert.equal(header("from"), '"Minutes" <mail@minutes.example>');
  assert.equal(header("to"), "<Grace@northwind.example>");
  assert.equal(header("subject"), "owner invites you to Northwind Voice");
  assert.equal(header("auto-submitted"), "auto-generated");
  assert.match(header("message-id") ?? "", /^<mail_\w{13}\.1@minutes\.example>$/);
  assert.match(header("date") ?? "", /^\w{3}, \d{1,2} \w{3} 20\d\d \d\d:\d\d:\d\d \+0000$/);

  const link = `${app.url}/accept#token=${tokenIn(mail)}`;
  for (const part of ["owner invites you to join Northwind Voice as Sub-account Admin.", "Harbor Dental", link]) {
    assert.ok(mail.text.includes(part), mail.text);
    assert.ok(mail.html.includes(part), mail.html);
  }
  assert.equal((ok(await preview(tokenIn(mail))) as { email: string }).email, "Grace@Northwind.example");
  await logged(app.server, /event=mail_sent .*template=invitation tries=1/);
  assert.deepEqual(await standing(invitation), { state: "sent", error: null });
  const body = { token: tokenIn(mail), name: "Grace Hopper", password: PASSWORD };
  ok(await app.client().post("/v1/invitations/accept", body));
});

test("the agency says that mail is sent", async () => {
  assert.equal(ok(await owner.get<{ sends_mail: boolean }>("/v1/agency")).sends_mail, true);
  assert.equal(ok(await owner.get<{ agency: { sends_mail: boolean } }>("/v1/me")).agency.sends_mail, true);
});

test("a repeated request sends nothing twice", async () => {
  const send = { headers: { "idempotency-key": "once" } };
  const body = { email: "once@northwind.example", role: "agency_admin" };
  const first = ok(await owner.post("/v1/invitations", body, send));
  assert.deepEqual(ok(await owner.post("/v1/invitations", body, send)), first);
  await post.arrival("once@northwind.example");
  await invite(owner, "after.once@northwind.example", "agency_admin");
  await post.arrival("after.once@northwind.example");
  assert.equal(post.sentTo("once@northwind.example").length, 1);
});

test("names in every alphabet arrive, and become neither header nor markup", async () => {
  const name = `Zoë "Bcc: x@example.com" <b>日本</b> =?UTF-8?B?eA==?=`;
  const branding = { name: `Nörd & Søn </title><script>`, colour: "#ffe066" };
  ok(await owner.patch("/v1/me", { name }));
  ok(await owner.patch("/v1/agency", { branding }));
  await invite(owner, "names@northwind.example", "agency_admin");
  const mail = await post.arrival("names@northwind.example");
  assert.equal(mail.headers.get("subject"), `${name} invites you to ${branding.name}`);
  assert.ok(!mail.headers.has("bcc"));
  assert.ok(mail.text.includes(`${name} invites you to join ${branding.name} as Agency Admin.`));
  assert.ok(!/<script|<b>/.test(mail.html), mail.html);
  assert.ok(mail.html.includes("Zoë &quot;Bcc: x@example.com&quot; &lt;b&gt;日本"), mail.html);
  assert.ok(mail.html.includes("background:#ffe066;color:#000000"), mail.html);
  ok(await owner.patch("/v1/me", { name: "owner" }));
  ok(await owner.patch("/v1/agency", { branding: { name: null, colour: null } }));
});

test("sending again makes a new link, and the old one dies at once", async () => {
  const invitation = await invite(owner, "twice@northwind.example", "agency_admin");
  const first = tokenIn(await post.arrival("twice@northwind.example"));
  ok(await preview(first));
  const again = await resend(invitation);
  assert.equal(again.link, undefined);
  refused(await preview(first), 404, "invitation_not_found");
  const second = tokenIn(await post.arrival("twice@northwind.example", 2));
  ok(await preview(second));
});

test("greylisted mail arrives later, with a link of its own", async () => {
  const address = "grey@northwind.example";
  const letThrough = answer("rcpt", address, { code: 451, text: `4.7.1 <${address}> try later` });
  const invitation = await invite(owner, address, "agency_admin");
  await logged(app.server, /event=mail_put_off .*template=invitation tries=1 why="451 4.7.1 \[...\] try later"/);
  assert.deepEqual(await standing(invitation), { state: "waiting", error: "451 4.7.1 [...] try later" });
  letThrough();
  await advance(app, RETRY_SECONDS);
  ok(await preview(tokenIn(await post.arrival(address))));
  assert.match(post.sentTo(address)[0]?.headers.get("message-id") ?? "", /\.2@minutes\.example>$/);
});

test("what is sent again before the first mail went out is sent once", async () => {
  const address = "impatient@northwind.example";
  const letThrough = answer("rcpt", address, { code: 450, text: "not now" });
  const invitation = await invite(owner, address, "agency_admin");
  await post.begun(`rcpt ${address}`);
  await resend(invitation);
  await post.begun(`rcpt ${address}`, 2);
  letThrough();
  await advance(app, RETRY_SECONDS);
  ok(await preview(tokenIn(await post.arrival(address))));
  await invite(owner, "after.impatient@northwind.example", "agency_admin");
  await advance(app, RETRY_SECONDS);
  await post.arrival("after.impatient@northwind.example");
  assert.equal(post.sentTo(address).length, 1);
});

test("an invitation that was taken back meanwhile is not sent", async () => {
  const address = "gone@northwind.example";
  const letThrough = answer("rcpt", address, { code: 451, text: "not now" });
  const dropped = await figure(app, "mb_outbox_dropped_total");
  const { id } = await invite(owner, address, "agency_admin");
  await post.begun(`rcpt ${address}`);
  assert.equal((await owner.delete(`/v1/invitations/${id}`)).status, 204);
  letThrough();
  await advance(app, RETRY_SECONDS);
  await invite(owner, "after.gone@northwind.example", "agency_admin");
  await post.arrival("after.gone@northwind.example");
  assert.equal(await figure(app, "mb_outbox_dropped_total"), dropped + 1);
  assert.deepEqual(post.sentTo(address), []);
});

for (const step of ["rcpt", "data"]) {
  test(`a refusal of ${step} is final, and told without the address`, async () => {
    const address = `${step}.refused@northwind.example`;
    const failed = await figure(app, "mb_outbox_failed_total");
    const letThrough = answer(step, address, { code: 550, text: `5.1.1 ${step} <${address}> no such user` });
    const invitation = await invite(owner, address, "agency_admin");
    await logged(app.server, new RegExp(`event=mail_failed .*tries=1 why="550 5.1.1 ${step} \\[...\\] no such user"`));
    assert.deepEqual(await standing(invitation), { state: "failed", error: `550 5.1.1 ${step} [...] no such user` });
    letThrough();
    await advance(app, 3 * 3600);
    await invite(owner, `after.${address}`, "agency_admin");
    await post.arrival(`after.${address}`);
    assert.deepEqual(post.sentTo(address), []);
    assert.equal(await figure(app, "mb_outbox_failed_total"), failed + 1);
    assert.ok(!app.server.logs.includes(address));
    const row = await app.store.query(
      `SELECT last_error FROM outbox WHERE state = 'failed' ORDER BY settled_at DESC LIMIT 1`,
    );
    assert.deepEqual(row[0]?.["last_error"], `550 5.1.1 ${step} [...] no such user`);
  });
}

test("both are told of a transfer of ownership", async () => {
  const heir = app.client();
  await invite(owner, "heir@northwind.example", "agency_admin");
  const token = tokenIn(await post.arrival("heir@northwind.example"));
  ok(await heir.post("/v1/invitations/accept", { token, name: "Hedy Lamarr", password: PASSWORD }));
  const { user } = ok(await heir.get<{ user: { id: string } }>("/v1/me"));
  ok(await owner.post("/v1/agency/transfer_ownership", { user_id: user.id, password: app.owner.password }));
  const toHeir = await post.arrival("heir@northwind.example", 1, /^You are now the owner of Northwind Voice$/);
  assert.ok(toHeir.text.includes("owner handed Northwind Voice over to you"), toHeir.text);
  const toOwner = await post.arrival(app.owner.email, 1, /^Hedy Lamarr is now the owner of Northwind Voice$/);
  assert.ok(toOwner.text.includes("You handed Northwind Voice over to Hedy Lamarr"), toOwner.text);
  const { user: before } = ok(await owner.get<{ user: { id: string } }>("/v1/me"));
  ok(await heir.post("/v1/agency/transfer_ownership", { user_id: before.id, password: PASSWORD }));
  await post.arrival(app.owner.email, 1, /^You are now the owner of Northwind Voice$/);
});

test("no request waits for a mail server that is slow", async () => {
  const address = "slow@northwind.example";
  let release: (verdict: Verdict) => void = () => undefined;
  const letThrough = answer("data", address, new Promise((done) => (release = done)));
  await invite(owner, address, "agency_admin");
  await post.begun(`data ${address}`);
  // The mail server has the mail and says nothing; all else goes on.
  await invite(owner, "meanwhile@northwind.example", "agency_admin");
  ok(await owner.get("/v1/users"));
  assert.deepEqual(post.sentTo(address), []);
  assert.ok((await figure(app, "mb_outbox_waiting")) >= 1);
  release(undefined);
  letThrough();
  await post.arrival(address);
  await post.arrival("meanwhile@northwind.example");
});

test("nothing of a token is in the store or the log", async () => {
  assert.ok(post.mails.length > 0);
  const rows = await app.store.query("SELECT * FROM outbox");
  const kept = JSON.stringify(rows, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  for (const mail of post.mails.filter(({ text }) => text.includes("#token="))) {
    assert.ok(!kept.includes(tokenIn(mail)));
    assert.ok(!app.server.logs.includes(tokenIn(mail)));
  }
  assert.ok(!app.server.logs.includes(SMTP_PASSWORD));
});

// --- what goes wrong with the server itself ---

interface Scene {
  app: App;
  owner: Client;
}

async function scene(args: string[]): Promise<Scene> {
  const own = await App.start({ args: ["--test-clock", "--mail-from", "mail@minutes.example", ...args] });
  return { app: own, owner: await own.ownerClient() };
}

/** A test with an app of its own, which is finished and checked whatever happens. */
function alone(
  name: string,
  args: (server: MailServer) => string[],
  run: (s: Scene, server: MailServer) => Promise<void>,
) {
  test(name, async () => {
    const server = await MailServer.start({}, tls);
    const own = await scene(args(server));
    try {
      await run(own, server);
    } finally {
      await own.app.finish();
      await server.stop();
    }
  });
}

const local = ({ port }: MailServer): string[] => ["--smtp-url", `smtp://127.0.0.1:${port}`];

alone("without a name of its own mail comes from the agency", local, async (own, server) => {
  await invite(own.owner, "grace@example.com", "agency_admin");
  const mail: Mail = await server.arrival("grace@example.com");
  assert.equal(mail.headers.get("from"), '"Northwind Voice" <mail@minutes.example>');
  assert.equal(mail.isSecure, true, "TLS where it is offered, also on this machine");
});

alone(
  "a server that stalls is left after the time-out, and the mail goes out later",
  (server) => [...local(server), "--smtp-timeout", "1"],
  async (own, server) => {
    server.verdict = (step) => (step === "rcpt" ? new Promise(() => undefined) : undefined);
    await invite(own.owner, "grace@example.com", "agency_admin");
    await logged(own.app.server, /event=mail_put_off .*tries=1 why=".*timed out/i);
    server.verdict = () => undefined;
    await advance(own.app, RETRY_SECONDS);
    ok(await preview(tokenIn(await server.arrival("grace@example.com")), own.app));
  },
);

alone("mail waits for a server that refuses connections", local, async (own, server) => {
  await server.stop();
  await invite(own.owner, "grace@example.com", "agency_admin");
  await logged(own.app.server, /event=mail_put_off .*tries=1 why=/);
  const back = await MailServer.start({ port: server.port }, tls);
  try {
    await advance(own.app, RETRY_SECONDS);
    ok(await preview(tokenIn(await back.arrival("grace@example.com")), own.app));
  } finally {
    await back.stop();
  }
});

alone("a server that is full at its door is tried again", local, async (own, server) => {
  server.verdict = (step) => (step === "connect" ? { code: 554, text: "no service here" } : undefined);
  await invite(own.owner, "grace@example.com", "agency_admin");
  await logged(own.app.server, /event=mail_put_off .*tries=1 why=/);
  server.verdict = () => undefined;
  await advance(own.app, RETRY_SECONDS);
  await server.arrival("grace@example.com");
});

alone("kill -9 while a mail is being sent: it goes out when the lease has run out", local, async (own, server) => {
  const held: Promise<Verdict> = new Promise(() => undefined);
  server.verdict = (step) => (step === "data" ? held : undefined);
  await invite(own.owner, "grace@example.com", "agency_admin");
  await invite(own.owner, "next@example.com", "agency_admin");
  await server.begun("data grace@example.com");
  await own.app.crash();
  server.verdict = () => undefined;
  // Nobody had begun to send the second.
  ok(await preview(tokenIn(await server.arrival("next@example.com")), own.app));
  assert.deepEqual(server.sentTo("grace@example.com"), []);
  await advance(own.app, 600);
  ok(await preview(tokenIn(await server.arrival("grace@example.com")), own.app));
});

alone("a mail that a restart broke off goes out right after it", local, async (own, server) => {
  server.verdict = (step) => (step === "data" ? new Promise(() => undefined) : undefined);
  await invite(own.owner, "grace@example.com", "agency_admin");
  await server.begun("data grace@example.com");
  const restarted = own.app.restart();
  server.verdict = () => undefined;
  await restarted;
  ok(await preview(tokenIn(await server.arrival("grace@example.com")), own.app));
});

test("a sign-in that the server refuses is put right by the operator, not the mail's end", async () => {
  const server = await MailServer.start({ user: USER, password: "another" }, tls);
  const own = await scene([...local(server), "--smtp-user", USER, "--smtp-password-file", password.file]);
  try {
    await invite(own.owner, "grace@example.com", "agency_admin");
    await logged(own.app.server, /event=mail_put_off .*tries=1 why=/);
    assert.deepEqual(server.mails, []);
    assert.equal(await figure(own.app, "mb_outbox_failed_total"), 0);
  } finally {
    await own.app.finish();
    await server.stop();
  }
});

const PLAIN: [string, (port: number) => string[], boolean][] = [
  ["elsewhere it is never sent without TLS", (port) => ["--smtp-url", `smtp://0.0.0.0:${port}`], false],
  ["but for --smtp-insecure", (port) => ["--smtp-url", `smtp://0.0.0.0:${port}`, "--smtp-insecure"], true],
  ["on this machine it may be", (port) => ["--smtp-url", `smtp://127.0.0.1:${port}`], true],
];
for (const [name, args, isSent] of PLAIN) {
  test(`mail and TLS: ${name}`, async () => {
    const server = await MailServer.start({ isPlain: true });
    const own = await scene(args(server.port));
    try {
      await invite(own.owner, "grace@example.com", "agency_admin");
      if (isSent) assert.equal((await server.arrival("grace@example.com")).isSecure, false);
      else await logged(own.app.server, /event=mail_put_off .*why=".*TLS/);
      assert.equal(server.mails.length, isSent ? 1 : 0);
      assert.equal(server.steps.includes("rcpt grace@example.com"), isSent);
    } finally {
      await own.app.finish();
      await server.stop();
    }
  });
}

const CERTIFICATES: [string, string, string[], boolean][] = [
  ["that nobody vouches for is refused", "0.0.0.0", [], false],
  ["that nobody vouches for does with --smtp-insecure", "0.0.0.0", ["--smtp-insecure"], true],
  ["for another name is refused", "0.0.0.0", ["--smtp-ca-file", tls.file], false],
  ["that --smtp-ca-file vouches for does", "localhost", ["--smtp-ca-file", tls.file], true],
];
for (const isImplicitTls of [false, true]) {
  for (const [name, host, args, isSent] of CERTIFICATES) {
    test(`${isImplicitTls ? "smtps" : "STARTTLS"}: a certificate ${name}`, async () => {
      const server = await MailServer.start({ isImplicitTls }, tls);
      const own = await scene(["--smtp-url", `smtp${isImplicitTls ? "s" : ""}://${host}:${server.port}`, ...args]);
      try {
        await invite(own.owner, "grace@example.com", "agency_admin");
        if (isSent) assert.equal((await server.arrival("grace@example.com")).isSecure, true);
        else await logged(own.app.server, /event=mail_put_off .*why=".*certificate/i);
        assert.equal(server.steps.includes("rcpt grace@example.com"), isSent);
      } finally {
        await own.app.finish();
        await server.stop();
      }
    });
  }
}

test("--dev-mail prints mail, with its link, and sends nothing", async () => {
  const own = await App.start({ args: ["--dev-mail"] });
  try {
    const client = await own.ownerClient();
    assert.equal(ok(await client.get<{ sends_mail: boolean }>("/v1/agency")).sends_mail, true);
    assert.equal((await invite(client, "grace@example.com", "agency_admin")).link, undefined);
    await logged(
      own.server,
      /event=dev_mail to=grace@example\.com subject="owner invites you to Northwind Voice" link=/,
    );
    const token = /event=dev_mail .*link="http:\/\/[\d.:]+\/accept#token=([\w-]{43})"/.exec(own.server.logs)?.[1];
    ok(await preview(token ?? "", own));
    assert.match(own.server.logs, /event=dev_mail_on/);
  } finally {
    await own.finish();
  }
});

test("without mail whoever invites gets the link, once", async () => {
  const own = await App.start();
  try {
    const client = await own.ownerClient();
    assert.equal(ok(await client.get<{ sends_mail: boolean }>("/v1/agency")).sends_mail, false);
    const invitation = await invite(client, "grace@example.com", "agency_admin");
    assert.equal(invitation.mail, null);
    assert.match(invitation.link ?? "", /\/accept#token=[\w-]{43}$/);
    assert.deepEqual(await own.store.query("SELECT id FROM outbox"), []);
  } finally {
    await own.finish();
  }
});
