"""Two agencies of one server: one that floods it with calls, one that goes on asking for its own at an even rate."""
import sqlite3

from machine import OWNER, drop_sqlite, make_agency

QUIET_OWNER = {"email": "quiet@bench.example", "password": OWNER["password"]}
QUIET_A_SECOND = 200
QUIET_CONNECTIONS = 16
FLOOD_CONNECTIONS = 256


def add_quiet_agency(scratch, binary, store):
    """Beside the one of a store that nobody serves yet. No request makes an agency, so its rows come from another store."""
    own = scratch.sqlite_store()
    make_agency(binary, own, "Quiet", QUIET_OWNER)
    rows = sqlite3.connect(store.removeprefix("sqlite:"))
    rows.execute("ATTACH ? AS own", (own.removeprefix("sqlite:"),))
    for (table,) in rows.execute("SELECT name FROM own.sqlite_schema WHERE type = 'table'").fetchall():
        columns = {column[1] for column in rows.execute(f"PRAGMA own.table_info({table})")}
        if "agency_id" in columns or table == "agencies":
            rows.execute(f"INSERT INTO {table} SELECT * FROM own.{table}")
    rows.commit()
    rows.close()
    drop_sqlite(own)
