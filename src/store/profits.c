#include "store/profits.h"

#include "domain/accounts.h"
#include "store/many.h"

/* What one posting does to profit, as it is written. */
struct noted {
    id64_t posting, subaccount, purchase;
    struct profit change;
};

/* clang-format off */
static const struct field noted_columns[] = {
    FIELD_ID(struct noted, posting, ID_POSTING),
    FIELD_ID(struct noted, subaccount, ID_SUBACCOUNT),
    FIELD_ID(struct noted, purchase, ID_PURCHASE),
    FIELD_INTEGER(struct noted, change.payable),
    FIELD_INTEGER(struct noted, change.collected),
    FIELD_END,
};
/* clang-format on */

/* Each after the last change of the agency and the last of the sub-account, of which there may be none yet. */
#define INSERT_CHANGE                                                                                     \
    "INSERT INTO profit_changes (agency_id, seq, posting_id, subaccount_id, purchase_id, payable_micros," \
    " collected_micros, agency_payable_micros, agency_collected_micros, subaccount_payable_micros,"       \
    " subaccount_collected_micros, posted_at)"
#define LAST_OF_AGENCY                                                                           \
    "(SELECT seq, agency_payable_micros, agency_collected_micros, posted_at FROM profit_changes" \
    " WHERE agency_id = $6 ORDER BY seq DESC LIMIT 1) AS a" /* the key */
#define LAST_OF_SUBACCOUNT \
    "(SELECT subaccount_payable_micros, subaccount_collected_micros FROM profit_changes WHERE agency_id = $6"
#define NEVER_BEFORE " CASE WHEN a.posted_at > $7 THEN a.posted_at ELSE $7 END"
static const struct db_bulk insert_changes = {
    .row_sql = INSERT_CHANGE
    " SELECT $6, COALESCE(a.seq, 0) + 1, $1, $2, $3, $4, $5,"
    " COALESCE(a.agency_payable_micros, 0) + $4, COALESCE(a.agency_collected_micros, 0) + $5,"
    " COALESCE(s.subaccount_payable_micros, 0) + $4, COALESCE(s.subaccount_collected_micros, 0) + $5," NEVER_BEFORE
    " FROM (SELECT 1 AS here) AS one LEFT JOIN " LAST_OF_AGENCY
    " ON here = 1 LEFT JOIN " LAST_OF_SUBACCOUNT
    " AND subaccount_id = $2 ORDER BY seq DESC LIMIT 1) AS s" /* by subaccount */
    " ON here = 1",
    .set_sql = INSERT_CHANGE
    " SELECT $6::bigint, COALESCE(a.seq, 0) + u.n, u.posting, u.subaccount, u.purchase, u.payable, u.collected,"
    " COALESCE(a.agency_payable_micros, 0) + SUM(u.payable) OVER so_far,"
    " COALESCE(a.agency_collected_micros, 0) + SUM(u.collected) OVER so_far,"
    " COALESCE(s.subaccount_payable_micros, 0) + SUM(u.payable) OVER its_own,"
    " COALESCE(s.subaccount_collected_micros, 0) + SUM(u.collected) OVER its_own," NEVER_BEFORE
    " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])"
    " WITH ORDINALITY AS u (posting, subaccount, purchase, payable, collected, n) LEFT JOIN " LAST_OF_AGENCY
    " ON TRUE LEFT JOIN LATERAL " LAST_OF_SUBACCOUNT
    " AND subaccount_id = u.subaccount ORDER BY seq DESC LIMIT 1) AS s ON TRUE"
    " WINDOW so_far AS (ORDER BY u.n), its_own AS (PARTITION BY u.subaccount ORDER BY u.n)",
};
#undef INSERT_CHANGE
#undef LAST_OF_AGENCY
#undef LAST_OF_SUBACCOUNT
#undef NEVER_BEFORE

bool profit_changes_note(struct tx *tx, const struct posting *postings, size_t n)
{
    struct noted *rows = ARENA_ARRAY(tx->arena, struct noted, n);
    const void **changes = ARENA_ARRAY(tx->arena, const void *, n);
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct noted){ postings[i].id, postings[i].subject, postings[i].purchase,
                                  profit_of_posting(&postings[i]) };
        if (rows[i].change.payable != 0 || rows[i].change.collected != 0)
            changes[count++] = &rows[i];
    }
    return db_bulk_write(tx, &insert_changes, noted_columns, changes, count,
                         ARGS(db_int(postings[0].agency), db_int(tx->now)));
}

static void take_mark(void *context, size_t position, const struct db_rows *row)
{
    ((struct profit_mark *)context)[position] =
        (struct profit_mark){ row_int(row, 1), { row_int(row, 2), row_int(row, 3) } };
}

#define BY_TIME " ORDER BY posted_at DESC, seq DESC LIMIT 1" /* profit_changes_by_time */

static bool agency_marks(struct tx *tx, id64_t agency, const instant_t *at, size_t n,
                         struct profit_mark *out)
{
    static const struct db_bulk find = {
        .row_sql =
            "SELECT $2, seq, agency_payable_micros, agency_collected_micros FROM profit_changes"
            " WHERE agency_id = $3 AND posted_at < $1" BY_TIME,
        .set_sql =
            "SELECT u.position, c.seq, c.agency_payable_micros, c.agency_collected_micros"
            " FROM unnest($1::bigint[], $2::bigint[]) AS u (at, position) CROSS JOIN LATERAL"
            " (SELECT seq, agency_payable_micros, agency_collected_micros FROM profit_changes"
            " WHERE agency_id = $3::bigint AND posted_at < u.at" BY_TIME ") AS c",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct profit_mark){ 0 };
    return many_find_each(tx, &find, at, n, ARGS(db_int(agency)), take_mark, out);
}

static void take_profit(void *context, size_t position, const struct db_rows *row)
{
    ((struct profit_mark *)context)[position].profit =
        (struct profit){ row_int(row, 1), row_int(row, 2) };
}

#define BY_SEQ " ORDER BY seq DESC LIMIT 1" /* profit_changes_by_subaccount */

/* What one of the sub-accounts had earned at marks of the agency. */
static bool narrow_marks(struct tx *tx, id64_t agency, id64_t subaccount, size_t n,
                         struct profit_mark *marks)
{
    static const struct db_bulk find = {
        .row_sql =
            "SELECT $2, subaccount_payable_micros, subaccount_collected_micros FROM profit_changes"
            " WHERE agency_id = $3 AND subaccount_id = $4 AND seq <= $1" BY_SEQ,
        .set_sql =
            "SELECT u.position, c.subaccount_payable_micros, c.subaccount_collected_micros"
            " FROM unnest($1::bigint[], $2::bigint[]) AS u (seq, position) CROSS JOIN LATERAL"
            " (SELECT subaccount_payable_micros, subaccount_collected_micros FROM profit_changes"
            " WHERE agency_id = $3::bigint AND subaccount_id = $4::bigint AND seq <= u.seq" BY_SEQ
            ") AS c",
    };
    int64_t *seqs = ARENA_ARRAY(tx->arena, int64_t, n + 1);

    for (size_t i = 0; i < n; i++) {
        seqs[i] = marks[i].seq;
        marks[i].profit = (struct profit){ 0, 0 };
    }
    return many_find_each(tx, &find, seqs, n, ARGS(db_int(agency), db_int(subaccount)), take_profit,
                          marks);
}

bool profit_marks(struct tx *tx, id64_t agency, id64_t subaccount, const instant_t *at, size_t n,
                  struct profit_mark *out)
{
    return agency_marks(tx, agency, at, n, out)
        && (subaccount == ID_NONE || narrow_marks(tx, agency, subaccount, n, out));
}

bool profit_first_at(struct tx *tx, id64_t agency, instant_t *out)
{
    return db_find_int(tx, "SELECT posted_at FROM profit_changes WHERE agency_id = $1 AND seq = 1",
                       ARGS(db_int(agency)), INSTANT_NONE, out);
}

static bool take_each(struct db_rows *rows, profit_function take, void *context)
{
    while (db_next(rows))
        take(context, row_id(rows, 0), row_int(rows, 1),
             (struct profit){ row_int(rows, 2), row_int(rows, 3) });
    return db_done(rows);
}

bool profit_changes_each(struct tx *tx, const struct profit_span *span, profit_function take,
                         void *context)
{
    struct db_rows rows;

    return db_query(
               tx, &rows,
               "SELECT subaccount_id, seq, payable_micros, collected_micros FROM profit_changes"
               " WHERE agency_id = $1 AND seq > $2 AND seq <= $3" /* its key */,
               ARGS(db_int(span->agency), db_int(span->after_seq), db_int(span->to_seq)))
        && take_each(&rows, take, context);
}

bool profit_sums_each(struct tx *tx, id64_t agency, int64_t to_seq, profit_function take,
                      void *context)
{
    static const char sql[] =
        "WITH m AS MATERIALIZED (SELECT (SELECT MAX(c.seq) FROM profit_changes c WHERE c.agency_id = $1"
        " AND c.subaccount_id = s.id AND c.seq <= $2) AS seq" /* profit_changes_by_subaccount */
        " FROM subaccounts s WHERE s.agency_id = $1)"
        " SELECT e.subaccount_id, e.seq, e.subaccount_payable_micros, e.subaccount_collected_micros"
        " FROM m JOIN profit_changes e ON e.agency_id = $1 AND e.seq = m.seq" /* its key */;
    struct db_rows rows;

    return db_query(tx, &rows, sql, ARGS(db_int(agency), db_int(to_seq)))
        && take_each(&rows, take, context);
}

/* clang-format off */
static const struct field purchase_row[] = {
    FIELD_INTEGER(struct profit_purchase, seq),
    FIELD_ID(struct profit_purchase, id, ID_PURCHASE),
    FIELD_ID(struct profit_purchase, subaccount_id, ID_SUBACCOUNT),
    FIELD_NAME(struct profit_purchase, tier, tier_names),
    FIELD_INTEGER(struct profit_purchase, seconds),
    FIELD_INTEGER(struct profit_purchase, paid),
    FIELD_INTEGER(struct profit_purchase, profit.payable),
    FIELD_INTEGER(struct profit_purchase, profit.collected),
    FIELD_INTEGER(struct profit_purchase, changes),
    FIELD_INSTANT(struct profit_purchase, changed_at),
    FIELD_END,
};
/* clang-format on */

/* clang-format off */
/* Without statistics SQLite takes the primary key for every condition on seq. */
#define BY_PURCHASE " /*sqlite INDEXED BY profit_changes_by_purchase*/"
#define BY_SUBACCOUNT " /*sqlite INDEXED BY profit_changes_by_subaccount*/"

#define OF_PURCHASE(sum)                                                                                               \
    "(SELECT CAST(" sum " AS BIGINT) FROM profit_changes o" BY_PURCHASE " WHERE o.agency_id = $1"                      \
    " AND o.purchase_id = c.purchase_id AND o.seq > $2 AND o.seq <= $3)"

/* The last change of each purchase within the span stands for it. */
#define LAST_CHANGES(index, condition)                                                                                 \
    "SELECT c.seq, c.purchase_id, c.subaccount_id, p.tier, p.seconds, p.paid_micros, "                                 \
    OF_PURCHASE("SUM(o.payable_micros)") ", " OF_PURCHASE("SUM(o.collected_micros)") ", " OF_PURCHASE("COUNT(*)")      \
    ", c.posted_at FROM profit_changes c" index                                                                        \
    " JOIN purchases p ON p.agency_id = c.agency_id AND p.id = c.purchase_id"                                          \
    " WHERE c.agency_id = $1 AND c.seq > $2 AND c.seq <= $4" condition                                                  \
    " AND NOT EXISTS (SELECT 1 FROM profit_changes l" BY_PURCHASE " WHERE l.agency_id = $1"                            \
    " AND l.purchase_id = c.purchase_id AND l.seq > c.seq AND l.seq <= $3) ORDER BY c.seq DESC LIMIT $5"
/* clang-format on */

bool profits_by_purchase(struct tx *tx, const struct profit_span *span, id64_t subaccount,
                         int64_t before_seq, int64_t limit, struct list *out)
{
    static const char of_agency[] = LAST_CHANGES("", "") /* the key */;
    static const char of_one[] = LAST_CHANGES(BY_SUBACCOUNT, " AND c.subaccount_id = $6");
    bool begins_later = before_seq != 0 && before_seq <= span->to_seq;
    struct db_args args = ARGS(db_int(span->agency), db_int(span->after_seq), db_int(span->to_seq),
                               db_int(begins_later ? before_seq - 1 : span->to_seq), db_int(limit),
                               db_int(subaccount));

    args.count -= subaccount == ID_NONE;
    return db_list(tx, subaccount == ID_NONE ? of_agency : of_one, args, purchase_row,
                   sizeof(struct profit_purchase), (size_t)limit, out);
}
