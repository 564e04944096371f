/* Chains of everything that moves minutes and money: purchases of both kinds, grants, adjustments, moves, changes of
   prices, calls, refunds that arrive and that fail, lost disputes, settlements, payouts. Nothing of it mints value: what
   minutes are worth at base is what the platform was paid or is owed for them, and no more markup is paid out than came
   in (domain.md §§5, 6, 11). */
#include "agency_fixture.h"
#include "property.h"

#include "base/id.h"
#include "engine/adjustments.h"
#include "engine/charges.h"
#include "engine/credit.h"
#include "engine/moves.h"
#include "engine/payment_methods.h"
#include "engine/purchases.h"
#include "engine/refunds.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/purchases.h"

enum { CHAINS = 150, STEPS = 60, PURCHASES_MAX = STEPS };

#define USD(n) (MICROS_PER_USD * (n))

static const id64_t accounts[] = { PRIMARY, HARBOR, LAKESIDE };

struct chain {
    struct store *store;
    struct tx *tx;
    struct rng *rng;
    micros_t base;
    id64_t cards[COUNT_OF(accounts)];
    id64_t purchases[PURCHASES_MAX];
    size_t n_purchases;

    /* What the model knows by itself. */
    seconds_t given, used;
    micros_t card_markup; /* that came in by cards, less what went back */
    micros_t paid_out;
    int64_t postings;
};

static const struct actor ada = { .user = OWNER };

static int64_t balance(const struct chain *chain, enum ledger_account account, id64_t owner)
{
    int64_t out;

    assert_ok(chain->store, ledger_balance(chain->tx, AGENCY, account, owner, &out));
    return out;
}

static id64_t any_account(struct chain *chain)
{
    return accounts[rng_between(chain->rng, 0, COUNT_OF(accounts) - 1)];
}

/* --- steps: each true when it was done, false when it was refused --- */

static void remember(struct chain *chain, id64_t purchase)
{
    chain->purchases[chain->n_purchases++] = purchase;
}

static struct purchase_order order_of(struct chain *chain, size_t account, bool by_card)
{
    bool by_amount = rng_next(chain->rng) % 2 == 0;

    return (struct purchase_order){
        .agency = AGENCY,
        .subaccount = accounts[account],
        .tier = TIER_PREMIUM,
        .seconds = by_amount ? 0 : rng_between(chain->rng, 1, 20000),
        .amount = by_amount ? rng_between(chain->rng, 1, 10000) * 10000 : 0,
        .payer = by_card ? accounts[account] : ID_NONE,
        .payment_method = by_card ? chain->cards[account] : ID_NONE,
        .created_by = OWNER,
    };
}

static bool buy_by_hand(struct chain *chain)
{
    const struct purchase_order order =
        order_of(chain, (size_t)rng_between(chain->rng, 0, COUNT_OF(accounts) - 1), false);
    struct purchase purchase;

    if (!purchase_create(chain->tx, &order, &purchase)
        || !purchase_mark_paid(chain->tx, AGENCY, purchase.id, ada, &purchase))
        return false;
    remember(chain, purchase.id);
    return true;
}

static bool buy_by_card(struct chain *chain)
{
    const struct payment_answer charged = { PAYMENT_SUCCEEDED, STR("ch_1"), STR_NONE };
    const struct purchase_order order =
        order_of(chain, (size_t)rng_between(chain->rng, 0, COUNT_OF(accounts) - 1), true);
    struct payment_charge charge;
    struct purchase purchase;
    enum charge_step step;

    if (!purchase_create(chain->tx, &order, &purchase)) return false;
    assert_ok(chain->store,
              charge_begin(chain->tx, AGENCY, purchase.id, 0, &step, &charge)
                  && step == CHARGE_ASK);
    /* A processor may tell it twice. */
    for (int times = 0; times < 2; times++)
        assert_ok(chain->store, charge_answered(chain->tx, AGENCY, purchase.id, &charged, &step));
    assert_ok(chain->store, purchase_find(chain->tx, AGENCY, purchase.id, &purchase));
    assert_int_equal(purchase.state, PURCHASE_SUCCEEDED);
    chain->card_markup += purchase.profit;
    remember(chain, purchase.id);
    return true;
}

static bool any_purchase(struct chain *chain, struct purchase *out)
{
    if (chain->n_purchases == 0) return false;
    size_t which = (size_t)rng_between(chain->rng, 0, (int64_t)chain->n_purchases - 1);

    return purchase_find(chain->tx, AGENCY, chain->purchases[which], out);
}

/* A card's refund arrives, fails, or fails after a dispute was lost meanwhile. */
static void end_refund(struct chain *chain, const struct refund *refund)
{
    struct refund dispute;

    switch (rng_next(chain->rng) % 3) {
    case 0: assert_ok(chain->store, refund_arrived(chain->tx, AGENCY, refund->id)); break;
    case 1:
        if (purchase_dispute_lost(chain->tx, AGENCY, refund->purchase_id, ada, &dispute)) {
            chain->card_markup -= dispute.profit;
            chain->postings++;
        } else {
            problem_clear(&chain->store->problem); /* nothing was left of it */
            chain->card_markup += refund->profit;
        }
        assert_ok(chain->store, refund_failed(chain->tx, AGENCY, refund->id, STR("refused")));
        break;
    default:
        assert_ok(chain->store, refund_failed(chain->tx, AGENCY, refund->id, STR("refused")));
        chain->card_markup += refund->profit;
    }
    chain->postings += 2;
}

static bool refund(struct chain *chain)
{
    struct purchase purchase;
    struct refund refund;

    if (!any_purchase(chain, &purchase)) return false;
    const struct refund_order order = {
        .agency = AGENCY,
        .purchase = purchase.id,
        .seconds = rng_next(chain->rng) % 3 == 0 ? 0 : rng_between(chain->rng, 1, purchase.seconds),
        .actor = ada,
    };

    if (!refund_made(chain->tx, &order, &refund, &purchase)) return false;
    if (purchase.provider == PROVIDER_MANUAL) return true;
    chain->card_markup -= refund.profit;
    end_refund(chain, &refund);
    return true;
}

static bool dispute(struct chain *chain)
{
    struct purchase purchase;
    struct refund refund;

    if (!any_purchase(chain, &purchase)
        || !purchase_dispute_lost(chain->tx, AGENCY, purchase.id, ada, &refund))
        return false;
    chain->card_markup -= refund.profit;
    return true;
}

static bool adjust(struct chain *chain)
{
    const struct adjustment_order order = {
        .agency = AGENCY,
        .subaccount = any_account(chain),
        .by_platform = rng_next(chain->rng) % 2 == 0,
        .tier = TIER_PREMIUM,
        .seconds = rng_between(chain->rng, -5000, 5000) | 1,
        .reason = STR("chance"),
        .actor = ada,
    };
    struct adjustment made;

    if (!adjustment_made(chain->tx, &order, &made)) return false;
    if (order.by_platform) chain->given += order.seconds;
    return true;
}

static bool move(struct chain *chain)
{
    const struct move_order order = {
        .agency = AGENCY,
        .from = any_account(chain),
        .to = any_account(chain),
        .tier = TIER_PREMIUM,
        .sent = rng_between(chain->rng, 1, 8000),
    };
    struct minute_move made;

    return move_quoted(chain->tx, &order, &made)
        && move_made(chain->tx, &order, made.received, ada, &made);
}

static bool use(struct chain *chain)
{
    seconds_t seconds = rng_between(chain->rng, 1, 3000);
    struct posting posting = posting_for_calls(id_new(chain->tx->now), AGENCY, any_account(chain),
                                               TIER_PREMIUM, seconds, chain->tx->now);

    assert_ok(chain->store, ledger_post_one(chain->tx, &posting));
    chain->used += seconds;
    return true;
}

static bool settle(struct chain *chain)
{
    struct posting posting =
        posting_for_settlement(id_new(chain->tx->now), AGENCY, PRIMARY,
                               rng_between(chain->rng, 1, USD(30)), chain->tx->now);

    return ledger_post_one(chain->tx, &posting);
}

static bool pay_out(struct chain *chain)
{
    struct credit credit;

    assert_ok(chain->store, credit_lock(chain->tx, AGENCY, &credit));
    micros_t payable = credit_payable(&credit);
    struct posting posting =
        posting_begin(POSTING_PAYOUT, id_new(chain->tx->now), AGENCY, PRIMARY, chain->tx->now);

    posting_transfer(&posting, LEDGER_PROFIT, AGENCY, LEDGER_PAYOUTS, AGENCY, payable);
    assert_ok(chain->store, ledger_post_one(chain->tx, &posting));
    chain->paid_out += payable;
    /* A dispute that was lost after an earlier payout leaves profit below zero, and nothing to pay out. */
    assert_true(payable == 0 || chain->paid_out <= chain->card_markup);
    return true;
}

static bool set_client_price(struct chain *chain)
{
    id64_t account = rng_next(chain->rng) % 2 == 0 ? HARBOR : LAKESIDE;
    micros_t price = rng_between(chain->rng, chain->base, chain->base * 4);

    return price_point_insert(chain->tx, AGENCY, account, TIER_PREMIUM, chain->tx->now, price);
}

static bool set_base_price(struct chain *chain)
{
    return price_point_insert(chain->tx, AGENCY, AGENCY, TIER_PREMIUM, chain->tx->now,
                              rng_between(chain->rng, chain->base / 2, chain->base * 2));
}

/* Beside each what it may do to what covers the agency's debt. */
static const struct step {
    bool (*run)(struct chain *chain);
    int weight;
    bool may_break_credit; /* it has happened, so nobody could refuse it */
} steps[] = {
    { buy_by_hand, 4, false }, { buy_by_card, 4, false },
    { refund, 4, true },       { dispute, 1, true },
    { adjust, 3, false },      { move, 5, false },
    { use, 2, false },         { settle, 1, false },
    { pay_out, 2, false },     { set_client_price, 2, false },
};

static const struct step *any_step(struct rng *rng)
{
    int total = 0;

    for (size_t i = 0; i < COUNT_OF(steps); i++)
        total += steps[i].weight;
    int64_t at = rng_between(rng, 0, total - 1);
    const struct step *step = steps;

    for (; at >= step->weight; step++)
        at -= step->weight;
    return step;
}

/* --- what holds after each --- */

/* Base of all that circulates or was used, and was not given away, is what the platform was paid or is owed: each posting
   rounds it by a micro-dollar at most. */
static void assert_covered_at_base(const struct chain *chain)
{
    seconds_t minutes = chain->used - chain->given;
    micros_t worth;

    for (size_t i = 0; i < COUNT_OF(accounts); i++)
        minutes += balance(chain, LEDGER_WALLET_PREMIUM, accounts[i])
            + balance(chain, LEDGER_HELD_PREMIUM, accounts[i]);
    assert_true(money_value(minutes, chain->base, &worth));
    micros_t difference = worth - balance(chain, LEDGER_BASE_REVENUE, ID_NONE);

    assert_true(difference <= chain->postings && difference >= -chain->postings);
}

/* What the platform was paid is base, markup and rounding, what it paid out comes of markup. */
static void assert_books_balance(const struct chain *chain)
{
    assert_int_equal(balance(chain, LEDGER_PROFIT, AGENCY) + chain->paid_out, chain->card_markup);
    assert_int_equal(balance(chain, LEDGER_PAYOUTS, AGENCY), chain->paid_out);
}

static micros_t covered(const struct credit *credit)
{
    return credit->balance + (credit->profit > 0 ? credit->profit : 0);
}

/* Within its limit, or not brought further from it by what could have been refused. */
static void assert_within_limit(const struct chain *chain, const struct step *step,
                                const struct credit *before)
{
    struct credit after;

    assert_ok(chain->store, credit_load(chain->tx, AGENCY, &after));
    if (step->may_break_credit || after.limit == MICROS_NONE) return;
    assert_true(covered(&after) >= -after.limit || covered(&after) >= covered(before));
}

static void take_step(struct chain *chain, const struct step *step)
{
    struct credit before;

    chain->tx->now += MICROS_PER_SECOND;
    assert_ok(chain->store, credit_load(chain->tx, AGENCY, &before));
    assert_ok(chain->store, tx_savepoint(chain->tx));
    if (step->run(chain)) {
        chain->postings++;
        assert_ok(chain->store, tx_release(chain->tx));
        assert_within_limit(chain, step, &before);
        return;
    }
    /* Nothing of what was refused is left. */
    assert_ok(chain->store, tx_rollback_to(chain->tx));
    problem_clear(&chain->store->problem);
}

static void begin_chain(struct chain *chain, struct store *store, struct rng *rng)
{
    const struct card card = { STR("test_fine"), STR("visa"), STR("4242"), 2090, 12 };
    struct payment_method method;

    begin_at(store, SOME_INSTANT);
    *chain = (struct chain){ .store = store, .tx = store->tx, .rng = rng, .base = BASE_PREMIUM };
    for (size_t i = 0; i < COUNT_OF(accounts); i++) {
        assert_ok(store,
                  payment_method_add(store->tx, AGENCY, accounts[i], PROVIDER_TEST, &card, OWNER,
                                     &method));
        chain->cards[i] = method.id;
    }
    micros_t limit = rng_next(rng) % 4 == 0 ? MICROS_NONE : rng_between(rng, 0, USD(200));

    const struct agency terms = {
        .id = AGENCY, .credit_limit = limit, .payout_threshold = USD(100), .queue_share = 1
    };
    assert_ok(store, agency_set_terms(store->tx, &terms));
}

static void no_chain_of_steps_mints_minutes_or_money(void **state)
{
    struct store *store = agency_store(state);
    struct rng rng = property_rng("chains");
    int64_t done = 0;

    for (int i = 0; i < CHAINS; i++) {
        struct chain chain;

        begin_chain(&chain, store, &rng);
        for (int step = 0; step < STEPS; step++) {
            take_step(&chain, any_step(&rng));
            assert_covered_at_base(&chain);
            assert_books_balance(&chain);
        }
        done += chain.postings;
        tx_rollback(store->tx);
    }
    assert_true(done > CHAINS * STEPS / 3);
}

/* What minutes are worth at base is another question then; what is paid out is not. */
static void whatever_base_does_no_more_markup_is_paid_out_than_came_in(void **state)
{
    struct store *store = agency_store(state);
    struct rng rng = property_rng("chains under a changing base price");

    for (int i = 0; i < CHAINS; i++) {
        struct chain chain;

        begin_chain(&chain, store, &rng);
        for (int step = 0; step < STEPS; step++) {
            static const struct step base_changes = { set_base_price, 1, false };

            take_step(&chain, rng_next(&rng) % 10 == 0 ? &base_changes : any_step(&rng));
            assert_books_balance(&chain);
        }
        tx_rollback(store->tx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SQLITE_TEST(no_chain_of_steps_mints_minutes_or_money),
        SQLITE_TEST(whatever_base_does_no_more_markup_is_paid_out_than_came_in),
    };

    rng_start();
    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
