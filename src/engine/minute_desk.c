#include "engine/minute_desk.h"

#include "domain/purchases.h"
#include "engine/minutes.h"
#include "store/subaccounts.h"

/* The agency's row first, as wherever several are locked. */
bool minute_desk_open(struct minute_desk *desk, struct tx *tx, id64_t agency, size_t accounts,
                      size_t orders)
{
    *desk = (struct minute_desk){
        .tx = tx,
        .ids = pairs_new(tx->arena, accounts),
        .accounts = ARENA_ARRAY(tx->arena, struct charged_account *, accounts),
        .wallets = ARENA_ARRAY(tx->arena, struct wallet, accounts),
        .postings = ARENA_ARRAY(tx->arena, struct posting, orders),
    };
    if (!credit_lock(tx, agency, &desk->credit)) return false;
    desk->agency = accounts_load(tx->cache, tx, agency);
    return desk->agency != NULL;
}

size_t minute_desk_seat(struct minute_desk *desk, id64_t subaccount)
{
    struct charged_account *account = accounts_by_id(desk->agency, subaccount);

    if (account == NULL) return MINUTE_DESK_NO_SEAT;
    size_t seat = pairs_add(&desk->ids, subaccount, 0);

    desk->accounts[seat] = account;
    return seat;
}

bool minute_desk_lock_wallets(struct minute_desk *desk)
{
    id64_t *owners = ARENA_ARRAY(desk->tx->arena, id64_t, desk->ids.count + 1);

    for (size_t seat = 0; seat < desk->ids.count; seat++)
        owners[seat] = desk->ids.at[seat].a;
    return ledger_wallets_lock(desk->tx, desk->agency->id, owners, desk->ids.count, desk->wallets);
}

void minute_desk_prices(const struct minute_desk *desk, size_t seat, struct tier_prices *out)
{
    instant_t now = desk->tx->now;

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        out->base[tier] = price_in_force(desk->agency->base[tier], now);
        out->set[tier] = price_in_force(desk->accounts[seat]->client[tier], now);
        out->effective[tier] = price_effective(out->base[tier], out->set[tier]);
    }
}

/* Only who is refused is looked up, for the name. */
bool minute_desk_require_account(const struct minute_desk *desk, size_t seat)
{
    struct subaccount account;

    return desk->accounts[seat]->status != SUBACCOUNT_REMOVED
        || (subaccount_load(desk->tx, desk->agency->id, desk->ids.at[seat].a, &account)
            && minutes_require_account(desk->tx, &account));
}

static void change_wallet(struct minute_desk *desk, const struct entry *entry)
{
    size_t seat = pairs_add(&desk->ids, entry->owner, 0); /* it is there */

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (entry->account == ledger_wallet((enum tier)tier))
            desk->wallets[seat].seconds[tier] += entry->amount;
    }
}

void minute_desk_take(struct minute_desk *desk, const struct posting *posting)
{
    const struct credit_change change = credit_change_of(posting);

    desk->postings[desk->n_postings++] = *posting;
    desk->credit.balance += change.credit;
    desk->credit.profit += change.profit;
    for (size_t i = 0; i < posting->n_entries; i++) {
        if (ledger_account_is_minutes(posting->entries[i].account))
            change_wallet(desk, &posting->entries[i]);
    }
}

bool minute_desk_post(struct minute_desk *desk)
{
    return ledger_post(desk->tx, desk->postings, desk->n_postings);
}

/* An order at the desk. */
struct served {
    struct minute_desk *desk;
    minute_desk_serve serve;
    void *order;
};

static bool serve(void *context)
{
    const struct served *served = context;

    return served->serve(served->desk, served->order);
}

bool minute_desk_serve_one(struct minute_desk *desk, struct problem *problem, minute_desk_serve how,
                           void *order, bool *done)
{
    struct served served = { desk, how, order };

    return tx_run_apart(desk->tx, desk->tx->arena, problem, serve, &served, done);
}
