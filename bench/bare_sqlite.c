/* The floor: SQLite alone, on one thread, doing the same inserts and updates as a batch of calls does, with nothing
   around them: no HTTP, no JSON, no checks, no rules, nothing read back.

   bare_sqlite STORE BATCH SPREAD SECONDS

   STORE is an empty one of the schema (minutebank migrate). Each transaction takes BATCH calls of 50 accounts that
   started within the SPREAD seconds before a minute ago, with values as long as those that http_load's calls get,
   under the settings of the server's writer. Prints one line of JSON. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    ACCOUNTS = 50,
    TIERS = 2,
    WALLET_BASIC = 0, /* rows of domain/ledger.def */
    USED_BASIC = 12,
    ID_DIGITS = 12,
};

#define SECOND_US     INT64_C(1000000)
#define HOUR_US       (3600 * SECOND_US)

/* An agency's and accounts' ids are as large as base/id.h makes them. */
#define AGENCY        (INT64_C(0x0b5c9a3e1) << 26)
#define FIRST_ACCOUNT (AGENCY + 100)

static sqlite3 *db;

static void die(const char *what)
{
    fprintf(stderr, "bare_sqlite: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static void run_sql(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) die(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        die(sql);
    return statement;
}

static void step(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);

    if (result != SQLITE_DONE && result != SQLITE_ROW) die("step");
    sqlite3_reset(statement);
}

static void bind_numbers(sqlite3_stmt *statement, int first, const int64_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(statement, first + i, numbers[i]);
}

struct statements {
    sqlite3_stmt *begin, *commit, *call, *account, *posting, *entry, *hour, *period;
};

static struct statements prepare_all(void)
{
    return (struct statements){
        .begin = prepare("BEGIN IMMEDIATE"),
        .commit = prepare("COMMIT"),
        .call = prepare(
            "INSERT INTO calls (agency_id, id, subaccount_id, charged_id, source_id, fingerprint, started_at,"
            " duration_seconds, billed_seconds, price_micros, base_price_micros, posting_id, recorded_at,"
            " tier, direction, status, external_id, agent, from_number, to_number)"
            " VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?6, 200000, 160000, ?7, ?8, ?9, 1, 0, ?10, ?11, ?12,"
            " ?13) ON CONFLICT (agency_id, source_id, external_id) DO NOTHING"),
        .account = prepare(
            "INSERT INTO ledger_accounts (agency_id, account, owner_id, balance, entries, posted_at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
            " balance = balance + excluded.balance, entries = entries + excluded.entries,"
            " posted_at = excluded.posted_at"),
        .posting = prepare(
            "INSERT INTO ledger_postings (agency_id, id, kind, subject_id, api_key_id, posted_at)"
            " VALUES (?1, ?2, 0, ?3, ?4, ?5)"),
        .entry = prepare(
            "INSERT INTO ledger_entries (agency_id, account, owner_id, seq, posting_id, amount, balance,"
            " posted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
        .hour = prepare(
            "INSERT INTO usage_hours (agency_id, subaccount_id, hour_at, calls, answered, inbound, completed,"
            " voicemail, no_answer, busy, failed, canceled, transferred, talk_seconds, basic_seconds,"
            " premium_seconds, spent_micros, cost_micros)"
            " VALUES (?1, ?2, ?3, ?4, ?4, 0, ?4, 0, 0, 0, 0, 0, 0, ?5, ?5, 0, ?5, ?5)"
            " ON CONFLICT DO UPDATE SET calls = calls + excluded.calls,"
            " answered = answered + excluded.answered, inbound = inbound + excluded.inbound,"
            " completed = completed + excluded.completed, voicemail = voicemail + excluded.voicemail,"
            " no_answer = no_answer + excluded.no_answer, busy = busy + excluded.busy,"
            " failed = failed + excluded.failed, canceled = canceled + excluded.canceled,"
            " transferred = transferred + excluded.transferred,"
            " talk_seconds = talk_seconds + excluded.talk_seconds,"
            " basic_seconds = basic_seconds + excluded.basic_seconds,"
            " premium_seconds = premium_seconds + excluded.premium_seconds,"
            " spent_micros = spent_micros + excluded.spent_micros,"
            " cost_micros = cost_micros + excluded.cost_micros"),
        .period = prepare(
            "INSERT INTO usage_periods (agency_id, subaccount_id, start_at, end_at, calls,"
            " billed_seconds, spent_micros, cost_micros) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?5, ?5)"
            " ON CONFLICT DO UPDATE SET calls = calls + excluded.calls,"
            " billed_seconds = billed_seconds + excluded.billed_seconds,"
            " spent_micros = spent_micros + excluded.spent_micros,"
            " cost_micros = cost_micros + excluded.cost_micros"),
    };
}

/* What a batch has added up, and where each ledger account stands. */
struct state {
    int64_t now_us, next_id, spread_seconds;
    int64_t posting_ids[ACCOUNTS][TIERS], seconds[ACCOUNTS][TIERS], calls[ACCOUNTS];
    int64_t wallet_seq[ACCOUNTS][TIERS], wallet_balance[ACCOUNTS][TIERS];
    int64_t used_seq[TIERS], used_balance[TIERS];
    char external[sizeof("call-") + ID_DIGITS];
};

static void write_digits(char *at, int64_t number)
{
    for (int i = ID_DIGITS; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
}

static void insert_call(const struct statements *s, struct state *state, int64_t number)
{
    static const char from[] = "+14155550123", to[] = "+14155551456", agent[] = "agent-3";
    int account = (int)(number % ACCOUNTS), tier = number % 3 == 0 ? 0 : 1;
    int64_t duration = 20 + number % 300;
    int64_t started_at =
        (state->now_us / SECOND_US - 60 - number % state->spread_seconds) * SECOND_US;
    const int64_t head[] = {
        AGENCY,
        state->next_id++,
        FIRST_ACCOUNT + account,
        (int64_t)((uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) >> 1),
        started_at,
        duration,
        state->posting_ids[account][tier],
        state->now_us,
        tier,
    };

    write_digits(state->external + strlen("call-"), number);
    bind_numbers(s->call, 1, head, 9);
    sqlite3_bind_text(s->call, 10, state->external, (int)strlen("call-") + ID_DIGITS,
                      SQLITE_STATIC);
    sqlite3_bind_text(s->call, 11, agent, sizeof(agent) - 1, SQLITE_STATIC);
    sqlite3_bind_text(s->call, 12, from, sizeof(from) - 1, SQLITE_STATIC);
    sqlite3_bind_text(s->call, 13, to, sizeof(to) - 1, SQLITE_STATIC);
    step(s->call);
    state->seconds[account][tier] += duration;
    state->calls[account]++;
}

static void change_account(const struct statements *s, const struct state *state, int64_t account,
                           int64_t owner, int64_t amount, int64_t entries)
{
    const int64_t values[] = { AGENCY, account, owner, amount, entries, state->now_us };

    bind_numbers(s->account, 1, values, 6);
    step(s->account);
}

static void add_entry(const struct statements *s, const struct state *state, int64_t account,
                      int64_t owner, int64_t seq, int64_t posting, int64_t amount, int64_t balance)
{
    const int64_t values[] = {
        AGENCY, account, owner, seq, posting, amount, balance, state->now_us
    };

    bind_numbers(s->entry, 1, values, 8);
    step(s->entry);
}

/* One posting with two entries for a wallet that the batch touched. */
static void charge_wallet(const struct statements *s, struct state *state, int account, int tier)
{
    int64_t seconds = state->seconds[account][tier], owner = FIRST_ACCOUNT + account;
    int64_t id = state->posting_ids[account][tier];
    const int64_t posting[] = { AGENCY, id, owner, AGENCY + 50, state->now_us };

    bind_numbers(s->posting, 1, posting, 5);
    step(s->posting);
    change_account(s, state, WALLET_BASIC + tier, owner, -seconds, 1);
    add_entry(s, state, WALLET_BASIC + tier, owner, ++state->wallet_seq[account][tier], id,
              -seconds, state->wallet_balance[account][tier] -= seconds);
    add_entry(s, state, USED_BASIC + tier, 0, ++state->used_seq[tier], id, seconds,
              state->used_balance[tier] += seconds);
}

static void charge(const struct statements *s, struct state *state)
{
    for (int tier = 0; tier < TIERS; tier++) {
        int64_t used = 0, postings = 0;
        for (int account = 0; account < ACCOUNTS; account++) {
            if (state->seconds[account][tier] == 0) continue;
            charge_wallet(s, state, account, tier);
            used += state->seconds[account][tier];
            postings++;
            state->seconds[account][tier] = 0;
        }
        if (postings > 0) change_account(s, state, USED_BASIC + tier, 0, used, postings);
    }
}

static void add_usage(sqlite3_stmt *statement, int64_t owner, int64_t at, int64_t calls)
{
    const int64_t values[] = { AGENCY, owner, at, calls, calls * 100 };

    bind_numbers(statement, 1, values, 5);
    step(statement);
}

static void summarise(const struct statements *s, struct state *state)
{
    int64_t hour = state->now_us / HOUR_US * HOUR_US, all = 0;

    for (int account = 0; account < ACCOUNTS; account++) {
        if (state->calls[account] == 0) continue;
        add_usage(s->hour, FIRST_ACCOUNT + account, hour, state->calls[account]);
        add_usage(s->period, FIRST_ACCOUNT + account, AGENCY, state->calls[account]);
        all += state->calls[account];
        state->calls[account] = 0;
    }
    add_usage(s->hour, 0, hour, all);
}

/* Ids grow with time, as base/id.h makes them; postings' ids come after those of their batch's calls. */
static void begin_batch(struct state *state, int64_t batch)
{
    state->now_us = now_us();
    int64_t from_clock = state->now_us / 1000 << 22;
    if (state->next_id < from_clock) state->next_id = from_clock;
    for (int i = 0; i < ACCOUNTS * TIERS; i++)
        state->posting_ids[i / TIERS][i % TIERS] = state->next_id + batch + i;
}

static int64_t run(const struct statements *s, int64_t batch, int64_t spread_seconds,
                   int64_t until_us)
{
    static struct state state = { .external = "call-" };
    int64_t calls = 0;

    state.spread_seconds = spread_seconds;
    while (now_us() < until_us) {
        begin_batch(&state, batch);
        step(s->begin);
        for (int64_t i = 0; i < batch; i++)
            insert_call(s, &state, ++calls);
        state.next_id += ACCOUNTS * TIERS;
        charge(s, &state);
        summarise(s, &state);
        step(s->commit);
    }
    return calls;
}

static double cpu_seconds(void)
{
    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec)
        + (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: bare_sqlite STORE BATCH SPREAD SECONDS\n");
        return 2;
    }
    if (sqlite3_open(argv[1], &db) != SQLITE_OK) die("open");
    run_sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
            "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000");
    struct statements s = prepare_all();
    int64_t began_us = now_us();
    int64_t calls = run(&s, strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10),
                        began_us + (int64_t)(strtod(argv[4], NULL) * (double)SECOND_US));
    double seconds = (double)(now_us() - began_us) / (double)SECOND_US;
    printf("{\"calls\":%ld,\"seconds\":%.3f,\"calls_per_second\":%.0f,\"cpu_seconds\":%.3f}\n",
           (long)calls, seconds, (double)calls / seconds, cpu_seconds());
    return 0;
}
