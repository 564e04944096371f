/* Refunds and lost disputes: what is given back of what, and that all refunds of a purchase are the purchase. */
#include "posting_fixture.h"
#include "property.h"

#include "domain/refunds.h"

enum { AGENCY = 7, CLIENT = 21, PURCHASE = 31, POSTING = 41, REFUND = 51, CASES = 100000 };

#define USD(n)     (MICROS_PER_USD * (n))
#define CENTS(n)   (INT64_C(10000) * (n))
#define MINUTES(n) (INT64_C(60) * (n))

static struct purchase bought(enum purchase_provider provider, seconds_t seconds, micros_t amount,
                              micros_t base, micros_t client)
{
    struct purchase purchase = { .agency_id = AGENCY,
                                 .id = PURCHASE,
                                 .subaccount_id = CLIENT,
                                 .tier = TIER_PREMIUM,
                                 .provider = provider,
                                 .state = PURCHASE_SUCCEEDED,
                                 .disputed_at = INSTANT_NONE };

    assert_int_equal(purchase_price(&purchase, seconds, amount, base, client), REASON_NONE);
    return purchase;
}

static struct refund new_refund(enum refund_kind kind)
{
    return (struct refund){ .agency_id = AGENCY,
                            .id = REFUND,
                            .purchase_id = PURCHASE,
                            .subaccount_id = CLIENT,
                            .kind = kind,
                            .tier = TIER_PREMIUM,
                            .posting_id = POSTING,
                            .return_posting_id = POSTING + 1,
                            .created_at = 1000 };
}

static struct refund share(const struct purchase *purchase, seconds_t seconds)
{
    struct refund refund = new_refund(REFUND_ASKED);

    assert_int_equal(refund_share(purchase, seconds, &refund), REASON_NONE);
    return refund;
}

static void half_of_a_purchase_is_half_of_what_was_paid(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, MINUTES(2000), 0, CENTS(16), CENTS(20));
    struct refund refund = share(&purchase, MINUTES(1000));

    assert_int_equal(refund.amount, USD(200));
    assert_int_equal(refund.base, USD(160));
    assert_int_equal(refund.profit, USD(40));
}

/* 100 s at 0.20 are 0.333333, paid 0.34: a third of them 0.1122, of which a card gets 0.11; the fraction is rounding
   until the rest comes back. */
static void whole_cents_go_back_and_the_rest_with_the_last_refund(void **state)
{
    struct purchase purchase = bought(PROVIDER_TEST, 100, 0, CENTS(16), CENTS(20));
    struct refund first = share(&purchase, 33);
    struct posting posting;

    assert_int_equal(purchase.paid, CENTS(34));
    assert_int_equal(first.amount, CENTS(11));
    assert_int_equal(first.base + first.profit, 112200);
    assert_int_equal(posting_for_refund(&first, &purchase, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_ROUNDING, 0), 2200);
    refund_apply(&first, &purchase);

    struct refund rest = share(&purchase, 67);
    assert_int_equal(rest.amount, CENTS(23));
    assert_int_equal(posting_for_refund(&rest, &purchase, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_ROUNDING, 0), -2200);
}

static void less_than_a_cent_is_not_refunded(void **state)
{
    struct purchase purchase = bought(PROVIDER_TEST, 99, 0, CENTS(16), CENTS(20));
    struct refund refund = new_refund(REFUND_ASKED);

    assert_int_equal(refund_share(&purchase, 2, &refund), REASON_NOTHING_TO_REFUND);
    assert_int_equal(refund_share(&purchase, 3, &refund), REASON_NONE);
    assert_int_equal(refund.amount, CENTS(1));
}

static void minutes_that_are_left_can_be_refunded_and_no_more(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, MINUTES(100), 0, CENTS(16), CENTS(20));

    assert_int_equal(refund_most(&purchase, MINUTES(500)), MINUTES(100));
    assert_int_equal(refund_most(&purchase, MINUTES(40)), MINUTES(40));
    assert_int_equal(refund_most(&purchase, -5), 0);
    assert_int_equal(may_refund(&purchase, MINUTES(40), MINUTES(40)), REASON_NONE);
    assert_int_equal(may_refund(&purchase, MINUTES(40) + 1, MINUTES(40)), REASON_MINUTES_USED);
    purchase.refunded = MINUTES(90);
    assert_int_equal(refund_most(&purchase, MINUTES(500)), MINUTES(10));
    assert_int_equal(may_refund(&purchase, MINUTES(11), MINUTES(500)), REASON_MINUTES_USED);
}

static void only_what_succeeded_and_lost_no_dispute_is_refunded(void **state)
{
    for (int at = PURCHASE_PENDING; at <= PURCHASE_REFUNDED; at++) {
        struct purchase purchase = bought(PROVIDER_TEST, MINUTES(100), 0, CENTS(16), CENTS(20));

        purchase.state = at;
        assert_int_equal(may_refund(&purchase, 60, 60),
                         at == PURCHASE_SUCCEEDED ? REASON_NONE : REASON_PURCHASE_NOT_REFUNDABLE);
        purchase.disputed_at = 5;
        assert_int_equal(may_refund(&purchase, 60, 60), REASON_PURCHASE_NOT_REFUNDABLE);
    }
}

static void a_refund_of_money_that_came_outside_gives_base_back_to_credit(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, MINUTES(2000), 0, CENTS(16), CENTS(20));
    struct refund refund = share(&purchase, MINUTES(1000));
    struct posting posting;

    assert_int_equal(posting_for_refund(&refund, &purchase, 1000, &posting), REASON_NONE);
    assert_int_equal(posting.kind, POSTING_REFUND);
    assert_int_equal(posting.reference, REFUND);
    assert_int_equal(posting.key, REFUND);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, CLIENT), -MINUTES(1000));
    assert_int_equal(amount_of(&posting, LEDGER_ISSUED_PREMIUM, 0), MINUTES(1000));
    assert_int_equal(amount_of(&posting, LEDGER_CREDIT, AGENCY), USD(160));
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), -USD(160));
    assert_int_equal(amount_of(&posting, LEDGER_OUTSIDE, AGENCY), USD(40));
    assert_int_equal(amount_of(&posting, LEDGER_COLLECTED, AGENCY), -USD(40));
    assert_int_equal(posting.n_entries, 6);
}

static void a_refund_of_a_card_takes_back_profit_and_cash(void **state)
{
    struct purchase purchase = bought(PROVIDER_STRIPE, MINUTES(2000), 0, CENTS(16), CENTS(20));
    struct refund refund = share(&purchase, MINUTES(2000));
    struct posting posting;

    assert_int_equal(posting_for_refund(&refund, &purchase, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_CASH, 0), USD(400));
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), -USD(320));
    assert_int_equal(amount_of(&posting, LEDGER_PROFIT, AGENCY), -USD(80));
    assert_int_equal(posting.n_entries, 5);
}

static void a_refund_that_failed_is_as_if_it_had_not_been(void **state)
{
    struct purchase before = bought(PROVIDER_TEST, 1000, 0, CENTS(16) + 7, CENTS(20) + 3);
    struct purchase purchase = before;
    struct refund refund = share(&purchase, 777);
    struct posting out, back;

    assert_int_equal(posting_for_refund(&refund, &purchase, 1000, &out), REASON_NONE);
    refund_apply(&refund, &purchase);
    assert_int_equal(posting_for_refund_return(&refund, &purchase, 1001, &back), REASON_NONE);
    refund_undo(&refund, &purchase);
    assert_int_equal(back.kind, POSTING_REFUND_RETURN);
    assert_int_equal(out.n_entries, back.n_entries);
    for (size_t i = 0; i < out.n_entries; i++)
        assert_int_equal(amount_of(&back, out.entries[i].account, out.entries[i].owner),
                         -out.entries[i].amount);
    assert_int_equal(purchase.refunded, before.refunded);
    assert_int_equal(purchase.refunded_amount, before.refunded_amount);
    assert_int_equal(purchase.state, before.state);
}

static void a_purchase_is_refunded_when_all_of_it_is(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, MINUTES(100), 0, CENTS(16), CENTS(20));
    struct refund part = share(&purchase, MINUTES(30));

    refund_apply(&part, &purchase);
    assert_int_equal(purchase.state, PURCHASE_SUCCEEDED);
    assert_int_equal(purchase.refunded, MINUTES(30));
    assert_int_equal(purchase.refunded_amount, USD(6));
    struct refund rest = share(&purchase, MINUTES(70));
    refund_apply(&rest, &purchase);
    assert_int_equal(purchase.state, PURCHASE_REFUNDED);
    assert_int_equal(purchase.refunded_amount, purchase.paid);
}

static void a_lost_dispute_takes_all_that_is_left(void **state)
{
    struct purchase purchase = bought(PROVIDER_TEST, MINUTES(100), 0, CENTS(16), CENTS(20));
    struct refund part = share(&purchase, MINUTES(30));
    struct refund dispute = new_refund(REFUND_DISPUTE);
    struct posting posting;

    refund_apply(&part, &purchase);
    assert_int_equal(refund_rest(&purchase, &dispute), REASON_NONE);
    assert_int_equal(dispute.seconds, MINUTES(70));
    assert_int_equal(dispute.amount, USD(14));
    assert_int_equal(posting_for_refund(&dispute, &purchase, 1000, &posting), REASON_NONE);
    assert_int_equal(posting.kind, POSTING_DISPUTE);
    refund_apply(&dispute, &purchase);
    assert_int_equal(purchase.state, PURCHASE_SUCCEEDED);
    assert_int_equal(purchase.disputed_at, 1000);
}

/* --- 100,000 purchases, refunded in parts --- */

/* Every sum so far, beside what is said of it: nothing but multiplying and comparing. */
static void assert_pro_rata(const struct purchase *purchase, const struct refund *sum)
{
    const __int128 paid = purchase->paid, all = purchase->seconds, given = sum->seconds;
    const __int128 cent = CENTS(1), base = sum->base, markup = sum->profit;

    assert_true(sum->amount % CENTS(1) == 0);
    assert_true(sum->amount * all <= paid * given);
    assert_true((sum->amount + cent) * all > paid * given);
    assert_true(60 * base <= given * purchase->base_price + 30);
    assert_true(60 * (base + 1) > given * purchase->base_price + 30);
    if (purchase->unit_price <= purchase->base_price && purchase->profit == 0) {
        assert_true(markup == 0);
        return;
    }
    assert_true((base + markup) * all * 2 <= paid * given * 2 + all);
    assert_true((base + markup + 1) * all * 2 > paid * given * 2 + all - 1);
}

static void add(struct posting *sum, const struct posting *posting)
{
    for (size_t i = 0; i < posting->n_entries; i++)
        posting_add(sum, posting->entries[i].account, posting->entries[i].owner,
                    posting->entries[i].amount);
}

static struct purchase any_purchase(struct rng *rng)
{
    micros_t base = rng_between(rng, 1000, USD(1));
    micros_t client = rng_next(rng) % 3 == 0 ? base : rng_between(rng, base, USD(2));
    bool by_amount = rng_next(rng) % 2 == 0;
    seconds_t seconds =
        by_amount ? 0 : rng_between(rng, 1, rng_next(rng) % 2 == 0 ? 100 : 10000000);
    micros_t amount = by_amount ? CENTS(rng_between(rng, 4, 1000000)) : 0;
    struct purchase purchase =
        bought((enum purchase_provider)rng_between(rng, 0, 2), seconds, amount, base, client);

    /* Base rose before it was paid: a loss. */
    if (rng_next(rng) % 8 == 0) purchase.base_price = rng_between(rng, base, USD(2));
    return purchase;
}

static void any_refunds_of_all_seconds_are_the_purchase(void **state)
{
    struct rng rng = property_rng("refunds");

    for (int i = 0; i < CASES; i++) {
        struct purchase purchase = any_purchase(&rng);
        struct refund sum = new_refund(REFUND_ASKED);
        struct posting all, posting;

        assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &all), REASON_NONE);
        while (purchase.refunded < purchase.seconds) {
            seconds_t rest = purchase.seconds - purchase.refunded;
            seconds_t seconds = rng_next(&rng) % 4 == 0 ? rest : rng_between(&rng, 1, rest);
            struct refund refund = new_refund(REFUND_ASKED);

            /* Too little for a cent of its own: with what follows. */
            if (refund_share(&purchase, seconds, &refund) != REASON_NONE)
                refund = share(&purchase, rest);
            assert_true(refund.amount > 0);
            assert_int_equal(posting_for_refund(&refund, &purchase, 1000, &posting), REASON_NONE);
            add(&all, &posting);
            refund_apply(&refund, &purchase);
            sum.seconds += refund.seconds;
            sum.amount += refund.amount;
            sum.base += refund.base;
            sum.profit += refund.profit;
            assert_pro_rata(&purchase, &sum);
        }
        assert_int_equal(purchase.refunded_amount, purchase.paid);
        assert_int_equal(posting_check(&all), REASON_NONE);
        assert_int_equal(all.n_entries, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_of_a_purchase_is_half_of_what_was_paid),
        cmocka_unit_test(whole_cents_go_back_and_the_rest_with_the_last_refund),
        cmocka_unit_test(less_than_a_cent_is_not_refunded),
        cmocka_unit_test(minutes_that_are_left_can_be_refunded_and_no_more),
        cmocka_unit_test(only_what_succeeded_and_lost_no_dispute_is_refunded),
        cmocka_unit_test(a_refund_of_money_that_came_outside_gives_base_back_to_credit),
        cmocka_unit_test(a_refund_of_a_card_takes_back_profit_and_cash),
        cmocka_unit_test(a_refund_that_failed_is_as_if_it_had_not_been),
        cmocka_unit_test(a_purchase_is_refunded_when_all_of_it_is),
        cmocka_unit_test(a_lost_dispute_takes_all_that_is_left),
        cmocka_unit_test(any_refunds_of_all_seconds_are_the_purchase),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
