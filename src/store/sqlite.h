/* Inside the SQLite driver: the file and its lock (sqlite_file.c), statements and rows (sqlite.c).
   */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/driver.h"

#include <sqlite3.h>

/* db_driver's open, close and describe. */
bool sqlite_open(struct db *db, struct problem *problem);
void sqlite_close(struct db *db);
struct str sqlite_describe(const struct db *db, struct arena *arena);

/* A handle on the store with this driver's settings; NULL and a problem when it cannot be had. A
   writer's also makes sure that this process still holds the lock. */
sqlite3 *sqlite_handle_open(const struct db *db, enum db_access access, struct problem *problem);

/* The reason for a result code of `handle`. */
enum reason sqlite_reason(sqlite3 *handle, int code);

#endif
