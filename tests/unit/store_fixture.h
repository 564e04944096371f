/* A fresh, empty store for every test: SQLite in a folder of its own, PostgreSQL in a database of
   its own when MB_TEST_PG_URL names a cluster to make it in. Without that, PostgreSQL's tests say
   that they are skipped. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "unit.h"

#include "store/db.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct store {
    enum db_kind kind;
    struct arena *arena;
    struct problem problem;
    const char *folder; /* SQLite: where the file is */
    struct str url;
    struct db *db;
    struct tx *tx; /* a writer */
};

#define SOME_INSTANT ((instant_t)1790000000000000)

static inline const char *postgres_cluster(void)
{
    return getenv("MB_TEST_PG_URL");
}

/* The cluster's address with this test program's own database in it. */
static inline struct str postgres_url(struct arena *arena)
{
    struct str cluster = str_from_c(postgres_cluster());
    const char *authority = strstr(cluster.at, "://") + 3;
    size_t head = (size_t)(authority - cluster.at) + strcspn(authority, "/?");
    const char *query = strchr(cluster.at, '?');

    return str_format(arena, "%.*s/minutebank_unit_%ld%s", (int)head, cluster.at, (long)getpid(),
                      query == NULL ? "" : query);
}

/* Straight to the cluster, past the code under test. */
static inline void postgres_admin(const char *sql)
{
    PGconn *link = PQconnectdb(postgres_cluster());
    PGresult *result = PQexec(link, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
        print_error("%s\n", PQerrorMessage(link));
        assert_true(false);
    }
    PQclear(result);
    PQfinish(link);
}

/* The same, with this program's database between two parts of the statement. */
static inline void postgres_admin_database(const char *before, const char *after)
{
    char sql[512];

    snprintf(sql, sizeof(sql), "%s minutebank_unit_%ld %s", before, (long)getpid(), after);
    postgres_admin(sql);
}

static inline int databases_make(void **state)
{
    (void)state;
    if (postgres_cluster() == NULL) {
        print_message("# MB_TEST_PG_URL is not set: NOTHING is tested on PostgreSQL\n");
    } else {
        postgres_admin_database("CREATE DATABASE", "");
    }
    return 0;
}

static inline int databases_drop(void **state)
{
    (void)state;
    if (postgres_cluster() != NULL) postgres_admin_database("DROP DATABASE", "WITH (FORCE)");
    return 0;
}

static inline int remove_entry(const char *path, const struct stat *info, int type,
                               struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline void folder_remove(const char *folder)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Where SQLite's test files go: MB_TEST_FOLDER, else /tmp. */
static inline const char *folder_make(struct arena *arena)
{
    const char *parent = getenv("MB_TEST_FOLDER");
    struct str pattern =
        str_format(arena, "%s/minutebank-unit-XXXXXX", parent == NULL ? "/tmp" : parent);

    return mkdtemp((char *)(uintptr_t)str_to_c(arena, pattern));
}

static inline void assert_ok(const struct store *store, bool ok)
{
    if (!ok)
        print_error("%s: %.*s (%s:%d)\n", reason_code(store->problem.reason),
                    STR_ARG(problem_detail(&store->problem)), store->problem.file,
                    store->problem.line);
    assert_true(ok);
}

/* That it failed for this reason; forgets the problem. */
static inline void assert_refused(struct store *store, bool ok, enum reason reason)
{
    assert_false(ok);
    if (store->problem.reason != reason)
        print_error("refused: %s: %.*s\n", reason_code(store->problem.reason),
                    STR_ARG(problem_detail(&store->problem)));
    assert_int_equal(store->problem.reason, reason);
    problem_clear(&store->problem);
}

static inline void begin(struct store *store)
{
    assert_ok(store, tx_begin(store->tx, store->arena, &store->problem, SOME_INSTANT));
}

static inline void commit(struct store *store)
{
    assert_ok(store, tx_commit(store->tx));
}

static inline void script(struct store *store, const char *sql)
{
    begin(store);
    assert_ok(store, db_script(store->tx, sql));
    commit(store);
}

static inline struct store *store_make(enum db_kind kind)
{
    struct arena *arena = arena_new(1 << 16);
    struct store *store = ARENA_NEW(arena, struct store);

    store->kind = kind;
    store->arena = arena;
    problem_init(&store->problem, arena);
    if (kind == DB_SQLITE) {
        store->folder = folder_make(arena);
        store->url = str_format(arena, "sqlite:%s/store.db", store->folder);
    } else {
        store->url = postgres_url(arena);
    }
    store->db = db_open(store->url, DB_OPEN_CREATE, &store->problem);
    assert_ok(store, store->db != NULL);
    store->tx = db_connect(store->db, DB_WRITER, &store->problem);
    assert_ok(store, store->tx != NULL);
    if (kind == DB_POSTGRES) script(store, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
    return store;
}

static inline void store_free(struct store *store)
{
    if (store->tx != NULL) db_disconnect(store->tx);
    if (store->db != NULL) db_close(store->db);
    if (store->folder != NULL) folder_remove(store->folder);
    arena_free(store->arena);
}

/* *state is the address of the kind before a test (its prestate), the store during it. */
static inline int store_setup(void **state)
{
    enum db_kind kind = *(const enum db_kind *)*state;

    *state = kind == DB_POSTGRES && postgres_cluster() == NULL ? NULL : store_make(kind);
    return 0;
}

static inline int store_teardown(void **state)
{
    if (*state != NULL) store_free(*state);
    return 0;
}

/* Each test begins with it. */
static inline struct store *store_of(void **state)
{
    if (*state == NULL) skip();
    return *state;
}

static enum db_kind store_kinds[] = { DB_SQLITE, DB_POSTGRES };

#define SQLITE_TEST(function)                                                                \
    {                                                                                        \
        "sqlite: " #function, function, store_setup, store_teardown, &store_kinds[DB_SQLITE] \
    }
#define POSTGRES_TEST(function)                                                                  \
    {                                                                                            \
        "postgres: " #function, function, store_setup, store_teardown, &store_kinds[DB_POSTGRES] \
    }
#define STORE_TEST(function) SQLITE_TEST(function), POSTGRES_TEST(function)

#endif
