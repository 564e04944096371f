#include "engine/directory.h"

/* What one sorting needs of all rows: columns side by side. */
struct sorting {
    struct tx *tx;
    id64_t agency;
    const struct zone *zone;
    const struct directory_filter *filter;
    struct sorted_row *rows;
    id64_t *ids;
    size_t n;
};

static const struct subaccount_brief *brief_of(const struct sorted_row *row)
{
    return row->of;
}

static bool within_reach(const struct directory_filter *filter,
                         const struct subaccount_brief *brief)
{
    const struct reach *reach = filter->reach;

    if (brief->kind == SUBACCOUNT_PRIMARY) return filter->shows_primary;
    if (reach->all) return true;
    for (size_t i = 0; i < reach->n_granted; i++) {
        if (reach->granted[i] == brief->id) return true;
    }
    return false;
}

static bool passes(const struct sorting *sorting, const struct subaccount_brief *brief,
                   struct str search)
{
    const struct directory_filter *filter = sorting->filter;

    if (filter->kind >= 0 && brief->kind != filter->kind) return false;
    if (filter->status >= 0 ? brief->status != filter->status : brief->status == SUBACCOUNT_REMOVED)
        return false;
    if (!within_reach(filter, brief)) return false;
    return str_is_absent(search) || str_contains(brief->name_key, search)
        || str_contains(brief->email_key, search)
        || (!str_is_absent(brief->reference)
            && str_contains(str_fold(sorting->tx->arena, brief->reference), search));
}

static bool key_by_balance_of(struct sorting *s, int account)
{
    int64_t *balances = ARENA_ARRAY(s->tx->arena, int64_t, s->n + 1);

    if (!subaccounts_balances(s->tx, s->agency, account, s->ids, s->n, balances)) return false;
    for (size_t i = 0; i < s->n; i++)
        s->rows[i].place.number = balances[i];
    return true;
}

static bool key_by_worth(struct sorting *s)
{
    struct tier_prices *prices = ARENA_ARRAY(s->tx->arena, struct tier_prices, s->n + 1);
    struct wallet *wallets = ARENA_ARRAY(s->tx->arena, struct wallet, s->n + 1);

    if (!subaccounts_prices(s->tx, s->agency, s->ids, s->n, s->tx->now, prices)
        || !ledger_wallets(s->tx, s->agency, s->ids, s->n, wallets))
        return false;
    for (size_t i = 0; i < s->n; i++) {
        if (!wallet_worth(wallets[i].seconds, prices[i].effective, &s->rows[i].place.number))
            return fail(s->tx->problem, REASON_OVERFLOW, NULL, "the worth of a wallet overflows");
    }
    return true;
}

static struct period *periods_of(const struct sorting *s)
{
    struct period *periods = ARENA_ARRAY(s->tx->arena, struct period, s->n + 1);

    for (size_t i = 0; i < s->n; i++)
        periods[i] = cycle_at(brief_of(&s->rows[i])->billing_anchor, s->zone, s->tx->now);
    return periods;
}

static bool key_by_usage(struct sorting *s)
{
    struct period_usage *usage = ARENA_ARRAY(s->tx->arena, struct period_usage, s->n + 1);

    if (!subaccounts_period_usage(s->tx, s->agency, s->ids, periods_of(s), s->n, usage))
        return false;
    for (size_t i = 0; i < s->n; i++)
        s->rows[i].place.number =
            s->filter->sort == SORT_SPENT ? usage[i].spent : usage[i].billed_seconds;
    return true;
}

static bool key_by_billing_date(struct sorting *s)
{
    const struct period *periods = periods_of(s);

    for (size_t i = 0; i < s->n; i++)
        s->rows[i].place.number = periods[i].end;
    return true;
}

static bool fill_keys(struct sorting *s)
{
    switch (s->filter->sort) {
    case SORT_BASIC_SECONDS: return key_by_balance_of(s, LEDGER_WALLET_BASIC);
    case SORT_PREMIUM_SECONDS: return key_by_balance_of(s, LEDGER_WALLET_PREMIUM);
    case SORT_KNOWLEDGE: return key_by_balance_of(s, LEDGER_KNOWLEDGE);
    case SORT_BALANCE: return key_by_worth(s);
    case SORT_MINUTES_USED:
    case SORT_SPENT: return key_by_usage(s);
    case SORT_BILLING_DATE: return key_by_billing_date(s);
    default: break;
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct subaccount_brief *brief = brief_of(&s->rows[i]);
        if (s->filter->sort == SORT_NAME)
            s->rows[i].place.text = brief->name_key;
        else if (s->filter->sort == SORT_EMAIL)
            s->rows[i].place.text = brief->email_key;
        else
            s->rows[i].place.number =
                s->filter->sort == SORT_STATUS ? brief->status : brief->created_at;
    }
    return true;
}

/* Filters, leaving the primary aside: it is not sorted but pinned. */
static const struct subaccount_brief *take_rows(struct sorting *s, const struct list *briefs)
{
    const struct subaccount_brief *all = briefs->at, *primary = NULL;
    struct str search = str_fold(s->tx->arena, s->filter->search);

    s->rows = ARENA_ARRAY(s->tx->arena, struct sorted_row, briefs->count + 1);
    s->ids = ARENA_ARRAY(s->tx->arena, id64_t, briefs->count + 1);
    for (size_t i = 0; i < briefs->count; i++) {
        if (!passes(s, &all[i], search)) continue;
        if (all[i].kind == SUBACCOUNT_PRIMARY) {
            primary = &all[i];
            continue;
        }
        s->ids[s->n] = all[i].id;
        s->rows[s->n++] =
            (struct sorted_row){ .of = &all[i], .place = { .text = STR(""), .id = all[i].id } };
    }
    return primary;
}

static bool needs_names(const struct directory_filter *filter)
{
    return filter->sort == SORT_NAME || filter->sort == SORT_EMAIL
        || !str_is_absent(filter->search);
}

bool directory_page(struct tx *tx, id64_t agency, const struct zone *zone,
                    const struct directory_filter *filter, struct directory_page *out)
{
    struct sorting s = { .tx = tx, .agency = agency, .zone = zone, .filter = filter };
    struct list briefs;

    if (!subaccount_briefs(tx, agency, needs_names(filter), &briefs)) return false;
    const struct subaccount_brief *primary = take_rows(&s, &briefs);
    if (!fill_keys(&s)) return false;

    struct sorted_ask ask = filter->page;
    bool shows_primary = primary != NULL && ask.after.id == ID_NONE;
    /* The primary is not sorted: whatever its keys, the others all come after it. */
    if (ask.after.id == filter->reach->primary) ask.after.id = ID_NONE;
    ask.limit -= shows_primary;
    struct sorted_page page = sorted_page(s.rows, s.n, &ask);
    *out = (struct directory_page){ .ids = ARENA_ARRAY(tx->arena, id64_t, page.count + 2),
                                    .total = s.n + (primary != NULL),
                                    .has_more = page.has_more,
                                    .last = page.last };
    if (shows_primary) out->ids[out->n++] = primary->id;
    for (size_t i = 0; i < page.count; i++)
        out->ids[out->n++] = brief_of(&page.rows[i])->id;
    if (page.count == 0 && shows_primary) out->last.id = primary->id;
    return true;
}

bool directory_rows(struct tx *tx, id64_t agency, const struct zone *zone, const id64_t *ids,
                    size_t n, struct directory_row *out)
{
    struct subaccount *accounts = ARENA_ARRAY(tx->arena, struct subaccount, n + 1);
    struct tier_prices *prices = ARENA_ARRAY(tx->arena, struct tier_prices, n + 1);
    struct wallet *wallets = ARENA_ARRAY(tx->arena, struct wallet, n + 1);
    struct period *periods = ARENA_ARRAY(tx->arena, struct period, n + 1);
    struct period_usage *usage = ARENA_ARRAY(tx->arena, struct period_usage, n + 1);
    int64_t *knowledge = ARENA_ARRAY(tx->arena, int64_t, n + 1);

    if (!subaccounts_load_many(tx, agency, ids, n, accounts)) return false;
    for (size_t i = 0; i < n; i++)
        periods[i] = cycle_at(accounts[i].billing_anchor, zone, tx->now);
    if (!subaccounts_prices(tx, agency, ids, n, tx->now, prices)
        || !ledger_wallets(tx, agency, ids, n, wallets)
        || !subaccounts_balances(tx, agency, LEDGER_KNOWLEDGE, ids, n, knowledge)
        || !subaccounts_period_usage(tx, agency, ids, periods, n, usage)
        || !subaccounts_period_purchased(tx, agency, ids, periods, n, usage))
        return false;
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct directory_row){ .account = accounts[i],
                                         .prices = prices[i],
                                         .wallet = wallets[i],
                                         .knowledge = knowledge[i],
                                         .period = periods[i],
                                         .usage = usage[i] };
    }
    return true;
}
