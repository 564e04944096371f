#include "store/wal_writes.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As much as SQLite's own file system takes at once (os_unix.c masks lengths by 0x1ffff): thirty pages. */
enum { GATHERED_BYTES_MAX = 0x1ffff };

const char wal_writes_name[] = "minutebank";

static sqlite3_vfs *disk; /* SQLite's own */

/* A log that is open. SQLite's own file of it lies behind it, as SQLite gives one room for both. */
struct log {
    sqlite3_file base;
    char *gathered;
    sqlite3_int64 offset; /* of the first byte */
    int n;
    int failure; /* of the write that lost what begins at `offset`; SQLITE_OK: nothing is lost */
};

static struct log *log_of(sqlite3_file *file)
{
    return (struct log *)file;
}

static sqlite3_file *inner(sqlite3_file *file)
{
    return (sqlite3_file *)(log_of(file) + 1);
}

/* Writes what was gathered, once: a transaction that was told of the failure is rolled back, and must not come into the
   log after that. */
static int settle(sqlite3_file *file)
{
    struct log *log = log_of(file);
    int n = log->n;

    if (n == 0) return SQLITE_OK;
    log->n = 0;
    log->failure = inner(file)->pMethods->xWrite(inner(file), log->gathered, n, log->offset);
    return log->failure;
}

/* Begins to gather at `offset`, after what was gathered elsewhere is written. */
static int move_to(sqlite3_file *file, sqlite3_int64 offset)
{
    struct log *log = log_of(file);
    int code = settle(file);

    if (code != SQLITE_OK) return code;
    if (offset > log->offset && log->failure != SQLITE_OK) return log->failure;
    log->offset = offset;
    log->failure = SQLITE_OK; /* what was lost is written anew */
    return SQLITE_OK;
}

static int log_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset)
{
    struct log *log = log_of(file);
    bool follows = log->failure == SQLITE_OK && offset == log->offset + log->n
        && n <= GATHERED_BYTES_MAX - log->n;

    assert(n <= GATHERED_BYTES_MAX); /* SQLite's largest page is half of it */
    if (!follows) {
        int code = move_to(file, offset);
        if (code != SQLITE_OK) return code;
    }
    memcpy(log->gathered + log->n, bytes, (size_t)n);
    log->n += n;
    return SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 offset)
{
    int code = settle(file);

    return code != SQLITE_OK ? code : inner(file)->pMethods->xRead(inner(file), bytes, n, offset);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = settle(file);

    return code != SQLITE_OK ? code : inner(file)->pMethods->xTruncate(inner(file), size);
}

static int log_sync(sqlite3_file *file, int flags)
{
    int code = settle(file);

    if (code == SQLITE_OK) code = log_of(file)->failure;
    return code != SQLITE_OK ? code : inner(file)->pMethods->xSync(inner(file), flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *out)
{
    int code = settle(file);

    return code != SQLITE_OK ? code : inner(file)->pMethods->xFileSize(inner(file), out);
}

/* What is still gathered was never committed. */
static int log_close(sqlite3_file *file)
{
    free(log_of(file)->gathered);
    return inner(file)->pMethods->xClose(inner(file));
}

/* A log is never locked: the database is. */
static int log_lock(sqlite3_file *file, int level)
{
    return inner(file)->pMethods->xLock(inner(file), level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    return inner(file)->pMethods->xUnlock(inner(file), level);
}

static int log_is_reserved(sqlite3_file *file, int *out)
{
    return inner(file)->pMethods->xCheckReservedLock(inner(file), out);
}

static int log_control(sqlite3_file *file, int what, void *argument)
{
    return inner(file)->pMethods->xFileControl(inner(file), what, argument);
}

static int log_sector_size(sqlite3_file *file)
{
    return inner(file)->pMethods->xSectorSize(inner(file));
}

static int log_characteristics(sqlite3_file *file)
{
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_is_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

static int log_open(const char *name, sqlite3_file *file, int flags, int *out)
{
    char *gathered = malloc(GATHERED_BYTES_MAX);

    if (gathered == NULL) return SQLITE_NOMEM;
    int code = disk->xOpen(disk, name, inner(file), flags, out);
    if (code != SQLITE_OK) {
        free(gathered);
        return code;
    }
    *log_of(file) = (struct log){ .base.pMethods = &log_methods, .gathered = gathered };
    return SQLITE_OK;
}

static int file_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    file->pMethods = NULL; /* so that nothing is closed where nothing was opened */
    return (flags & SQLITE_OPEN_WAL) != 0 ? log_open(name, file, flags, out)
                                          : disk->xOpen(disk, name, file, flags, out);
}

int wal_writes_register(void)
{
    static sqlite3_vfs vfs;

    disk = sqlite3_vfs_find(NULL);
    vfs = *disk;
    vfs.zName = wal_writes_name;
    vfs.szOsFile = (int)sizeof(struct log) + disk->szOsFile;
    vfs.xOpen = file_open;
    return sqlite3_vfs_register(&vfs, 0);
}
