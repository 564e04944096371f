#include "engine/profits.h"

#include "base/decimal.h"
#include "engine/rosters.h"
#include "store/agencies.h"
#include "store/ledger.h"

static bool between(struct tx *tx, const struct profit_mark *from, const struct profit_mark *to,
                    struct profit *out)
{
    return profit_between(&from->profit, &to->profit, out)
        || fail_as(tx->problem, REASON_OVERFLOW, NULL);
}

bool profit_total(struct tx *tx, const struct profit_range *range, struct profit_total *out)
{
    const instant_t ends[] = { range->span.start, range->span.end };
    struct profit_mark marks[COUNT_OF(ends)];

    if (!profit_marks(tx, range->agency, range->subaccount, ends, COUNT_OF(ends), marks))
        return false;
    out->changes = (struct profit_span){ range->agency, marks[0].seq, marks[1].seq };
    return between(tx, &marks[0], &marks[1], &out->profit);
}

static struct date month_of(const struct zone *zone, instant_t at)
{
    struct date date = zone_date(zone, at);

    date.day = 1;
    return date;
}

/* Where the first month begins: as asked, or with the first thing that was earned; nothing yet is no month. */
static bool find_start(struct tx *tx, const struct zone *zone, const struct profit_range *range,
                       instant_t *start)
{
    instant_t first;

    *start = range->span.start;
    if (*start != 0) return true;
    if (!profit_first_at(tx, range->agency, &first)) return false;
    *start = first == INSTANT_NONE ? range->span.end : zone_midnight(zone, month_of(zone, first));
    return true;
}

/* The boundaries of months from `start` to the range's end, one more than there are months. */
static bool cut_months(struct tx *tx, const struct zone *zone, struct period span, instant_t *cuts,
                       size_t *n)
{
    struct date month = month_of(zone, span.start);

    cuts[0] = span.start;
    for (*n = 0; cuts[*n] < span.end; (*n)++) {
        if (*n == PROFIT_MONTHS_MAX)
            return fail_field(tx->problem, REASON_RANGE_TOO_LONG, STR("to"),
                              "A range may have at most %d months.", PROFIT_MONTHS_MAX);
        month = date_add_months(month, 1);
        instant_t next = zone_midnight(zone, month);
        cuts[*n + 1] = next < span.end ? next : span.end;
    }
    return true;
}

bool profit_months(struct tx *tx, const struct zone *zone, const struct profit_range *range,
                   struct profit_month **out, size_t *n)
{
    instant_t *cuts = ARENA_ARRAY(tx->arena, instant_t, PROFIT_MONTHS_MAX + 1);
    struct profit_mark *marks = ARENA_ARRAY(tx->arena, struct profit_mark, PROFIT_MONTHS_MAX + 1);
    struct period span = range->span;

    if (!find_start(tx, zone, range, &span.start) || !cut_months(tx, zone, span, cuts, n)
        || !profit_marks(tx, range->agency, range->subaccount, cuts, *n + 1, marks))
        return false;
    *out = ARENA_ARRAY(tx->arena, struct profit_month, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i].span = (struct period){ cuts[i], cuts[i + 1] };
        if (!between(tx, &marks[i], &marks[i + 1], &(*out)[i].profit)) return false;
    }
    return true;
}

/* Profit by account, beside the roster. */
struct gathering {
    const struct roster *roster;
    int64_t after_seq;
    int sign;
    struct profit *profits;
    bool *changed; /* within the span */
    bool overflowed;
};

static void gather(void *context, id64_t subaccount, int64_t seq, struct profit profit)
{
    struct gathering *g = context;
    const struct roster_account *account = roster_find(g->roster, subaccount);

    if (account == NULL) return;
    size_t position = (size_t)(account - g->roster->at);
    struct profit *sum = &g->profits[position];

    if (!int64_add(sum->payable, g->sign * profit.payable, &sum->payable)
        || !int64_add(sum->collected, g->sign * profit.collected, &sum->collected))
        g->overflowed = true;
    if (seq > g->after_seq) g->changed[position] = true;
}

/* A change costs a fraction of what seeking an account's sums does, but there may be very many. */
static bool gather_profits(struct tx *tx, const struct profit_span *span, struct gathering *g)
{
    enum { CHANGES_A_SEEK = 8 };
    int64_t changes = span->to_seq - span->after_seq;

    g->sign = 1;
    if (changes / CHANGES_A_SEEK <= (int64_t)g->roster->count)
        return profit_changes_each(tx, span, gather, g);
    if (!profit_sums_each(tx, span->agency, span->to_seq, gather, g)) return false;
    g->sign = -1;
    return span->after_seq == 0 || profit_sums_each(tx, span->agency, span->after_seq, gather, g);
}

static struct place place_of(const struct subaccount_brief *brief, const struct profit *profit,
                             enum profit_sort sort)
{
    struct place place = { .text = STR(""), .id = brief->id };

    switch (sort) {
    case PROFIT_BY_NAME: place.text = brief->name_key; break;
    case PROFIT_BY_PAYABLE: place.number = profit->payable; break;
    case PROFIT_BY_COLLECTED: place.number = profit->collected; break;
    case PROFIT_BY_PROFIT: place.number = profit->payable + profit->collected; break;
    }
    return place;
}

static struct sorted_row *rows_of(struct arena *arena, const struct gathering *g,
                                  enum profit_sort sort, size_t *n)
{
    struct sorted_row *rows = ARENA_ARRAY(arena, struct sorted_row, g->roster->count + 1);

    *n = 0;
    for (size_t i = 0; i < g->roster->count; i++) {
        if (!g->changed[i]) continue;
        rows[(*n)++] = (struct sorted_row){
            .of = &g->roster->at[i],
            .place = place_of(&g->roster->at[i].brief, &g->profits[i], sort),
        };
    }
    return rows;
}

static struct profit_account account_of(const struct gathering *g, const struct sorted_row *row)
{
    const struct roster_account *account = row->of;

    return (struct profit_account){
        .id = account->brief.id,
        .status = account->brief.status,
        .profit = g->profits[account - g->roster->at],
    };
}

static bool page_of(struct tx *tx, const struct profit_span *span, const struct roster *roster,
                    enum profit_sort sort, const struct sorted_ask *ask, struct profit_page *out)
{
    struct gathering g = {
        .roster = roster,
        .after_seq = span->after_seq,
        .profits = ARENA_ARRAY(tx->arena, struct profit, roster->count + 1),
        .changed = ARENA_ARRAY(tx->arena, bool, roster->count + 1),
    };
    size_t n;

    if (!gather_profits(tx, span, &g)) return false;
    if (g.overflowed) return fail_as(tx->problem, REASON_OVERFLOW, NULL);
    struct sorted_row *rows = rows_of(tx->arena, &g, sort, &n);
    struct sorted_page page = sorted_page(rows, n, ask);
    *out = (struct profit_page){
        .at = ARENA_ARRAY(tx->arena, struct profit_account, page.count + 1),
        .count = page.count,
        .has_more = page.has_more,
        .last = page.last,
    };
    for (size_t i = 0; i < page.count; i++)
        out->at[i] = account_of(&g, &page.rows[i]);
    out->last.text = str_copy(tx->arena, page.last.text); /* the roster's */
    return true;
}

static bool name_page(struct tx *tx, id64_t agency, const struct profit_page *page)
{
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, page->count + 1);
    struct subaccount *accounts = ARENA_ARRAY(tx->arena, struct subaccount, page->count + 1);

    for (size_t i = 0; i < page->count; i++)
        ids[i] = page->at[i].id;
    if (!subaccounts_load_many(tx, agency, ids, page->count, accounts)) return false;
    for (size_t i = 0; i < page->count; i++)
        page->at[i].name = accounts[i].name;
    return true;
}

bool profit_accounts(struct tx *tx, const struct profit_total *total, enum profit_sort sort,
                     const struct sorted_ask *ask, struct profit_page *out)
{
    const struct profit_span *span = &total->changes;
    const struct roster *roster;

    if (!roster_hold(tx, span->agency, &roster)) return false;
    bool ok = page_of(tx, span, roster, sort, ask, out);
    roster_release(tx, roster);
    return ok && name_page(tx, span->agency, out);
}

bool profit_standing(struct tx *tx, id64_t agency_id, const struct zone *zone,
                     struct profit_standing *out)
{
    const instant_t now = INT64_MAX;
    struct agency agency;
    struct profit_mark mark;

    if (!agency_load(tx, agency_id, &agency)
        || !ledger_balance(tx, agency_id, LEDGER_PROFIT, agency_id, &out->profit)
        || !ledger_balance(tx, agency_id, LEDGER_CREDIT, agency_id, &out->credit)
        || !ledger_balance(tx, agency_id, LEDGER_PAYOUTS, agency_id, &out->paid_out)
        || !profit_marks(tx, agency_id, ID_NONE, &now, 1, &mark))
        return false;
    out->payable = profit_to_pay_out(out->profit, out->credit);
    out->threshold = agency.payout_threshold;
    out->earned = mark.profit;
    out->renewal_at = cycle_at(agency.subscription_start, zone, tx->now).end;
    return true;
}
