/* What a renewal comes to: shares, postings, and the payout rule. */
#include "unit.h"

#include "domain/payouts.h"
#include "domain/renewals.h"

#define NOW INT64_C(1790000000000000)
enum { AGENCY = 1, PRIMARY = 11, CLIENT = 12 };

static const struct renewal renewal = {
    .agency_id = AGENCY,
    .id = 5,
    .cycle = 3,
    .fee = 97 * MICROS_PER_USD,
    .granted = { [TIER_PREMIUM] = 120000 },
    .each = { [TIER_BASIC] = 60, [TIER_PREMIUM] = 12000 },
};

static int64_t amount_of(const struct posting *posting, enum ledger_account account, id64_t owner)
{
    for (size_t i = 0; i < posting->n_entries; i++) {
        if (posting->entries[i].account == account && posting->entries[i].owner == owner)
            return posting->entries[i].amount;
    }
    return 0;
}

static void shares_are_whole_and_never_more_than_there_is(void **state)
{
    (void)state;
    assert_int_equal(renewal_shares(500, 200, 3), 2);
    assert_int_equal(renewal_shares(600, 200, 3), 3);
    assert_int_equal(renewal_shares(100000, 200, 3), 3);
    assert_int_equal(renewal_shares(199, 200, 3), 0);
    assert_int_equal(renewal_shares(0, 200, 3), 0);
    assert_int_equal(renewal_shares(-50, 200, 3), 0);
    assert_int_equal(renewal_shares(-50, 0, 3), 3);
}

static void the_fee_is_owed_to_the_platform(void **state)
{
    struct posting posting = posting_for_plan_fee(&renewal, 7, PRIMARY, NOW);

    (void)state;
    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_CREDIT, AGENCY), -renewal.fee);
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, ID_NONE), renewal.fee);
    assert_int_equal(posting.key, renewal.id);
}

static void monthly_minutes_are_issued_to_the_primary(void **state)
{
    struct posting posting = posting_for_monthly_grant(&renewal, 7, PRIMARY, NOW);

    (void)state;
    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(posting.n_entries, 2);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, PRIMARY), 120000);
    assert_int_equal(amount_of(&posting, LEDGER_ISSUED_PREMIUM, ID_NONE), -120000);
}

static void a_share_goes_one_to_one(void **state)
{
    struct posting posting = posting_for_share(&renewal, 7, PRIMARY, CLIENT, renewal.each, NOW);
    const seconds_t nothing[TIER_COUNT] = { 0 };
    struct posting none = posting_for_share(&renewal, 7, PRIMARY, CLIENT, nothing, NOW);

    (void)state;
    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_BASIC, PRIMARY), -60);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_BASIC, CLIENT), 60);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, CLIENT), 12000);
    assert_int_equal(posting_check(&none), REASON_NONE);
    assert_int_equal(none.n_entries, 0);
}

static void the_rule_pays_from_the_threshold_on_and_to_an_account_only(void **state)
{
    (void)state;
    assert_int_equal(payout_rule(0, 0, true), PAYOUT_NOTHING);
    assert_int_equal(payout_rule(99, 100, true), PAYOUT_BELOW_THRESHOLD);
    assert_int_equal(payout_rule(99, 100, false), PAYOUT_BELOW_THRESHOLD);
    assert_int_equal(payout_rule(100, 100, false), PAYOUT_NOT_CONNECTED);
    assert_int_equal(payout_rule(100, 100, true), PAYOUT_SCHEDULED);
}

static void a_payout_takes_profit_and_a_failed_one_gives_it_back(void **state)
{
    struct payout payout = { .agency_id = AGENCY, .id = 9, .amount = 150 };
    struct posting out = posting_for_payout(&payout, 7, PRIMARY, NOW);
    struct posting back = posting_for_payout_return(&payout, 8, PRIMARY, NOW);

    (void)state;
    assert_int_equal(posting_check(&out), REASON_NONE);
    assert_int_equal(posting_check(&back), REASON_NONE);
    assert_int_equal(amount_of(&out, LEDGER_PROFIT, AGENCY), -150);
    assert_int_equal(amount_of(&out, LEDGER_PAYOUTS, AGENCY), 150);
    assert_int_equal(amount_of(&back, LEDGER_PROFIT, AGENCY), 150);
    assert_int_equal(amount_of(&back, LEDGER_PAYOUTS, AGENCY), -150);
}

static void what_is_settled_stays_so(void **state)
{
    struct payout payout = { .state = PAYOUT_IS_SCHEDULED };

    (void)state;
    assert_int_equal(may_settle_payout(&payout), REASON_NONE);
    payout.state = PAYOUT_IN_TRANSIT;
    assert_int_equal(may_settle_payout(&payout), REASON_NONE);
    payout.state = PAYOUT_PAID;
    assert_int_equal(may_settle_payout(&payout), REASON_PAYOUT_SETTLED);
    payout.state = PAYOUT_FAILED;
    assert_int_equal(may_settle_payout(&payout), REASON_PAYOUT_SETTLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_whole_and_never_more_than_there_is),
        cmocka_unit_test(the_fee_is_owed_to_the_platform),
        cmocka_unit_test(monthly_minutes_are_issued_to_the_primary),
        cmocka_unit_test(a_share_goes_one_to_one),
        cmocka_unit_test(the_rule_pays_from_the_threshold_on_and_to_an_account_only),
        cmocka_unit_test(a_payout_takes_profit_and_a_failed_one_gives_it_back),
        cmocka_unit_test(what_is_settled_stays_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
