"""The measurements, each a row of the table: what it runs, what it is held against, which ratio is wanted.

A row that is held against a floor runs floor and server in turn, each time on a store of its own, and takes the
median of the rounds' ratios: what else the machine does meanwhile touches both.
"""
import contextlib
import json
import statistics
import threading
import time

from flood import FLOOD_CONNECTIONS, QUIET_A_SECOND, QUIET_CONNECTIONS, QUIET_OWNER, add_quiet_agency
from listening import Listeners
from machine import (OWNER, Agency, Client, Postgres, Server, build_tool, make_agency, cpu_seconds, drop_sqlite, memory_mb, output,
                     sync_rate)
from renewals import renewed
from signins import SignIns

ACCOUNTS = 50
FORM = 1_000  # calls in a batch
SPREAD = 1  # seconds over which calls that are reported together began
HOLDERS = 64  # connections that ask for calls and report them
HOLDS_A_SECOND = 2_000
MINUTES_ENOUGH = 100_000_000  # seconds
SIGN_INS = 50  # a second, beside charging
LISTENERS = 1_000
FLOOD_BEGINS_SECONDS = 1
AUTHORIZATION_ROUNDS = 21
PGBENCH_SCALE = 10
PGBENCH_CLIENTS = 8
SORTS = ("name", "email", "status", "created_at", "basic_seconds", "premium_seconds", "balance_usd",
         "minutes_used_seconds", "spent_usd", "billing_date")


class Bench:
    """What all rows share: the options, the tools, one PostgreSQL for those that want it."""

    def __init__(self, options, scratch, tools):
        self.options, self.scratch, self.tools = options, scratch, tools
        self.cluster, self.pgbench_is_ready = None, False

    def postgres(self):
        if self.cluster is None:
            self.cluster = Postgres(self.scratch)
        return self.cluster

    @contextlib.contextmanager
    def server(self, store, *arguments, is_new=True):
        server = Server(self.scratch, self.options.binary, store, *arguments, is_new=is_new)
        try:
            yield server
        finally:
            server.stop()
            self.scratch.running.remove(server)

    def bare(self, batch, spread=SPREAD):
        """SQLite alone."""
        store = self.scratch.sqlite_store()
        output(self.options.binary, "migrate", "--store", store)
        file = store.removeprefix("sqlite:")
        result = json.loads(output(self.tools["bare_sqlite"], file, batch, spread, self.options.seconds))
        drop_sqlite(store)
        return result["calls_per_second"], {"cpu_per_million": result["cpu_seconds"] / result["calls"] * 1e6}

    def load(self, server, accounts, connections, batch, spread=SPREAD, seconds=None, calls=None):
        """Calls over HTTP, and what they cost the server."""
        names = self.scratch.path("accounts")
        names.write_text("".join(f"{one}\n" for one in accounts))
        host, port = server.address.split(":")
        pids = [server.process.pid] + ([self.cluster.process.pid] if server.store.startswith("postgres") else [])
        before, seen = sum(map(cpu_seconds, pids)), server.metrics()
        result = json.loads(output(self.tools["http_load"], host, port, server.key, names, connections, batch, spread,
                                   seconds or self.options.seconds, calls or 2**62))
        after = server.metrics()
        grown = {key: after[f"mb_{key}"] - seen[f"mb_{key}"] for key in
                 ("writer_groups_total", "writer_commit_seconds_total", "writer_run_seconds_total")}
        millions = result["calls"] / 1e6
        return result["calls_per_second"], {
            "cpu_per_million": (sum(map(cpu_seconds, pids)) - before) / millions,
            "client_cpu_per_million": result["client_cpu_seconds"] / millions,
            "p50_ms": result["p50_ms"],
            "p99_ms": result["p99_ms"],
            "calls": result["calls"],
            "calls_per_commit": result["calls"] / grown["writer_groups_total"],
            "commit_share": grown["writer_commit_seconds_total"] / result["seconds"],
            "run_share": grown["writer_run_seconds_total"] / result["seconds"],
        }

    def served(self, connections, batch, spread=SPREAD):
        """The server on a new SQLite store."""
        store = self.scratch.sqlite_store()
        with self.server(store) as server:
            value, details = self.load(server, server.add_accounts(ACCOUNTS), connections, batch, spread)
        details["bytes_per_call"] = file_bytes(store) / details["calls"]
        drop_sqlite(store)
        return value, details

    def ask(self, agency, accounts, connections, rate):
        """Calls that are asked for first, `rate` a second or as fast as it goes."""
        names = self.scratch.path("accounts")
        names.write_text("".join(f"{one}\n" for one in accounts))
        host, port = agency.address.split(":")
        return json.loads(output(self.tools["hold_load"], host, port, agency.key, names, connections, rate,
                                 self.options.seconds))

    def held(self, store, rate):
        """The same by a server's one agency, whose wallets never run dry."""
        with self.server(store) as server:
            accounts = server.add_accounts(ACCOUNTS)
            server.sell(accounts, MINUTES_ENOUGH)
            pids = [server.process.pid] + ([self.cluster.process.pid] if store.startswith("postgres") else [])
            before = sum(map(cpu_seconds, pids))
            result = self.ask(server, accounts, HOLDERS, rate)
            spent = sum(map(cpu_seconds, pids)) - before
        return result["pairs_per_second"], {
            "cpu_per_million": spent / result["pairs"] * 1e6,
            "p50_ms": result["p50_ms"],
            "p99_ms": result["p99_ms"],
            "end_p99_ms": result["end_p99_ms"],
        }

    def held_sqlite(self, rate=0):
        store = self.scratch.sqlite_store()
        measured = self.held(store, rate)
        drop_sqlite(store)
        return measured

    def held_postgres(self):
        store = self.postgres().new_store()
        measured = self.held(store, 0)
        self.cluster.drop(store)
        return measured

    def held_beside_flood(self, is_flooded):
        """What a small agency's even rate comes to, while another sends as many calls as go or none."""
        store = self.scratch.sqlite_store()
        make_agency(self.options.binary, store, "Bench", OWNER)
        add_quiet_agency(self.scratch, self.options.binary, store)
        with self.server(store, is_new=False) as server:
            quiet = Agency(server.address, QUIET_OWNER)
            accounts, flooding = quiet.add_accounts(ACCOUNTS), server.add_accounts(ACCOUNTS)
            quiet.sell(accounts, MINUTES_ENOUGH)
            with self.flood(server, flooding) if is_flooded else contextlib.nullcontext():
                result = self.ask(quiet, accounts, QUIET_CONNECTIONS, QUIET_A_SECOND)
            quiet.owner.close()
        drop_sqlite(store)
        return result["pairs_per_second"], {"p50_ms": result["p50_ms"], "p99_ms": result["p99_ms"]}

    @contextlib.contextmanager
    def flood(self, server, accounts):
        """Until those inside are through."""
        worker = threading.Thread(target=self.load, args=(server, accounts, FLOOD_CONNECTIONS, 1),
                                  kwargs={"seconds": self.options.seconds + FLOOD_BEGINS_SECONDS + 1})
        worker.start()
        time.sleep(FLOOD_BEGINS_SECONDS)
        yield
        worker.join()

    def served_beside_sign_ins(self, connections, batch):
        """The same, while so many people sign in."""
        store = self.scratch.sqlite_store()
        with self.server(store) as server:
            accounts = server.add_accounts(ACCOUNTS)
            with SignIns(server.address, OWNER, SIGN_INS) as sign_ins:
                value, details = self.load(server, accounts, connections, batch)
            details |= sign_ins.figures()
        drop_sqlite(store)
        return value, details

    def served_beside_listeners(self, connections, batch):
        """The same, while so many look on."""
        store = self.scratch.sqlite_store()
        with self.server(store) as server:
            accounts = server.add_accounts(ACCOUNTS)
            with Listeners(server.address, server.cookie, LISTENERS) as listeners:
                value, details = self.load(server, accounts, connections, batch)
            details["told_mb"] = listeners.bytes / 1e6
        drop_sqlite(store)
        return value, details

    def served_postgres(self, connections, batch):
        store = self.postgres().new_store()
        with self.server(store) as server:
            empty = self.cluster.store_bytes(store)
            value, details = self.load(server, server.add_accounts(ACCOUNTS), connections, batch)
            details["bytes_per_call"] = (self.cluster.store_bytes(store) - empty) / details["calls"]
        self.cluster.drop(store)
        return value, details

    def pgbench(self):
        """PostgreSQL's own TPC-B, its statements prepared, and more clients than one."""
        cluster = self.postgres()
        if not self.pgbench_is_ready:
            cluster.pgbench("-i", "-q", "-s", str(PGBENCH_SCALE))
            self.pgbench_is_ready = True
        before = cpu_seconds(cluster.process.pid)
        report = cluster.pgbench("-n", "-M", "prepared", "-c", str(PGBENCH_CLIENTS), "-j", "2",
                                 "-T", str(max(1, round(self.options.seconds))))
        tps = float(next(line for line in report.splitlines() if line.startswith("tps =")).split()[2])
        return tps, {"server_cpu_seconds": cpu_seconds(cluster.process.pid) - before}


def file_bytes(store):
    with open(store.removeprefix("sqlite:"), "rb") as file:
        return file.seek(0, 2)


def middle(numbers):
    return statistics.median(numbers)


def middles(many):
    """Dictionaries with the same keys as one, each value the median."""
    return {key: middle([one[key] for one in many]) for key in many[0]}


def compared(bench, title, ours, floor_title, floor, wanted):
    """Floor and server in turn."""
    rounds = [(floor(), ours()) for _ in range(bench.options.rounds)]
    ratios = [value / against for (against, _), (value, _) in rounds]
    return {
        "title": title,
        "unit": "calls/s",
        "value": middle([value for _, (value, _) in rounds]),
        "floor_title": floor_title,
        "floor": middle([against for (against, _), _ in rounds]),
        "ratio": middle(ratios),
        "ratios": ratios,
        "wanted": wanted,
        "details": middles([details for _, (_, details) in rounds]),
        "floor_details": middles([details for (_, details), _ in rounds]),
    }


def batches(bench):
    return compared(bench, "batches of 1,000", lambda: bench.served(4, FORM),
                    "bare SQLite, 1,000 a commit", lambda: bench.bare(FORM), 0.5)


def singles(bench):
    return compared(bench, "single calls, 64 connections", lambda: bench.served(64, 1),
                    "bare SQLite, 1 a commit", lambda: bench.bare(1), 4)


def fifties(bench):
    return compared(bench, "batches of 50, 64 connections", lambda: bench.served(64, 50),
                    "bare SQLite, 1,000 a commit", lambda: bench.bare(FORM), None)


def holds(bench):
    row = compared(bench, f"calls asked for first, {HOLDERS} connections", bench.held_sqlite,
                   "bare SQLite, 1 call a commit", lambda: bench.bare(1), 1.6)
    return row | {"unit": "pairs/s"}


def hold_latency(bench):
    rounds = [bench.held_sqlite(HOLDS_A_SECOND) for _ in range(bench.options.rounds)]
    return limited(f"asking for a call, p99 at {HOLDS_A_SECOND:,} a second",
                   middle([details["p99_ms"] for _, details in rounds]), "ms", 5,
                   **middles([details for _, details in rounds]))


def pg_holds(bench):
    row = compared(bench, f"PostgreSQL: calls asked for first, {HOLDERS} connections", bench.held_postgres,
                   "pgbench TPC-B", bench.pgbench, None)
    return row | {"unit": "pairs/s"}


def spread(bench):
    return compared(bench, "batches of 1,000, started over 4 minutes", lambda: bench.served(4, FORM, 240),
                    "bare SQLite, the same", lambda: bench.bare(FORM, 240), None)


def pg_batches(bench):
    return compared(bench, "PostgreSQL: batches of 1,000", lambda: bench.served_postgres(4, FORM),
                    "pgbench TPC-B", bench.pgbench, 20)


def pg_singles(bench):
    return compared(bench, "PostgreSQL: single calls, 64 connections", lambda: bench.served_postgres(64, 1),
                    "pgbench TPC-B", bench.pgbench, None)


def limited(title, value, unit, most, **details):
    return {"title": title, "unit": unit, "value": value, "most": most, "details": details}


def time_list(server, client, sort, times):
    """What one page takes, in milliseconds (95 of 100 take no longer), and what it costs the server's processors."""
    spent, before = [], cpu_seconds(server.process.pid)
    for _ in range(times):
        began = time.perf_counter()
        client.send("GET", f"/v1/subaccounts?sort={sort}")
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent)[int(len(spent) * 0.95)], (cpu_seconds(server.process.pid) - before) * 1000 / times


def size(bench):
    """Many sub-accounts and calls: memory, the table of sub-accounts, the disk."""
    options, store = bench.options, bench.scratch.sqlite_store()
    with bench.server(store) as server:
        accounts = server.add_accounts(options.accounts)
        empty = file_bytes(store)
        rate, loaded = bench.load(server, accounts, 4, FORM, seconds=3600, calls=options.calls)
        after_load = memory_mb(server.process.pid)
        client = Client(server.address, {"Cookie": server.cookie})
        lists = {sort: time_list(server, client, sort, options.lists)
                 for one in SORTS for sort in (one, f"-{one}")}
        client.close()
        memory = memory_mb(server.process.pid)
    held = f"{options.accounts:,} sub-accounts, {loaded['calls']:,} calls"
    slowest = max(lists, key=lists.get)
    pages = {f"{sort} {what}": figure for sort, both in lists.items()
             for what, figure in zip(("p95_ms", "cpu_ms"), both)}
    per_call = (file_bytes(store) - empty) / loaded["calls"]
    drop_sqlite(store)
    return [
        limited(f"resident memory at {held}", memory["most"], "MB", 200, after_load=after_load["most"],
                at_the_end=memory["now"]),
        limited(f"table of {options.accounts:,} sub-accounts, p95 of its slowest sort ({slowest})", lists[slowest][0],
                "ms", 20, **pages),
        limited(f"disk a call at {held}", per_call, "bytes", None, calls_per_second=rate, **loaded),
    ]


def growth(bench):
    """What a store with very many calls still takes, in how much memory, and how soon it is back after a stop."""
    options, store = bench.options, bench.scratch.sqlite_store()
    with bench.server(store) as server:
        accounts = server.add_accounts(ACCOUNTS)
        empty, first = bench.load(server, accounts, 4, FORM)
        _, filled = bench.load(server, accounts, 4, FORM, seconds=2**31, calls=options.growth)
        full, details = bench.load(server, accounts, 4, FORM)
        memory = memory_mb(server.process.pid)["most"]
    with bench.server(store, is_new=False) as server:
        again = server.start_seconds
    per_call = file_bytes(store) / sum(load["calls"] for load in (first, filled, details))
    drop_sqlite(store)
    held = f"{options.growth:,} calls"
    return [
        {"title": f"batches of 1,000 at {held}", "unit": "calls/s", "value": full,
         "floor_title": "the same with none", "floor": empty, "ratio": full / empty, "wanted": 0.8,
         "details": details | {"bytes_per_call": per_call}},
        limited(f"resident memory at {held}", memory, "MB", 300),
        limited(f"started again at {held}", again, "s", 2),
    ]


def sign_ins(bench):
    return compared(bench, f"batches of 1,000 beside {SIGN_INS} sign-ins a second",
                    lambda: bench.served_beside_sign_ins(4, FORM), "the same without", lambda: bench.served(4, FORM),
                    None)


def listeners(bench):
    return compared(bench, f"batches of 1,000 while {LISTENERS:,} listen to what happens",
                    lambda: bench.served_beside_listeners(4, FORM), "the same while nobody does",
                    lambda: bench.served(4, FORM), 0.95)


def flood(bench):
    row = compared(bench, f"{QUIET_A_SECOND} calls a second of one agency while another floods",
                   lambda: bench.held_beside_flood(True), "the same while nobody does",
                   lambda: bench.held_beside_flood(False), 0.8)
    return row | {"unit": "pairs/s"}


def authorized(bench, store, title, unit, most):
    """What finding out who asks and what they may adds to a request; the dearest kind of request counts."""
    kinds = json.loads(output(build_tool("authorize"), store, AUTHORIZATION_ROUNDS if bench.options.rounds > 1 else 3))
    dearest = max(kinds, key=lambda kind: kind[unit])
    details = {f"{kind['title']}: {unit}": kind[unit] for kind in kinds for unit in ("cpu_us", "elapsed_us")}
    return limited(f"{title} ({dearest['title']})", dearest[unit], "µs", most, **details)


def authorization(bench):
    store = bench.scratch.sqlite_store()
    row = authorized(bench, store, "authorization of a request", "cpu_us", 5)
    drop_sqlite(store)
    return row


def pg_authorization(bench):
    store = bench.postgres().new_store()
    row = authorized(bench, store, "PostgreSQL: authorization of a request, elapsed", "elapsed_us", None)
    bench.cluster.drop(store)
    return row


def book(bench, new_store, drop, store_title):
    """Minutes moved and sold, by the server's own writer, against durable commits one after the other."""
    runs = []
    for _ in range(bench.options.rounds):
        store = new_store()
        runs.append(json.loads(output(build_tool("book"), store, max(1, round(bench.options.seconds)))))
        drop(store)

    def row(what, title):
        ratios = [run[what] / run["commits"] for run in runs]
        return {"title": f"{store_title}{title}", "unit": "/s", "value": middle([run[what] for run in runs]),
                "floor_title": "commits one by one", "floor": middle([run["commits"] for run in runs]),
                "ratio": middle(ratios), "ratios": ratios, "wanted": 3, "details": {}}

    return [row("moves", "moves of minutes, 64 under way"),
            row("purchases", "purchases ordered and paid, 64 under way")]


def book_sqlite(bench):
    return book(bench, bench.scratch.sqlite_store, drop_sqlite, "")


def pg_book(bench):
    cluster = bench.postgres()
    return book(bench, cluster.new_store, cluster.drop, "PostgreSQL: ")


def renewals(bench):
    """How long a renewal of many accounts takes, and how long it holds up a call."""
    rounds, options = [], bench.options
    for _ in range(options.rounds):
        store = bench.scratch.sqlite_store()
        with bench.server(store, "--test-clock") as server:
            rounds.append(renewed(server, server.add_accounts(options.accounts), store))
        drop_sqlite(store)
    seconds = middle([spent for spent, _ in rounds])
    return [
        limited(f"a renewal that gives {options.accounts:,} sub-accounts their minutes", seconds, "s", 5,
                a_second=options.accounts / seconds),
        limited("the slowest call recorded meanwhile", middle([calls[-1] for _, calls in rounds]), "ms", 50,
                calls=middle([len(calls) for _, calls in rounds]),
                p50_ms=middle([middle(calls) for _, calls in rounds])),
    ]


def disk(bench):
    rate = sync_rate(bench.scratch.folder, min(3, bench.options.seconds))
    return {"title": "fdatasync of 4 KiB", "unit": "/s", "value": rate, "details": {}}


ROWS = {
    "batches": batches,
    "singles": singles,
    "fifties": fifties,
    "spread": spread,
    "pg-batches": pg_batches,
    "pg-singles": pg_singles,
    "holds": holds,
    "hold-latency": hold_latency,
    "pg-holds": pg_holds,
    "sign-ins": sign_ins,
    "listeners": listeners,
    "flood": flood,
    "authorization": authorization,
    "pg-authorization": pg_authorization,
    "book": book_sqlite,
    "pg-book": pg_book,
    "renewals": renewals,
    "size": size,
    "growth": growth,
    "disk": disk,
}
