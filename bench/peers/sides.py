"""What does the work: each side takes the same lines by its own way in, and in the end is held to what must have come of them.

A side has `title`, `leaves_out`, and `run(workload)`, which returns the seconds from the first line sent until the last one is
durable, and the processor time of its servers. Preparing requests and reading answers' details are not in the time of any.
"""
import concurrent.futures
import json
import re
import subprocess
import time

from machine import ROOT, Client, Postgres, Server, cpu_seconds, drop_sqlite, output, spawn
from workload import batches

CONNECTIONS = 4


class Failure(Exception):
    """A side did not come to the end that it must."""


def must_agree(side, what, seen, wanted):
    if seen != wanted:
        raise Failure(f"{side.title}: {what}: {seen}, not {wanted}")


def in_parallel(work, batches_n):
    """Every connection takes every n-th batch. A batch that comes again meets the first on another connection, perhaps."""
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        began = time.perf_counter()
        done = list(pool.map(work, (range(i, batches_n, CONNECTIONS) for i in range(CONNECTIONS))))
        return time.perf_counter() - began, done


class Minutebank:
    """Over HTTP, 1,000 calls a request: deduplicated, rated, charged by double entry, added to usage."""
    title, batch = "Minutebank", 1_000
    leaves_out = "nothing; also rates each debit at the price of its time, earns the agency its profit, keeps hours and periods"

    def __init__(self, scratch, binary, store=None):
        self.scratch, self.binary, self.store = scratch, binary, store

    def run(self, workload):
        store = self.store or self.scratch.sqlite_store()
        server = Server(self.scratch, self.binary, store)
        try:
            accounts = server.add_accounts(workload.wallets)
            for seconds in set(workload.funded):
                server.sell([account for account, funds in zip(accounts, workload.funded) if funds == seconds], seconds)
            began = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime())
            bodies = [self.body(batch, accounts, began) for batch in batches(workload, self.batch)]
            before = cpu_seconds(server.process.pid)
            took, counts = in_parallel(lambda turn: self.send(server, bodies, turn), len(bodies))
            spent = cpu_seconds(server.process.pid) - before
            self.judge(server, accounts, workload, [sum(column) for column in zip(*counts)])
        finally:
            server.stop()
            self.scratch.running.remove(server)
        if self.store is None:
            drop_sqlite(store)
        return took, spent

    @staticmethod
    def body(batch, accounts, began):
        return ("[" + ",".join(
            f'{{"id":"{number}","subaccount":"{accounts[wallet]}","tier":"premium","direction":"outbound",'
            f'"status":"completed","started_at":"{began}","duration_seconds":{seconds}}}'
            for number, wallet, seconds in batch) + "]").encode()

    @staticmethod
    def send(server, bodies, turn):
        headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
        client, counts = Client(server.address, headers), [0, 0, 0]
        for i in turn:
            client.connection.request("POST", "/v1/calls", bodies[i], headers)
            reply = client.connection.getresponse()
            text = reply.read()
            head = re.match(rb'\{"accepted":(\d+),"duplicates":(\d+),"rejected":(\d+)', text)
            if reply.status >= 300 or head is None:
                raise Failure(f"POST /v1/calls: {reply.status} {text[:300]!r}")
            counts = [sum(pair) for pair in zip(counts, map(int, head.groups()))]
        client.close()
        return counts

    def judge(self, server, accounts, workload, counts):
        must_agree(self, "debits, replays, conflicts", counts, [workload.debits, workload.replays, workload.conflicts])
        left, cursor = {}, ""
        owner = server.client()  # the first connection was idle for as long as the run took
        while cursor is not None:
            page = owner.send("GET", f"/v1/subaccounts?kind=secondary&limit=500{cursor}")
            left |= {one["id"]: one["wallet"]["premium_seconds"] for one in page["data"]}
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        must_agree(self, "wallets", [left[account] for account in accounts], workload.left)


class SetBasedPostgres:
    """What a careful hand writes when this is all that is wanted: one statement for 8,000 debits."""
    title, batch = "PostgreSQL, one statement for 8,000", 8_000
    leaves_out = "double entry beyond one counter account, prices, usage, history of balances, who may, HTTP"
    SCHEMA = """
        CREATE TABLE wallets (id int PRIMARY KEY, seconds bigint NOT NULL) WITH (fillfactor = 50);
        CREATE TABLE debits (id bigint PRIMARY KEY, wallet int NOT NULL, seconds bigint NOT NULL);
        CREATE FUNCTION debit(ids bigint[], wallet_ids int[], amounts bigint[]) RETURNS text LANGUAGE sql AS $$
            WITH lines AS MATERIALIZED (SELECT * FROM unnest(ids, wallet_ids, amounts) AS l (id, wallet, seconds)),
            known AS MATERIALIZED (SELECT d.* FROM lines l JOIN debits d USING (id)),
            made AS (INSERT INTO debits SELECT DISTINCT ON (id) * FROM lines ORDER BY id
                     ON CONFLICT (id) DO NOTHING RETURNING *),
            sums AS (SELECT wallet, sum(seconds) AS seconds FROM made GROUP BY wallet
                     UNION ALL SELECT -1, -sum(seconds) FROM made HAVING count(*) > 0),
            paid AS (UPDATE wallets w SET seconds = w.seconds - s.seconds FROM sums s WHERE w.id = s.wallet)
            SELECT (SELECT count(*) FROM made) || ' ' || count(*) FILTER (WHERE l.seconds <> f.seconds)
            FROM lines l JOIN (SELECT * FROM known UNION SELECT * FROM made) f USING (id)
        $$;
    """

    def __init__(self, scratch):
        self.cluster = Postgres(scratch)

    def run(self, workload):
        store = self.cluster.new_store()
        database = store.rsplit("/", 1)[1]
        self.cluster.sql(self.SCHEMA, database)
        funds = ",".join(map(str, [*workload.funded, 0]))
        self.cluster.sql(f"INSERT INTO wallets SELECT CASE WHEN n > {workload.wallets} THEN -1 ELSE n - 1 END, seconds"
                         f" FROM unnest('{{{funds}}}'::bigint[]) WITH ORDINALITY AS f (seconds, n)", database)
        statements = [self.statement(batch) for batch in batches(workload, self.batch)]
        before = cpu_seconds(self.cluster.process.pid)
        began = time.perf_counter()
        made, conflicts = self.send(database, statements)
        took, spent = time.perf_counter() - began, cpu_seconds(self.cluster.process.pid) - before
        must_agree(self, "debits, conflicts", [made, conflicts], [workload.debits, workload.conflicts])
        left = self.cluster.sql("SELECT seconds FROM wallets WHERE id >= 0 ORDER BY id", database).split()
        must_agree(self, "wallets", list(map(int, left)), workload.left)
        self.cluster.drop(store)
        return took, spent

    @staticmethod
    def statement(batch):
        columns = ",".join(f"'{{{','.join(map(str, column))}}}'" for column in zip(*batch))
        return f"SELECT debit({columns});\n"

    def send(self, database, statements):
        """One connection: two would wait for each other's counter account."""
        client = spawn(["/usr/lib/postgresql/15/bin/psql", *self.cluster.where(), "-d", database, "-Atq",
                        "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        made = conflicts = 0
        for statement in statements:
            client.stdin.write(statement)
            client.stdin.flush()
            numbers = client.stdout.readline().split()
            made, conflicts = made + int(numbers[0]), conflicts + int(numbers[1])
        client.stdin.close()
        client.wait()
        return made, conflicts


class TigerBeetle:
    """One that runs already, by its own client: 8,189 transfers a batch, as many as a message takes."""
    title, batch = "TigerBeetle", 8_189
    leaves_out = "prices, usage, names, who may, HTTP; replication is off, as it is on the other sides"

    def __init__(self, scratch, address):
        self.scratch, self.address = scratch, address

    def run(self, workload):
        plan = self.scratch.path("tigerbeetle.json")
        plan.write_text(json.dumps({"address": self.address, "path": workload.path, "funded": workload.funded,
                                    "batch": self.batch}))
        said = json.loads(output("node", ROOT / "bench" / "peers" / "tigerbeetle.mjs", plan))
        must_agree(self, "debits, replays, conflicts", [said["made"], said["replays"], said["conflicts"]],
                   [workload.debits, workload.replays, workload.conflicts])
        must_agree(self, "wallets", said["left"], workload.left)
        return said["seconds"], None
