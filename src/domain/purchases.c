/* Buying minutes (domain.md §5): what is bought, and what is posted once it is paid. */
#include "domain/purchases.h"

#include "base/decimal.h"

#include <assert.h>

#define MICROS_PER_CENT (MICROS_PER_USD / 100)

const char *const purchase_state_names[] = {
    "pending", "processing", "succeeded", "requires_action", "failed", "canceled", "refunded", NULL,
};

const char *const purchase_provider_names[] = { "manual", "stripe", "test", NULL };

const char *const purchase_origin_names[] = { "direct", "auto_recharge", "auto_allocation", NULL };

static enum reason price_by_minutes(struct purchase *purchase, seconds_t seconds)
{
    if (seconds < 0) return REASON_TOO_SMALL;
    purchase->seconds = seconds;
    return money_card_amount(seconds, purchase->unit_price, &purchase->paid) ? REASON_NONE
                                                                             : REASON_OVERFLOW;
}

static enum reason price_by_amount(struct purchase *purchase, micros_t amount)
{
    if (amount < 0) return REASON_TOO_SMALL;
    if (amount % MICROS_PER_CENT != 0) return REASON_BAD_MONEY;
    purchase->paid = amount;
    return money_seconds_for(amount, purchase->unit_price, &purchase->seconds) ? REASON_NONE
                                                                               : REASON_OVERFLOW;
}

/* Minutes that cost nothing are granted, not bought: a price of zero buys nothing here. */
enum reason purchase_price(struct purchase *purchase, seconds_t seconds, micros_t amount,
                           micros_t base, micros_t client)
{
    if (seconds != 0 && amount != 0) return REASON_EXCLUSIVE_FIELDS;
    if (client <= 0) return REASON_NOTHING_TO_BUY;

    purchase->unit_price = client;
    purchase->base_price = base;

    enum reason refused =
        amount != 0 ? price_by_amount(purchase, amount) : price_by_minutes(purchase, seconds);

    if (refused != REASON_NONE) return refused;
    if (purchase->seconds == 0) return REASON_NOTHING_TO_BUY;
    if (purchase->seconds > PURCHASE_SECONDS_MAX || purchase->paid > PURCHASE_AMOUNT_MAX)
        return REASON_TOO_LARGE;
    return REASON_NONE;
}

enum reason may_mark_paid(const struct purchase *purchase)
{
    bool waits_for_agency =
        purchase->provider == PROVIDER_MANUAL && purchase->state == PURCHASE_PENDING;

    return waits_for_agency ? REASON_NONE : REASON_PURCHASE_NOT_PENDING;
}

enum reason may_cancel_purchase(const struct purchase *purchase)
{
    return may_mark_paid(purchase);
}

enum reason may_complete_action(const struct purchase *purchase)
{
    return purchase->state == PURCHASE_REQUIRES_ACTION ? REASON_NONE : REASON_NO_ACTION_REQUIRED;
}

bool purchase_is_at_rest(const struct purchase *purchase)
{
    bool waits_for_card =
        purchase->provider != PROVIDER_MANUAL && purchase->state == PURCHASE_PENDING;

    return !waits_for_card && purchase->state != PURCHASE_PROCESSING;
}

/* A base price that rose above the price paid makes the markup negative: a loss, which is no
   rounding. */
enum reason purchase_split(const struct purchase *purchase, micros_t *base_value, micros_t *markup,
                           bool *markup_is_rounding)
{
    if (!money_value(purchase->seconds, purchase->base_price, base_value)
        || !int64_subtract(purchase->paid, *base_value, markup))
        return REASON_OVERFLOW;
    *markup_is_rounding = purchase->unit_price <= purchase->base_price && *markup >= 0;
    return REASON_NONE;
}

const struct money_path *purchase_money_path(const struct purchase *purchase)
{
    static const struct money_path paths[] = {
        [PROVIDER_MANUAL] = { LEDGER_CREDIT, LEDGER_OUTSIDE, LEDGER_COLLECTED },
        [PROVIDER_STRIPE] = { LEDGER_CASH, LEDGER_CASH, LEDGER_PROFIT },
        [PROVIDER_TEST] = { LEDGER_CASH, LEDGER_CASH, LEDGER_PROFIT },
    };

    assert(purchase->provider >= 0 && (size_t)purchase->provider < COUNT_OF(paths));
    return &paths[purchase->provider];
}

void posting_transfer_money(struct posting *posting, enum ledger_account from,
                            enum ledger_account to, micros_t amount)
{
    id64_t from_owner = ledger_account_owner(from) == OWNER_AGENCY ? posting->agency : ID_NONE;
    id64_t to_owner = ledger_account_owner(to) == OWNER_AGENCY ? posting->agency : ID_NONE;

    posting_transfer(posting, from, from_owner, to, to_owner, amount);
}

enum reason posting_for_purchase(struct purchase *purchase, id64_t posting_id, instant_t at,
                                 struct posting *out)
{
    assert(purchase->tier >= 0 && purchase->tier < TIER_COUNT);
    const struct money_path *path = purchase_money_path(purchase);
    enum tier tier = (enum tier)purchase->tier;
    micros_t base_value, markup;
    bool markup_is_rounding;

    enum reason refused = purchase_split(purchase, &base_value, &markup, &markup_is_rounding);

    if (refused != REASON_NONE) return refused;

    *out = posting_begin(POSTING_PURCHASE, posting_id, purchase->agency_id, purchase->subaccount_id,
                         at);
    out->reference = purchase->id;
    out->purchase = purchase->id;
    out->key = purchase->id;
    posting_transfer(out, ledger_issued(tier), ID_NONE, ledger_wallet(tier),
                     purchase->subaccount_id, purchase->seconds);
    posting_transfer_money(out, path->base_from, LEDGER_BASE_REVENUE, base_value);
    posting_transfer_money(out, path->markup_from,
                           markup_is_rounding ? LEDGER_ROUNDING : path->markup_to, markup);

    purchase->profit = markup_is_rounding ? 0 : markup;
    return posting_check(out);
}

struct credit_change credit_change_of(const struct posting *posting)
{
    struct credit_change change = { 0 };

    for (size_t i = 0; i < posting->n_entries; i++) {
        if (posting->entries[i].account == LEDGER_CREDIT)
            change.credit = posting->entries[i].amount;
        if (posting->entries[i].account == LEDGER_PROFIT)
            change.profit = posting->entries[i].amount;
    }
    return change;
}

static __int128 covered(__int128 credit, __int128 profit)
{
    return credit + (profit > 0 ? profit : 0);
}

/* What brings the sum up breaks nothing, also when a lowered limit has left it too low already. */
enum reason credit_allows(micros_t credit, micros_t profit, micros_t limit,
                          struct credit_change change)
{
    __int128 before = covered(credit, profit);
    __int128 after = covered((__int128)credit + change.credit, (__int128)profit + change.profit);

    if (limit == MICROS_NONE || after >= before || after >= -(__int128)limit) return REASON_NONE;
    return REASON_INSUFFICIENT_CREDIT;
}
