"""An agency's renewal with a share of minutes for each of its many clients, while calls go on being recorded."""
import datetime
import sqlite3
import threading
import time

from machine import OWNER, Client

EACH_SECONDS = 600
TIMEOUT_SECONDS = 600
LOOK_EVERY_SECONDS = 0.02
TO_THE_NEXT = 32 * 86_400  # from the start of a month's cycle past its end
CALL_SECONDS = 30


class Calls:
    """One client that records a call after the other, from the start of its block to the end, and keeps the time of
    each."""

    def __init__(self, server, account, now):
        self.client = Client(server.address, {"Authorization": f"Bearer {server.key}"})
        self.record = {"subaccount": account, "tier": "premium", "direction": "outbound", "status": "completed",
                       "started_at": text(now - datetime.timedelta(seconds=CALL_SECONDS)), "ended_at": text(now),
                       "duration_seconds": CALL_SECONDS}
        self.spent, self.over = [], threading.Event()

    def __enter__(self):
        self.worker = threading.Thread(target=self.call)
        self.worker.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.worker.join()
        self.client.close()

    def call(self):
        while not self.over.is_set():
            began = time.perf_counter()
            self.client.send("POST", "/v1/calls", {"id": f"call-{len(self.spent)}", **self.record})
            self.spent.append((time.perf_counter() - began) * 1000)


def text(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def on_partner_plan(store):
    """Straight into the store: only the platform's staff could, and who it is is not what is measured."""
    with sqlite3.connect(store.removeprefix("sqlite:")) as rows:
        rows.execute("UPDATE agencies SET plan_code = 'partner_legacy'")
    rows.close()


def renewed(server, accounts, store):
    """Seconds from when the renewal is due until all of it is in the books, and the milliseconds of the calls that
    were recorded meanwhile."""
    on_partner_plan(store)
    primary = server.owner.send("GET", "/v1/subaccounts?limit=1&kind=primary")["data"][0]["id"]
    server.sell([primary], EACH_SECONDS * len(accounts))
    server.owner.send("PUT", "/v1/agency/distribution", {"basic_seconds": 0, "premium_seconds": EACH_SECONDS})
    began = time.perf_counter()
    moved = server.owner.send("POST", "/v1/test/clock", {"advance_seconds": TO_THE_NEXT})
    with Calls(server, accounts[0], datetime.datetime.fromisoformat(moved["now"].replace("Z", "+00:00"))) as calls:
        server.owner.send("POST", "/v1/auth/login", OWNER)
        server.owner.headers["Cookie"] = server.owner.last_reply.getheader("Set-Cookie").split(";")[0]
        last = wait(server, began)
        spent = time.perf_counter() - began
    if (last["accounts"], last["short_accounts"]) != (len(accounts), 0):
        raise RuntimeError(f"the renewal left somebody out: {last}")
    return spent, sorted(calls.spent)


def wait(server, began):
    while time.perf_counter() - began < TIMEOUT_SECONDS:
        last = server.owner.send("GET", "/v1/agency/renewals?limit=1")["data"]
        if last and last[0]["completed_at"] is not None:
            return last[0]
        time.sleep(LOOK_EVERY_SECONDS)
    raise RuntimeError("the renewal did not end")
