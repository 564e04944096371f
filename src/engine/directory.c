#include "engine/directory.h"

#include "engine/rosters.h"
#include "store/agencies.h"

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

static const struct roster_account *account_of(const struct sorted_row *row)
{
    return row->of;
}

static const struct subaccount_brief *brief_of(const struct sorted_row *row)
{
    return &account_of(row)->brief;
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

static bool passes(const struct directory_filter *filter, const struct subaccount_brief *brief,
                   struct str search)
{
    if (filter->kind >= 0 && brief->kind != filter->kind) return false;
    if (filter->status >= 0 ? brief->status != filter->status : brief->status == SUBACCOUNT_REMOVED)
        return false;
    if (!within_reach(filter, brief)) return false;
    return str_is_absent(search) || str_contains(brief->name_key, search)
        || str_contains(brief->email_key, search)
        || (!str_is_absent(brief->reference_key) && str_contains(brief->reference_key, search));
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
    int64_t *seconds[TIER_COUNT];
    micros_t base[TIER_COUNT];

    if (!base_prices_find(s->tx, s->agency, s->tx->now, base)) return false;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        seconds[tier] = ARENA_ARRAY(s->tx->arena, int64_t, s->n + 1);
        if (!subaccounts_balances(s->tx, s->agency, ledger_wallet((enum tier)tier), s->ids, s->n,
                                  seconds[tier]))
            return false;
    }
    for (size_t i = 0; i < s->n; i++) {
        const seconds_t left[TIER_COUNT] = { seconds[TIER_BASIC][i], seconds[TIER_PREMIUM][i] };
        micros_t prices[TIER_COUNT];

        roster_prices_at(account_of(&s->rows[i]), base, s->tx->now, prices);
        if (!wallet_worth(left, prices, &s->rows[i].place.number))
            return fail(s->tx->problem, REASON_OVERFLOW, NULL, "the worth of a wallet overflows");
    }
    return true;
}

static struct period *periods_of(const struct sorting *s)
{
    struct period *periods = ARENA_ARRAY(s->tx->arena, struct period, s->n + 1);
    struct cycles cycles = cycles_at(s->zone, s->tx->now);

    for (size_t i = 0; i < s->n; i++)
        periods[i] = cycles_find(&cycles, brief_of(&s->rows[i])->billing_anchor);
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
static const struct subaccount_brief *take_rows(struct sorting *s, const struct roster *roster)
{
    const struct subaccount_brief *primary = NULL;
    struct str search = str_fold(s->tx->arena, s->filter->search);

    s->rows = ARENA_ARRAY(s->tx->arena, struct sorted_row, roster->count + 1);
    s->ids = ARENA_ARRAY(s->tx->arena, id64_t, roster->count + 1);
    for (size_t i = 0; i < roster->count; i++) {
        const struct subaccount_brief *brief = &roster->at[i].brief;

        if (!passes(s->filter, brief, search)) continue;
        if (brief->kind == SUBACCOUNT_PRIMARY) {
            primary = brief;
            continue;
        }
        s->ids[s->n] = brief->id;
        s->rows[s->n++] = (struct sorted_row){ .of = &roster->at[i],
                                               .place = { .text = STR(""), .id = brief->id } };
    }
    return primary;
}

static bool page_of(struct sorting *s, const struct roster *roster, struct directory_page *out)
{
    const struct directory_filter *filter = s->filter;
    const struct subaccount_brief *primary = take_rows(s, roster);

    if (!fill_keys(s)) return false;
    struct sorted_ask ask = filter->page;
    bool shows_primary = primary != NULL && ask.after.id == ID_NONE;
    /* The primary is not sorted: whatever its keys, the others all come after it. */
    if (ask.after.id == filter->reach->primary) ask.after.id = ID_NONE;
    ask.limit -= shows_primary;
    struct sorted_page page = sorted_page(s->rows, s->n, &ask);
    *out = (struct directory_page){ .ids = ARENA_ARRAY(s->tx->arena, id64_t, page.count + 2),
                                    .total = s->n + (primary != NULL),
                                    .has_more = page.has_more,
                                    .last = page.last };
    if (shows_primary) out->ids[out->n++] = primary->id;
    for (size_t i = 0; i < page.count; i++)
        out->ids[out->n++] = brief_of(&page.rows[i])->id;
    if (page.count == 0 && shows_primary) out->last.id = primary->id;
    out->last.text = str_copy(s->tx->arena, out->last.text); /* the roster's */
    return true;
}

bool directory_page(struct tx *tx, id64_t agency, const struct zone *zone,
                    const struct directory_filter *filter, struct directory_page *out)
{
    struct sorting s = { .tx = tx, .agency = agency, .zone = zone, .filter = filter };
    const struct roster *roster;

    if (!roster_hold(tx, agency, &roster)) return false;
    bool ok = page_of(&s, roster, out);
    roster_release(tx, roster);
    return ok;
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
