/* What finding out who asks and what they may adds to a request: the server's own authenticate (http/auth.c) in a
   reader's transaction on a real store with many people, less the same transaction without it.

   authorize STORE ROUNDS

   STORE is an empty store, which is filled. Prints a line of JSON: for each kind of request the microseconds that
   authorization takes, the middle of ROUNDS: the thread's processor time, and elapsed, in which PostgreSQL answers. */
#include "base/id.h"
#include "base/rng.h"
#include "base/time.h"
#include "engine/setup.h"
#include "http/exchange.h"
#include "store/api_keys.h"
#include "store/migrations.h"
#include "store/sessions.h"
#include "store/users.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PEOPLE = 10000,
    ACCOUNTS = 50,
    GRANTS = 3,
    REQUESTS = 2000, /* a round, with and without */
    ROUNDS_MAX = 101,
    ARENA_BYTES = 64 * 1024,
};

struct world {
    struct db *db;
    struct tx *writer, *reader;
    struct arena *arena, *request_arena;
    struct problem problem;
    struct server server;
    id64_t agency, owner, accounts[ACCOUNTS];
    uint64_t chance;
};

static const struct route of_agency = {
    .method = GET,
    .path = "/v1/subaccounts",
    .permission = CAN_SUBACCOUNT_LIST,
    .key_scopes = 1u << SCOPE_READ,
    .name = "list",
};
static const struct route of_account = {
    .method = GET,
    .path = "/v1/subaccounts/{subaccount}",
    .permission = CAN_SUBACCOUNT_LIST,
    .key_scopes = 1u << SCOPE_READ,
    .name = "one",
};

static void must(struct world *w, bool done)
{
    if (done) return;
    fprintf(stderr, "authorize: %.*s\n", STR_ARG(problem_detail(&w->problem)));
    exit(1);
}

/* xorshift64: spread evenly over people and accounts, the same in every run. */
static uint64_t next_chance(struct world *w)
{
    w->chance ^= w->chance << 13;
    w->chance ^= w->chance >> 7;
    w->chance ^= w->chance << 17;
    return w->chance;
}

/* --- the store --- */

static struct hash secret_of(struct arena *arena, const char *kind, size_t number)
{
    return hash_of(str_format(arena, "%s %zu", kind, number));
}

static bool add_accounts(struct world *w, struct tx *tx)
{
    for (int i = 0; i < ACCOUNTS; i++) {
        const struct new_subaccount input = {
            .name = str_format(tx->arena, "Client %d", i),
            .email = str_format(tx->arena, "client%d@bench.example", i),
            .prices = { MICROS_NONE, MICROS_NONE },
        };
        struct subaccount account;

        if (!subaccount_create(tx, w->agency, &input, &account)) return false;
        w->accounts[i] = account.id;
    }
    return true;
}

/* Person `number` is granted the accounts from there on. */
static size_t account_of(size_t number, size_t grant)
{
    return (number + grant * 7) % ACCOUNTS;
}

static bool add_person(struct world *w, struct tx *tx, size_t number)
{
    struct str email = str_format(tx->arena, "p%zu@bench.example", number);
    const struct user user = {
        .agency_id = w->agency,
        .id = id_new(tx->now),
        .email = email,
        .name = STR("Somebody"),
        .password_hash = password_decoy(), /* nobody signs in */
        .role = ROLE_SUBACCOUNT_ADMIN,
        .created_at = tx->now,
    };
    struct hash hash = secret_of(tx->arena, "person", number);
    id64_t granted[GRANTS];

    for (size_t i = 0; i < GRANTS; i++)
        granted[i] = w->accounts[account_of(number, i)];
    return user_insert(tx, &user, email) && user_set_grants(tx, w->agency, user.id, granted, GRANTS)
        && session_insert(tx, &hash, id_new(tx->now), w->agency, user.id, STR_NONE, STR_NONE);
}

static bool add_key(struct world *w, struct tx *tx, size_t number)
{
    const struct api_key key = {
        .agency_id = w->agency,
        .id = id_new(tx->now),
        .name = STR("a machine"),
        .hint = STR("none"),
        .scopes = 1u << SCOPE_READ,
        .subaccount = w->accounts[account_of(number, 0)],
        .created_at = tx->now,
        .expires_at = INSTANT_NONE,
    };
    struct hash hash = secret_of(tx->arena, "machine", number);

    return api_key_insert(tx, &key, &hash) && api_key_touch(tx, key.id);
}

static bool fill(struct tx *tx, void *context)
{
    struct world *w = context;
    const struct setup setup = {
        .agency_name = STR("Bench"),
        .owner_name = STR("Bench"),
        .email = STR("owner@bench.example"),
        .password_hash = password_decoy(),
        .timezone = STR("UTC"),
        .plan_code = STR("agency_unlimited"),
    };
    struct hash hash = secret_of(tx->arena, "owner", 0);
    struct setup_result made;

    if (!agency_set_up(tx, &setup, &made)) return false;
    w->agency = made.agency;
    if (!add_accounts(w, tx)
        || !session_insert(tx, &hash, id_new(tx->now), made.agency, made.owner, STR_NONE, STR_NONE))
        return false;
    for (size_t i = 0; i < PEOPLE; i++) {
        if (!add_person(w, tx, i) || !add_key(w, tx, i)) return false;
    }
    return true;
}

/* --- the requests --- */

/* Who asks for what: the request's credential and ids, as they would have been read from it. */
struct kind {
    const char *title, *secrets;
    enum credential_kind credential;
    const struct route *route;
    size_t senders;
};

static const struct kind kinds[] = {
    { "an owner's session, a list", "owner", CREDENTIAL_SESSION, &of_agency, 1 },
    { "an owner's session, one account", "owner", CREDENTIAL_SESSION, &of_account, 1 },
    { "10,000 people's sessions with 3 grants, one account", "person", CREDENTIAL_SESSION,
      &of_account, PEOPLE },
    { "10,000 API keys for one account each, that account", "machine", CREDENTIAL_API_KEY,
      &of_account, PEOPLE },
};

static void prepare(struct world *w, const struct kind *kind, struct exchange *out)
{
    size_t sender = next_chance(w) % kind->senders;
    struct arena *arena = w->request_arena;

    arena_reset(arena);
    memset(out, 0, sizeof(*out));
    out->request.arena = arena;
    out->request.server = &w->server;
    out->request.route = kind->route;
    out->request.now = clock_now();
    problem_init(&out->request.problem, arena);
    out->credential = (struct credential){
        .kind = kind->credential,
        .agency = w->agency,
        .hash = secret_of(arena, kind->secrets, sender),
    };
    out->id_texts[0] = id_format(arena, ID_SUBACCOUNT, w->accounts[account_of(sender, 0)]);
}

/* What a handler would read: it begins the snapshot, which is no part of authorization. */
static bool read_something(struct world *w)
{
    int64_t version;

    return db_find_int(w->reader, "SELECT version FROM agencies WHERE id = $1",
                       ARGS(db_int(w->agency)), 0, &version);
}

struct spent {
    int64_t cpu_ns, elapsed_ns;
};

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

enum with { WITHOUT_AUTHORIZATION, WITH_AUTHORIZATION };

static struct spent run(struct world *w, const struct kind *kind, enum with with)
{
    struct exchange exchange;
    struct spent spent = { -nanoseconds(CLOCK_THREAD_CPUTIME_ID), -nanoseconds(CLOCK_MONOTONIC) };

    for (int i = 0; i < REQUESTS; i++) {
        prepare(w, kind, &exchange);
        struct request *r = &exchange.request;
        must(w, tx_begin(w->reader, r->arena, &r->problem, r->now));
        bool done = read_something(w)
            && (with == WITHOUT_AUTHORIZATION || authenticate(&exchange, w->reader));
        if (!done) w->problem = r->problem;
        must(w, done);
        tx_rollback(w->reader);
        auth_forget();
    }
    spent.cpu_ns += nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    spent.elapsed_ns += nanoseconds(CLOCK_MONOTONIC);
    return spent;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double middle(double *numbers, size_t n)
{
    qsort(numbers, n, sizeof(*numbers), compare);
    return numbers[n / 2];
}

static void measure(struct world *w, const struct kind *kind, size_t rounds)
{
    double cpu[ROUNDS_MAX] = { 0 }, elapsed[ROUNDS_MAX] = { 0 };

    for (size_t i = 0; i < rounds; i++) {
        struct spent without = run(w, kind, WITHOUT_AUTHORIZATION);
        struct spent with = run(w, kind, WITH_AUTHORIZATION);

        cpu[i] = (double)(with.cpu_ns - without.cpu_ns) / REQUESTS / 1e3;
        elapsed[i] = (double)(with.elapsed_ns - without.elapsed_ns) / REQUESTS / 1e3;
    }
    printf("{\"title\":\"%s\",\"cpu_us\":%.2f,\"elapsed_us\":%.2f}", kind->title,
           middle(cpu, rounds), middle(elapsed, rounds));
}

int main(int argc, char **argv)
{
    static struct world w = { .chance = 88172645463325252 };
    size_t rounds = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: authorize STORE ROUNDS (1 to %d)\n", ROUNDS_MAX);
        return 2;
    }
    rng_start();
    w.arena = arena_new(ARENA_BYTES);
    w.request_arena = arena_new(ARENA_BYTES);
    problem_init(&w.problem, w.arena);
    w.db = db_open(str_from_c(argv[1]), DB_OPEN_CREATE, &w.problem);
    must(&w, w.db != NULL && store_migrate(w.db, &w.problem, NULL));
    w.writer = db_connect(w.db, DB_WRITER, &w.problem);
    must(&w, w.writer != NULL && tx_run(w.writer, w.arena, &w.problem, clock_now(), fill, &w));
    w.reader = db_connect(w.db, DB_READER, &w.problem);
    must(&w, w.reader != NULL);
    printf("[");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (i > 0) printf(",");
        measure(&w, &kinds[i], rounds);
    }
    printf("]\n");
    db_disconnect(w.reader);
    db_disconnect(w.writer);
    db_close(w.db);
    return 0;
}
