/* SQLite's file system with one thing more: what a commit appends to the log (WAL) goes to the disk in few large writes.
   SQLite writes each page of it in two, its header and its bytes, which for a commit of a hundred pages are two hundred
   calls of the system. Whatever else is asked of the log (a sync, a read, its size) writes what was gathered first, so
   only the time tells. A write that fails is told of by what asked for it, and by every sync until SQLite, which rolls
   back, has written to the same place again: no commit succeeds whose bytes are lost, as the writer syncs each
   (synchronous=FULL). */
#ifndef STORE_WAL_WRITES_H
#define STORE_WAL_WRITES_H

/* The name to open a database by: sqlite3_open_v2's last argument. */
extern const char wal_writes_name[];

/* Puts it beside the file system that is SQLite's default by then, which does the work. Once, before the first store is
   opened; returns SQLite's code. */
int wal_writes_register(void);

#endif
