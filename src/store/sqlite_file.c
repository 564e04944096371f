/* The SQLite file: finding it, holding its lock, opening it with the settings that durability and
   speed ask for. */
#include "store/sqlite.h"
#include "store/wal_writes.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_TIMEOUT_MS =
        5000, /* another program (a backup, a shell) may hold the write lock this long */
    TEXT_BYTES_MAX =
        64 << 20, /* of one value or row: eight times the largest body that http/ takes */
    SQL_BYTES_MAX = 1 << 20, /* of one statement or migration */
    STORE_MODE = 0600,       /* it holds hashes of secrets */
};

/* The writer keeps the inner pages of every index and the newest leaves at hand; a reader the pages
   of one page of a list. Negative: KiB. No mmap: a disk that goes away would be SIGBUS instead of
   an error. Checkpoints wait for 4,000 pages (16 MB), so that the leaves every batch touches are
   written back once in many batches; the log file shrinks to 64 MB after a long reader made it
   grow. */
static const char writer_settings[] = "PRAGMA synchronous = FULL;"
                                      "PRAGMA foreign_keys = ON;"
                                      "PRAGMA trusted_schema = OFF;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA mmap_size = 0;"
                                      "PRAGMA cache_size = -65536;"
                                      "PRAGMA wal_autocheckpoint = 4000;"
                                      "PRAGMA journal_size_limit = 67108864;";
static const char reader_settings[] = "PRAGMA query_only = ON;"
                                      "PRAGMA trusted_schema = OFF;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA mmap_size = 0;"
                                      "PRAGMA cache_size = -8192;";

/* What db->state points to. */
struct sqlite_file {
    const char *path; /* absolute, symbolic links resolved: one store, one lock */
    const char *lock_path;
    pthread_mutex_t mutex; /* of what follows */
    int lock;              /* file descriptor, -1: not held */
};

/* Codes as SQLite gives them, extended ones before those they belong to. */
static const struct failure {
    int code;
    enum reason reason;
} failures[] = {
    { SQLITE_BUSY_SNAPSHOT, REASON_STORE_RETRY },
    { SQLITE_CONSTRAINT_UNIQUE, REASON_CONFLICT },
    { SQLITE_CONSTRAINT_PRIMARYKEY, REASON_CONFLICT },
    { SQLITE_CONSTRAINT_ROWID, REASON_CONFLICT },
    { SQLITE_BUSY, REASON_STORE_BUSY },
    { SQLITE_LOCKED, REASON_STORE_BUSY },
    { SQLITE_FULL, REASON_STORE_FULL },
    { SQLITE_IOERR, REASON_STORE_UNAVAILABLE },
    { SQLITE_READONLY, REASON_STORE_UNAVAILABLE },
    { SQLITE_CANTOPEN, REASON_STORE_UNAVAILABLE },
    { SQLITE_CORRUPT, REASON_STORE_UNAVAILABLE },
    { SQLITE_NOTADB, REASON_STORE_UNAVAILABLE },
    { SQLITE_PERM, REASON_STORE_UNAVAILABLE },
    { SQLITE_PROTOCOL, REASON_STORE_UNAVAILABLE },
    { SQLITE_NOMEM, REASON_STORE_UNAVAILABLE },
    { SQLITE_INTERRUPT, REASON_STORE_UNAVAILABLE },
    { SQLITE_ABORT, REASON_STORE_UNAVAILABLE },
};

enum reason sqlite_reason(sqlite3 *handle, int code)
{
    enum { PRIMARY_CODE = 0xff };

    if ((code & PRIMARY_CODE) == SQLITE_IOERR) {
        int system_error = sqlite3_system_errno(handle);

        /* EFBIG: the process may write no larger files (RLIMIT_FSIZE). */
        if (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG)
            return REASON_STORE_FULL;
    }
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        if (code == failures[i].code || (code & PRIMARY_CODE) == failures[i].code)
            return failures[i].reason;
    }
    /* SUM() past 64 bits has no code of its own. */
    if (strcmp(sqlite3_errmsg(handle), "integer overflow") == 0) return REASON_OVERFLOW;
    return REASON_INTERNAL;
}

static bool names_same_file(int descriptor, const char *path)
{
    struct stat held, there;

    return fstat(descriptor, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino
        && held.st_dev == there.st_dev;
}

/* Tells people whom to stop; nobody relies on it. */
static void lock_sign(int descriptor)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    bool written =
        ftruncate(descriptor, 0) == 0 && pwrite(descriptor, text, (size_t)length, 0) == length;
    (void)written;
}

static bool lock_refused(int descriptor, const struct sqlite_file *file, struct problem *problem)
{
    char holder[32] = "";

    if (errno != EWOULDBLOCK)
        return fail(problem, REASON_STORE_UNAVAILABLE, NULL, "%s: %s", file->lock_path,
                    strerror(errno));

    ssize_t length = pread(descriptor, holder, sizeof(holder) - 1, 0);

    holder[length > 0 ? strcspn(holder, "\n") : 0] = '\0';
    /* It may not have signed yet. */
    return fail(problem, REASON_STORE_BUSY, NULL, "%s %s holds the store %s.",
                holder[0] != '\0' ? "Process" : "Another", holder[0] != '\0' ? holder : "process",
                file->path);
}

/* flock goes with the process, so that a crash releases it, and no other close() of the file drops
   it. */
static bool lock_take(struct sqlite_file *file, struct problem *problem)
{
    int descriptor = open(file->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, STORE_MODE);

    if (descriptor < 0)
        return fail(problem, REASON_STORE_UNAVAILABLE, NULL, "%s: %s", file->lock_path,
                    strerror(errno));
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        lock_refused(descriptor, file, problem);
        close(descriptor);
        return false;
    }
    lock_sign(descriptor);
    if (file->lock >= 0) close(file->lock);
    file->lock = descriptor;
    return true;
}

/* A store that went away and came back may have come without its lock file. */
static bool lock_keep(struct sqlite_file *file, struct problem *problem)
{
    pthread_mutex_lock(&file->mutex);
    bool held = file->lock >= 0 && names_same_file(file->lock, file->lock_path);
    bool ok = held || lock_take(file, problem);
    pthread_mutex_unlock(&file->mutex);
    return ok;
}

static bool configure(sqlite3 *handle, enum db_access access)
{
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, BUSY_TIMEOUT_MS);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, TEXT_BYTES_MAX);
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MAX);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return sqlite3_exec(handle, access == DB_WRITER ? writer_settings : reader_settings, NULL, NULL,
                        NULL)
        == SQLITE_OK;
}

/* A file system without shared memory silently keeps another mode. */
static bool use_wal(sqlite3 *handle)
{
    sqlite3_stmt *statement = NULL;
    bool is_wal =
        sqlite3_prepare_v2(handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW
        && strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;

    return sqlite3_finalize(statement) == SQLITE_OK && is_wal;
}

sqlite3 *sqlite_handle_open(const struct db *db, enum db_access access, struct problem *problem)
{
    struct sqlite_file *file = db->state;
    int flags = SQLITE_OPEN_NOMUTEX /* one thread at a time has a connection */
        | (access == DB_WRITER ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    sqlite3 *handle = NULL;

    if (access == DB_WRITER && !lock_keep(file, problem)) return NULL;

    int code =
        sqlite3_open_v2(file->path, &handle, flags, access == DB_WRITER ? wal_writes_name : NULL);

    if (code == SQLITE_OK && configure(handle, access) && (access == DB_READER || use_wal(handle)))
        return handle;

    enum reason reason = handle == NULL ? REASON_STORE_UNAVAILABLE
                                        : sqlite_reason(handle, sqlite3_extended_errcode(handle));

    fail(problem, reason_is_of_store(reason) ? reason : REASON_STORE_UNAVAILABLE, NULL, "%s: %s",
         file->path, handle == NULL ? "out of memory" : sqlite3_errmsg(handle));
    sqlite3_close(handle);
    return NULL;
}

/* Writes the log as it reads once more, and syncs it. If the process before ended after a sync that failed, a part of the
   log may be in the kernel's memory alone, which takes it for written: were it read into the database and lost with the
   power, the part before it would be read over a database that is ahead of it. */
static bool rewrite_log(sqlite3 *handle)
{
    enum { BYTES = 64 * 1024 };
    char bytes[BYTES];
    sqlite3_file *log = NULL;
    sqlite3_int64 size = 0;

    /* The log, where there is one, is opened with the first reading of the database. */
    if (sqlite3_exec(handle, "PRAGMA schema_version", NULL, NULL, NULL) != SQLITE_OK
        || sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK)
        return false;
    if (log->pMethods == NULL) return true;
    if (log->pMethods->xFileSize(log, &size) != SQLITE_OK) return false;
    for (sqlite3_int64 at = 0; at < size; at += BYTES) {
        int n = (int)(size - at < BYTES ? size - at : BYTES);
        if (log->pMethods->xRead(log, bytes, n, at) != SQLITE_OK
            || log->pMethods->xWrite(log, bytes, n, at) != SQLITE_OK)
            return false;
    }
    return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

/* Being the only one, it takes what an earlier process left in the log into the database. */
static bool take_over(struct db *db, struct problem *problem)
{
    sqlite3 *handle = sqlite_handle_open(db, DB_WRITER, problem);

    if (handle == NULL) return false;
    bool ok = rewrite_log(handle);
    sqlite3_close(handle); /* which moves the log into the database */
    return ok
        || fail(problem, REASON_STORE_UNAVAILABLE, NULL, "%s-wal cannot be written",
                ((struct sqlite_file *)db->state)->path);
}

/* Makes sure that the file is there, and finds its one true name. */
static bool file_find(struct db *db, struct sqlite_file *file, struct problem *problem)
{
    struct str path = str_sub(db->address, strlen("sqlite:"), SIZE_MAX);
    const char *given = str_to_c(db->arena, path);

    if (path.len == 0)
        return fail(problem, REASON_INVALID, NULL, "The store's address names no file.");
    if (db->mode == DB_OPEN_CREATE) {
        int descriptor = open(given, O_RDWR | O_CREAT | O_CLOEXEC, STORE_MODE);

        if (descriptor >= 0) close(descriptor);
    }

    char resolved[PATH_MAX];

    if (realpath(given, resolved) == NULL)
        return fail(problem, REASON_STORE_UNAVAILABLE, NULL, "%s: %s", given, strerror(errno));
    file->path = str_to_c(db->arena, str_from_c(resolved));
    file->lock_path = str_to_c(db->arena, str_format(db->arena, "%s-lock", resolved));
    return true;
}

/* SQLite's counters of memory take a lock that all threads share. Set before SQLite's first use,
   else ignored. */
static void configure_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int code = wal_writes_register();
    assert(code == SQLITE_OK);
    (void)code;
}

bool sqlite_open(struct db *db, struct problem *problem)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite_file *file = ARENA_NEW(db->arena, struct sqlite_file);

    pthread_once(&once, configure_library);
    file->lock = -1;
    db->state = file;
    if (!file_find(db, file, problem)) return false;
    pthread_mutex_init(&file->mutex, NULL);
    if (db->mode == DB_OPEN_SHARED) return true;

    if (take_over(db, problem)) return true;
    sqlite_close(db);
    return false;
}

void sqlite_close(struct db *db)
{
    struct sqlite_file *file = db->state;

    if (file->lock >= 0) close(file->lock);
    pthread_mutex_destroy(&file->mutex);
}

struct str sqlite_describe(const struct db *db, struct arena *arena)
{
    return str_copy(arena, db->address);
}
