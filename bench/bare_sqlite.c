/* The floor: SQLite alone, on one thread, doing the same inserts and updates as a batch of calls does, with nothing
   around them: no HTTP, no JSON, no checks, no rules.

   bare_sqlite STORE BATCH SECONDS

   STORE is an empty one of the schema (minutebank migrate); each transaction takes BATCH calls of 50 accounts. Prints
   one line of JSON. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { AGENCY = 1, ACCOUNTS = 50, USED_BASIC = 12, WALLET_BASIC = 0 };

#define HOUR_US INT64_C(3600000000)

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
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
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
    sqlite3_stmt *call, *account, *posting, *entry, *hour, *period;
};

static struct statements prepare_all(void)
{
    return (struct statements){
        .call = prepare(
            "INSERT INTO calls (agency_id, id, subaccount_id, charged_id, source_id, fingerprint, started_at,"
            " duration_seconds, billed_seconds, price_micros, base_price_micros, posting_id, recorded_at,"
            " tier, direction, status, external_id, agent, from_number, to_number)"
            " VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?6, 200000, 160000, ?7, ?8, ?9, 1, 0, ?10, ?11, ?12,"
            " ?13) ON CONFLICT DO NOTHING"),
        .account = prepare(
            "INSERT INTO ledger_accounts (agency_id, account, owner_id, balance, entries, posted_at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
            " balance = balance + excluded.balance, entries = entries + excluded.entries,"
            " posted_at = excluded.posted_at"),
        .posting =
            prepare("INSERT INTO ledger_postings (agency_id, id, kind, subject_id, posted_at)"
                    " VALUES (?1, ?2, 0, ?3, ?4)"),
        .entry = prepare(
            "INSERT INTO ledger_entries (agency_id, account, owner_id, seq, posting_id, amount, balance,"
            " posted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)"),
        .hour = prepare(
            "INSERT INTO usage_hours (agency_id, subaccount_id, hour_at, calls, answered, inbound, completed,"
            " voicemail, no_answer, busy, failed, canceled, transferred, talk_seconds, basic_seconds,"
            " premium_seconds, spent_micros, cost_micros)"
            " VALUES (?1, ?2, ?3, ?4, ?4, 0, ?4, 0, 0, 0, 0, 0, 0, ?5, ?5, 0, ?5, ?5)"
            " ON CONFLICT DO UPDATE SET calls = calls + excluded.calls,"
            " answered = answered + excluded.answered, completed = completed + excluded.completed,"
            " talk_seconds = talk_seconds + excluded.talk_seconds,"
            " basic_seconds = basic_seconds + excluded.basic_seconds,"
            " spent_micros = spent_micros + excluded.spent_micros,"
            " cost_micros = cost_micros + excluded.cost_micros"),
        .period = prepare(
            "INSERT INTO usage_periods (agency_id, subaccount_id, start_at, end_at, calls, billed_seconds,"
            " spent_micros, cost_micros) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?5, ?5)"
            " ON CONFLICT DO UPDATE SET calls = calls + excluded.calls,"
            " billed_seconds = billed_seconds + excluded.billed_seconds,"
            " spent_micros = spent_micros + excluded.spent_micros,"
            " cost_micros = cost_micros + excluded.cost_micros"),
    };
}

struct state {
    int64_t next_id;
    int64_t wallet_seq[ACCOUNTS][2], used_seq[2];
    int64_t seconds[ACCOUNTS][2], calls[ACCOUNTS];
};

static void insert_call(const struct statements *s, struct state *state, int64_t number)
{
    char external[32], agent[16], from[16], to[16];
    int account = (int)(number % ACCOUNTS), tier = number % 3 == 0 ? 0 : 1;
    int64_t duration = 20 + number % 300, now = now_us();
    const int64_t head[] = { AGENCY,        ++state->next_id,
                             account + 1,   number * INT64_C(2654435761),
                             now - HOUR_US, duration,
                             number,        now,
                             tier };
    const char *texts[] = { external, agent, from, to };

    snprintf(external, sizeof(external), "call-%012ld", (long)number);
    snprintf(agent, sizeof(agent), "agent-%d", (int)(number % 7));
    snprintf(from, sizeof(from), "+14155550%03d", (int)(number % 1000));
    snprintf(to, sizeof(to), "+14155551%03d", (int)(number * 7 % 1000));
    bind_numbers(s->call, 1, head, 9);
    for (int i = 0; i < 4; i++)
        sqlite3_bind_text(s->call, 10 + i, texts[i], -1, SQLITE_TRANSIENT);
    step(s->call);
    state->seconds[account][tier] += duration;
    state->calls[account]++;
}

static void change_account(const struct statements *s, int64_t account, int64_t owner,
                           int64_t amount, int64_t entries)
{
    const int64_t values[] = { AGENCY, account, owner, amount, entries, now_us() };

    bind_numbers(s->account, 1, values, 6);
    step(s->account);
}

static void add_entry(const struct statements *s, int64_t account, int64_t owner, int64_t seq,
                      int64_t posting, int64_t amount)
{
    const int64_t values[] = { AGENCY, account, owner, seq, posting, amount, now_us() };

    bind_numbers(s->entry, 1, values, 7);
    step(s->entry);
}

/* One posting with two entries for every wallet that the batch touched. */
static void charge(const struct statements *s, struct state *state)
{
    int64_t used[2] = { 0, 0 }, postings[2] = { 0, 0 };

    for (int account = 0; account < ACCOUNTS; account++) {
        for (int tier = 0; tier < 2; tier++) {
            int64_t seconds = state->seconds[account][tier];
            if (seconds == 0) continue;
            const int64_t posting[] = { AGENCY, ++state->next_id, account + 1, now_us() };
            bind_numbers(s->posting, 1, posting, 4);
            step(s->posting);
            change_account(s, WALLET_BASIC + tier, account + 1, -seconds, 1);
            add_entry(s, WALLET_BASIC + tier, account + 1, ++state->wallet_seq[account][tier],
                      posting[1], -seconds);
            add_entry(s, USED_BASIC + tier, 0, ++state->used_seq[tier], posting[1], seconds);
            used[tier] += seconds;
            postings[tier]++;
            state->seconds[account][tier] = 0;
        }
    }
    for (int tier = 0; tier < 2; tier++) {
        if (postings[tier] > 0) change_account(s, USED_BASIC + tier, 0, used[tier], postings[tier]);
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
    int64_t hour = now_us() / HOUR_US * HOUR_US, all = 0;

    for (int account = 0; account < ACCOUNTS; account++) {
        if (state->calls[account] == 0) continue;
        add_usage(s->hour, account + 1, hour, state->calls[account]);
        add_usage(s->period, account + 1, 0, state->calls[account]);
        all += state->calls[account];
        state->calls[account] = 0;
    }
    add_usage(s->hour, 0, hour, all);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bare_sqlite STORE BATCH SECONDS\n");
        return 2;
    }
    long batch = strtol(argv[2], NULL, 10);
    int64_t length_us = (int64_t)(strtod(argv[3], NULL) * 1e6), calls = 0;
    struct state *state = calloc(1, sizeof(*state));

    if (sqlite3_open(argv[1], &db) != SQLITE_OK) die("open");
    run_sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
            " PRAGMA foreign_keys = OFF");
    struct statements s = prepare_all();
    int64_t began_us = now_us();
    while (now_us() - began_us < length_us) {
        run_sql("BEGIN IMMEDIATE");
        for (long i = 0; i < batch; i++)
            insert_call(&s, state, ++calls);
        charge(&s, state);
        summarise(&s, state);
        run_sql("COMMIT");
    }
    double seconds = (double)(now_us() - began_us) / 1e6;
    printf("{\"calls\":%ld,\"seconds\":%.3f,\"calls_per_second\":%.0f}\n", (long)calls, seconds,
           (double)calls / seconds);
    free(state);
    return 0;
}
