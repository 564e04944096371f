#include "engine/check.h"

#include "base/decimal.h"
#include "base/time.h"
#include "domain/ledger.h"
#include "store/migrations.h"

#include <inttypes.h>

enum {
    ARENA_BYTES = 64 * 1024,
    SUBJECTS_REMEMBERED = 32,
    PAGE_ROWS = 4096, /* of an invariant that is judged row by row */
};

/* In the order in which they are told: what all else rests on first. */
static const struct invariant *const groups[] = {
    check_file,         check_accounts, check_people,  check_outbox,      check_references,
    check_secrets,      check_audit,    check_ledger,  check_wallets,     check_purchases,
    check_automatic,    check_cards,    check_refunds, check_adjustments, check_renewals,
    check_jobs,         check_moves,    check_profits, check_knowledge,   check_calls,
    check_reservations, check_engines,  check_usage,
};

/* What was counted once is not counted again. */
struct counted {
    const struct check_subject *subject;
    int64_t count;
};

struct walk {
    struct tx *tx;
    struct arena *arena; /* of one invariant */
    struct problem problem;
    struct counted counted[SUBJECTS_REMEMBERED];
    size_t n_counted;
    /* What domain/ says about accounts and posting kinds, a letter each (store/check.h). */
    char units[LEDGER_ACCOUNT_COUNT], owners[LEDGER_ACCOUNT_COUNT];
    char ways[POSTING_KIND_COUNT], overdrafts[POSTING_KIND_COUNT];
};

static void fill_letters(struct walk *walk)
{
    static const char owners[] = {
        [OWNER_SUBACCOUNT] = 's', [OWNER_AGENCY] = 'a', [OWNER_PLATFORM] = 'p'
    };
    static const char ways[] = {
        [WALLET_UP] = 'u', [WALLET_DOWN] = 'd', [WALLET_EITHER] = 'e', [WALLET_NEITHER] = 'n'
    };

    for (int i = 0; i < LEDGER_ACCOUNT_COUNT; i++) {
        walk->units[i] = (char)('0' + ledger_account_unit((enum ledger_account)i));
        walk->owners[i] = owners[ledger_account_owner((enum ledger_account)i)];
    }
    for (int i = 0; i < POSTING_KIND_COUNT; i++) {
        walk->ways[i] = ways[posting_kind_way((enum posting_kind)i)];
        walk->overdrafts[i] = posting_kind_may_overdraw((enum posting_kind)i) ? 'y' : 'n';
    }
}

static struct db_value letters(const char *at, size_t n)
{
    return db_text((struct str){ at, n });
}

/* --- showing a row --- */

/* What columns before it say about a column. */
struct context {
    id64_t agency;
    int64_t account; /* -1: none */
    int64_t unit;    /* -1: not known */
    struct str kind;
};

static const char *name_of(names_t names, int64_t number)
{
    for (int64_t i = 0; names[i] != NULL; i++) {
        if (i == number) return names[i];
    }
    return NULL;
}

static void add_id(struct buffer *out, enum id_kind kind, id64_t id)
{
    if (id == ID_NONE)
        buffer_add_c(out, "none");
    else if (id < 0)
        buffer_add_int(out, id); /* no id of ours */
    else
        buffer_add_id(out, kind, id);
}

static void add_id_of_kind(struct buffer *out, struct str prefix, id64_t id)
{
    for (int kind = 0; kind < ID_KIND_COUNT; kind++) {
        if (str_equal_c(prefix, id_prefix((enum id_kind)kind))) {
            add_id(out, (enum id_kind)kind, id);
            return;
        }
    }
    buffer_add_c(out, "-");
}

static void add_owner(struct buffer *out, const struct context *context, id64_t owner)
{
    if (owner == ID_NONE)
        buffer_add_c(out, "the platform");
    else
        add_id(out, owner == context->agency ? ID_AGENCY : ID_SUBACCOUNT, owner);
}

static void add_amount(struct buffer *out, const struct context *context, int64_t amount)
{
    switch (context->unit) {
    case UNIT_USD:
        buffer_add_micros(out, amount);
        buffer_add_c(out, " USD");
        return;
    case UNIT_BASIC_S:
    case UNIT_PREMIUM_S:
        buffer_add_int(out, amount);
        buffer_add_c(out, " s");
        return;
    default: buffer_add_int(out, amount);
    }
}

static void add_named(struct buffer *out, const char *name, int64_t number)
{
    if (name != NULL)
        buffer_add_c(out, name);
    else
        buffer_add_format(out, "number %" PRId64, number);
}

static void add_account(struct buffer *out, struct context *context, int64_t account)
{
    context->account = account;
    context->unit = account >= 0 && account < LEDGER_ACCOUNT_COUNT
        ? (int64_t)ledger_account_unit((enum ledger_account)account)
        : -1;
    add_named(out, name_of(ledger_account_names, account), account);
}

static void add_unit(struct buffer *out, struct context *context, struct str letter)
{
    context->unit = letter.len == 1 ? letter.at[0] - '0' : -1;
    add_named(out, name_of(ledger_unit_names, context->unit), context->unit);
}

static void add_value(struct buffer *out, struct context *context, const struct db_rows *row,
                      int column, const struct check_column *as)
{
    if (row_is_null(row, column)) {
        buffer_add_c(out, "none");
        return;
    }
    switch (as->show) {
    case SHOW_ID:
        if (context->kind.at != NULL)
            add_id_of_kind(out, context->kind, row_int(row, column));
        else
            add_id(out, as->id_kind, row_int(row, column));
        context->kind = STR_NONE;
        return;
    case SHOW_ACCOUNT: add_account(out, context, row_int(row, column)); return;
    case SHOW_OWNER: add_owner(out, context, row_int(row, column)); return;
    case SHOW_AMOUNT: add_amount(out, context, row_int(row, column)); return;
    case SHOW_UNIT: add_unit(out, context, row_text(row, column)); return;
    case SHOW_NAME:
        add_named(out, name_of(as->names, row_int(row, column)), row_int(row, column));
        return;
    case SHOW_NUMBER: buffer_add_int(out, row_int(row, column)); return;
    case SHOW_MONEY: buffer_add_micros(out, row_int(row, column)); return;
    case SHOW_INSTANT: buffer_add_instant(out, row_int(row, column)); return;
    case SHOW_TEXT: buffer_add(out, row_text(row, column)); return;
    case SHOW_KIND:
    case SHOW_NOTHING: return;
    }
}

/* "agency agy_…, posting pst_…, unit premium_s, sum 60 s: WHY" */
static struct str show_row(struct arena *arena, const struct db_rows *row,
                           const struct check_column *columns, struct str why)
{
    struct buffer out = buffer_new(arena, 256);
    struct context context = { .account = -1, .unit = -1, .kind = STR_NONE };

    for (int i = 0; columns[i].label != NULL; i++) {
        if (columns[i].show == SHOW_NOTHING) continue;
        if (columns[i].show == SHOW_KIND) {
            context.kind = row_text(row, i);
            continue;
        }
        if (columns[i].show == SHOW_ID && columns[i].id_kind == ID_AGENCY
            && context.kind.at == NULL)
            context.agency = row_int(row, i);
        buffer_add_format(&out, "%s%s ", out.len > 0 ? ", " : "", columns[i].label);
        add_value(&out, &context, row, i, &columns[i]);
    }
    if (!str_is_absent(why)) buffer_add_format(&out, ": %.*s", STR_ARG(why));
    return buffer_str(&out);
}

/* --- looking at one invariant --- */

/* Of a row that is kept the text stays; of one that is only counted, or fine, nothing does. */
static void take_fault(struct check_finding *finding, struct arena *arena,
                       const struct db_rows *row, struct str why)
{
    finding->n_faults++;
    if (finding->n_shown == FAULTS_SHOWN) return;
    finding->shown[finding->n_shown++] = show_row(arena, row, finding->invariant->columns, why);
}

static bool find_faults(struct walk *walk, struct check_finding *finding)
{
    const struct db_args args =
        ARGS(db_int(FAULTS_COUNTED), letters(walk->units, sizeof(walk->units)),
             letters(walk->owners, sizeof(walk->owners)), letters(walk->ways, sizeof(walk->ways)),
             letters(walk->overdrafts, sizeof(walk->overdrafts)));
    struct db_rows rows;

    if (!db_query(walk->tx, &rows, finding->invariant->sql, args)) return false;
    while (db_next(&rows))
        take_fault(finding, walk->arena, &rows, STR_NONE);
    return db_done(&rows);
}

static bool judge_page(struct walk *walk, struct check_finding *finding, int64_t keys[CHECK_KEYS],
                       int64_t *n)
{
    const struct invariant *invariant = finding->invariant;
    struct db_rows rows;

    *n = 0;
    if (!db_query(walk->tx, &rows, invariant->sql,
                  ARGS(db_int(PAGE_ROWS), db_int(keys[0]), db_int(keys[1]), db_int(keys[2]))))
        return false;
    for (; db_next(&rows); ++*n) {
        struct arena_mark mark = arena_mark(walk->arena);
        struct str why = invariant->judge(walk->tx, &rows);

        for (int i = 0; i < CHECK_KEYS; i++)
            keys[i] = row_int(&rows, i);
        if (!str_is_absent(why)) take_fault(finding, walk->arena, &rows, why);
        if (str_is_absent(why) || finding->n_faults > FAULTS_SHOWN) arena_rewind(walk->arena, mark);
    }
    return db_done(&rows);
}

static bool judge_rows(struct walk *walk, struct check_finding *finding)
{
    int64_t keys[CHECK_KEYS] = { INT64_MIN, INT64_MIN, INT64_MIN }, n;

    do {
        if (!judge_page(walk, finding, keys, &n)) return false;
    } while (n == PAGE_ROWS && finding->n_faults < FAULTS_COUNTED);
    return true;
}

static bool count(struct walk *walk, const struct check_subject *subject, int64_t *out)
{
    for (size_t i = 0; i < walk->n_counted; i++) {
        if (walk->counted[i].subject != subject) continue;
        *out = walk->counted[i].count;
        return true;
    }
    if (!db_find_int(walk->tx, subject->sql, NO_ARGS, 0, out)) return false;
    if (walk->n_counted < SUBJECTS_REMEMBERED)
        walk->counted[walk->n_counted++] = (struct counted){ subject, *out };
    return true;
}

static bool look(struct walk *walk, struct check_finding *finding)
{
    const struct invariant *invariant = finding->invariant;

    for (size_t i = 0; i < CHECK_SUBJECTS_MAX && invariant->subjects[i] != NULL; i++) {
        if (!count(walk, invariant->subjects[i], &finding->counted[i])) return false;
    }
    return invariant->judge != NULL ? judge_rows(walk, finding) : find_faults(walk, finding);
}

static bool begin(struct walk *walk)
{
    return tx_begin(walk->tx, walk->arena, &walk->problem, clock_now()) && check_prepare(walk->tx);
}

/* A statement that fails spoils its unit; what is wrong with the store itself, the transaction. Then
   the rest is looked at in another one: the snapshot matters less than the rest. */
static bool recover(struct walk *walk)
{
    if (tx_rollback_to(walk->tx)) return true;
    tx_rollback(walk->tx);
    problem_clear(&walk->problem);
    return begin(walk);
}

static bool look_at(struct walk *walk, const struct invariant *invariant, check_listener listener,
                    void *context)
{
    struct arena_mark mark = arena_mark(walk->arena);
    struct check_finding finding = { .invariant = invariant, .unreadable = STR_NONE };
    bool is_sound = tx_savepoint(walk->tx) && look(walk, &finding) && tx_release(walk->tx);

    if (!is_sound) finding.unreadable = problem_detail(&walk->problem);
    listener(context, &finding);
    if (!is_sound && !recover(walk)) return false;
    problem_clear(&walk->problem);
    arena_rewind(walk->arena, mark);
    return true;
}

/* Only what this version's migrations made can be judged by its rules. */
static bool is_ours(struct tx *tx)
{
    int64_t schema, newest = migrations[migrations_count - 1].number;

    if (!store_schema(tx, &schema)) return false;
    if (schema == newest) return true;
    if (schema > newest)
        return fail(tx->problem, REASON_STORE_TOO_NEW, NULL,
                    "The store's schema is number %" PRId64 ", this program's newest is %" PRId64
                    ": check it with the version that wrote it.",
                    schema, newest);
    if (schema == 0)
        return fail(tx->problem, REASON_INVALID, NULL,
                    "The store is empty, or no store of Minutebank: there is nothing to check.");
    return fail(tx->problem, REASON_INVALID, NULL,
                "The store's schema is number %" PRId64 ", this program's is %" PRId64
                ": run minutebank migrate first.",
                schema, newest);
}

static bool walk_groups(struct walk *walk, check_listener listener, void *context)
{
    bool is_sqlite = db_kind(walk->tx->db) == DB_SQLITE;

    if (!begin(walk) || !is_ours(walk->tx)) return false;
    for (size_t group = 0; group < COUNT_OF(groups); group++) {
        for (const struct invariant *at = groups[group]; at->name != NULL; at++) {
            if (at->only_sqlite && !is_sqlite) continue;
            if (!look_at(walk, at, listener, context)) return false;
        }
    }
    return true;
}

/* The walk's problem is its arena's, and so goes with it. */
static bool pass_on(struct problem *problem, const struct problem *from)
{
    struct str detail = problem_detail(from);

    return fail(problem, from->reason, NULL, "%.*s", STR_ARG(detail));
}

bool check_store(struct db *db, struct problem *problem, check_listener listener, void *context)
{
    struct walk walk = { .tx = db_connect(db, DB_READER, problem) };

    if (walk.tx == NULL) return false;
    walk.arena = arena_new(ARENA_BYTES);
    problem_init(&walk.problem, walk.arena);
    fill_letters(&walk);
    bool walked = walk_groups(&walk, listener, context) || pass_on(problem, &walk.problem);
    db_disconnect(walk.tx);
    arena_free(walk.arena);
    return walked;
}
