/* Postings: balance, sign, owners, overflow, and that the order of entries never matters. */
#include "posting_fixture.h"
#include "property.h"

#include "domain/ledger.h"

#include <string.h>

enum { AGENCY = 7, CLIENT = 21, OTHER_CLIENT = 22 };

static const enum tier tiers[] = { TIER_BASIC, TIER_PREMIUM };

static struct posting begin(enum posting_kind kind)
{
    return posting_begin(kind, 1, AGENCY, CLIENT, 1000);
}

static void every_account_has_a_name_an_owner_and_a_unit(void **state)
{
    static const struct {
        enum ledger_account account;
        const char *name;
        enum ledger_owner owner;
        enum ledger_unit unit;
    } expected[] = {
        { LEDGER_WALLET_BASIC, "wallet.basic", OWNER_SUBACCOUNT, UNIT_BASIC_S },
        { LEDGER_WALLET_PREMIUM, "wallet.premium", OWNER_SUBACCOUNT, UNIT_PREMIUM_S },
        { LEDGER_HELD_BASIC, "held.basic", OWNER_SUBACCOUNT, UNIT_BASIC_S },
        { LEDGER_HELD_PREMIUM, "held.premium", OWNER_SUBACCOUNT, UNIT_PREMIUM_S },
        { LEDGER_KNOWLEDGE, "knowledge", OWNER_SUBACCOUNT, UNIT_KNOWLEDGE },
        { LEDGER_PROFIT, "profit", OWNER_AGENCY, UNIT_USD },
        { LEDGER_COLLECTED, "collected", OWNER_AGENCY, UNIT_USD },
        { LEDGER_OUTSIDE, "outside", OWNER_AGENCY, UNIT_USD },
        { LEDGER_CREDIT, "credit", OWNER_AGENCY, UNIT_USD },
        { LEDGER_PAYOUTS, "payouts", OWNER_AGENCY, UNIT_USD },
        { LEDGER_ISSUED_BASIC, "issued.basic", OWNER_PLATFORM, UNIT_BASIC_S },
        { LEDGER_ISSUED_PREMIUM, "issued.premium", OWNER_PLATFORM, UNIT_PREMIUM_S },
        { LEDGER_USED_BASIC, "used.basic", OWNER_PLATFORM, UNIT_BASIC_S },
        { LEDGER_USED_PREMIUM, "used.premium", OWNER_PLATFORM, UNIT_PREMIUM_S },
        { LEDGER_CONVERSION_BASIC, "conversion.basic", OWNER_PLATFORM, UNIT_BASIC_S },
        { LEDGER_CONVERSION_PREMIUM, "conversion.premium", OWNER_PLATFORM, UNIT_PREMIUM_S },
        { LEDGER_ISSUED_KNOWLEDGE, "issued.knowledge", OWNER_PLATFORM, UNIT_KNOWLEDGE },
        { LEDGER_BASE_REVENUE, "base_revenue", OWNER_PLATFORM, UNIT_USD },
        { LEDGER_CASH, "cash", OWNER_PLATFORM, UNIT_USD },
        { LEDGER_ROUNDING, "rounding", OWNER_PLATFORM, UNIT_USD },
    };

    assert_int_equal(COUNT_OF(expected), LEDGER_ACCOUNT_COUNT);
    assert_null(ledger_account_names[LEDGER_ACCOUNT_COUNT]);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_int_equal(expected[i].account, i); /* the number that stores keep */
        assert_string_equal(ledger_account_names[i], expected[i].name);
        assert_int_equal(ledger_account_owner(expected[i].account), expected[i].owner);
        assert_int_equal(ledger_account_unit(expected[i].account), expected[i].unit);
    }
}

static void every_unit_has_a_name(void **state)
{
    assert_string_equal(ledger_unit_names[UNIT_USD], "usd");
    assert_string_equal(ledger_unit_names[UNIT_BASIC_S], "basic_s");
    assert_string_equal(ledger_unit_names[UNIT_PREMIUM_S], "premium_s");
    assert_string_equal(ledger_unit_names[UNIT_KNOWLEDGE], "knowledge");
    assert_null(ledger_unit_names[UNIT_COUNT]);
}

static void every_posting_kind_has_a_name_and_a_sentence_of_its_own(void **state)
{
    assert_null(posting_kind_names[POSTING_KIND_COUNT]);
    assert_string_equal(posting_kind_names[POSTING_CALLS], "calls");
    assert_string_equal(posting_kind_sentence(POSTING_CALLS), "Calls");
    for (size_t i = 0; i < POSTING_KIND_COUNT; i++)
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(posting_kind_names[i], posting_kind_names[j]);
            assert_string_not_equal(posting_kind_sentence((enum posting_kind)i),
                                    posting_kind_sentence((enum posting_kind)j));
        }
}

static void the_accounts_of_a_tier_hold_its_own_minutes(void **state)
{
    assert_int_equal(ledger_wallet(TIER_BASIC), LEDGER_WALLET_BASIC);
    assert_int_equal(ledger_wallet(TIER_PREMIUM), LEDGER_WALLET_PREMIUM);
    assert_int_equal(ledger_held(TIER_BASIC), LEDGER_HELD_BASIC);
    assert_int_equal(ledger_held(TIER_PREMIUM), LEDGER_HELD_PREMIUM);
    assert_int_equal(ledger_issued(TIER_BASIC), LEDGER_ISSUED_BASIC);
    assert_int_equal(ledger_issued(TIER_PREMIUM), LEDGER_ISSUED_PREMIUM);
    assert_int_equal(ledger_used(TIER_BASIC), LEDGER_USED_BASIC);
    assert_int_equal(ledger_used(TIER_PREMIUM), LEDGER_USED_PREMIUM);
}

static void calls_take_billed_seconds_from_the_wallet_to_used(void **state)
{
    for (size_t i = 0; i < COUNT_OF(tiers); i++) {
        struct posting posting = posting_for_calls(5, AGENCY, CLIENT, tiers[i], 66, 1000);

        assert_int_equal(posting_check(&posting), REASON_NONE);
        assert_int_equal(posting.n_entries, 2);
        assert_int_equal(amount_of(&posting, ledger_wallet(tiers[i]), CLIENT), -66);
        assert_int_equal(amount_of(&posting, ledger_used(tiers[i]), ID_NONE), 66);
        assert_int_equal(posting.kind, POSTING_CALLS);
        assert_int_equal(posting.id, 5);
        assert_int_equal(posting.agency, AGENCY);
        assert_int_equal(posting.subject, CLIENT);
        assert_int_equal(posting.at, 1000);
    }
}

static void a_plan_grant_issues_seconds_into_the_wallet_and_touches_no_money(void **state)
{
    for (size_t i = 0; i < COUNT_OF(tiers); i++) {
        struct posting posting = posting_for_plan_grant(5, AGENCY, CLIENT, tiers[i], 60000, 1000);

        assert_int_equal(posting_check(&posting), REASON_NONE);
        assert_int_equal(posting.n_entries, 2);
        assert_int_equal(amount_of(&posting, ledger_issued(tiers[i]), ID_NONE), -60000);
        assert_int_equal(amount_of(&posting, ledger_wallet(tiers[i]), CLIENT), 60000);
        assert_int_equal(posting.kind, POSTING_PLAN_GRANT);
    }
}

static void a_settlement_takes_cash_into_the_agencys_credit_and_touches_no_minutes(void **state)
{
    struct posting posting = posting_for_settlement(5, AGENCY, CLIENT, 320000000, 1000);

    (void)state;
    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(posting.n_entries, 2);
    assert_int_equal(amount_of(&posting, LEDGER_CASH, ID_NONE), -320000000);
    assert_int_equal(amount_of(&posting, LEDGER_CREDIT, AGENCY), 320000000);
    assert_int_equal(posting.kind, POSTING_SETTLEMENT);
}

static void a_call_of_no_seconds_leaves_no_entries(void **state)
{
    struct posting posting = posting_for_calls(5, AGENCY, CLIENT, TIER_BASIC, 0, 1000);

    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(posting.n_entries, 0);
}

/* "Balance grew instead of falling; units added instead of deducted" */
static void each_kind_has_its_way_and_only_what_has_happened_may_overdraw(void **state)
{
    (void)state;
    assert_int_equal(posting_kind_way(POSTING_CALLS), WALLET_DOWN);
    assert_int_equal(posting_kind_way(POSTING_PURCHASE), WALLET_UP);
    assert_int_equal(posting_kind_way(POSTING_PLAN_GRANT), WALLET_UP);
    assert_int_equal(posting_kind_way(POSTING_SETTLEMENT), WALLET_NEITHER);
    assert_int_equal(posting_kind_way(POSTING_MOVE), WALLET_EITHER);
    assert_int_equal(posting_kind_way(POSTING_REFUND), WALLET_DOWN);
    assert_int_equal(posting_kind_way(POSTING_DISPUTE), WALLET_DOWN);
    assert_int_equal(posting_kind_way(POSTING_ADJUSTMENT), WALLET_EITHER);
    assert_int_equal(posting_kind_way(POSTING_DISTRIBUTION), WALLET_EITHER);
    assert_int_equal(posting_kind_way(POSTING_PLAN_FEE), WALLET_NEITHER);
    assert_int_equal(posting_kind_way(POSTING_PAYOUT), WALLET_NEITHER);
    for (int kind = 0; kind < POSTING_KIND_COUNT; kind++)
        assert_int_equal(posting_kind_may_overdraw((enum posting_kind)kind),
                         kind == POSTING_CALLS || kind == POSTING_ENDED_CALLS
                             || kind == POSTING_DISPUTE);
}

static bool goes(enum wallet_way way, enum wallet_way direction)
{
    return way == direction || way == WALLET_EITHER;
}

static void no_kind_moves_a_wallet_against_its_sign(void **state)
{
    static const struct {
        enum posting_kind kind;
        enum wallet_way way;
    } ways[] = {
        { POSTING_CALLS, WALLET_DOWN },
        { POSTING_PURCHASE, WALLET_UP },
        { POSTING_PLAN_GRANT, WALLET_UP },
        { POSTING_SETTLEMENT, WALLET_NEITHER },
        { POSTING_MOVE, WALLET_EITHER },
        { POSTING_REFUND, WALLET_DOWN },
        { POSTING_DISPUTE, WALLET_DOWN },
        { POSTING_REFUND_RETURN, WALLET_UP },
        { POSTING_ADJUSTMENT, WALLET_EITHER },
        { POSTING_PLATFORM_GRANT, WALLET_EITHER },
        { POSTING_DISTRIBUTION, WALLET_EITHER },
        { POSTING_PLAN_FEE, WALLET_NEITHER },
        { POSTING_KNOWLEDGE_GRANT, WALLET_NEITHER },
        { POSTING_KNOWLEDGE_PURCHASE, WALLET_NEITHER },
        { POSTING_KNOWLEDGE_TRANSFER, WALLET_NEITHER },
        { POSTING_PAYOUT, WALLET_NEITHER },
        { POSTING_PAYOUT_RETURN, WALLET_NEITHER },
        { POSTING_HOLD, WALLET_DOWN },
        { POSTING_RELEASE, WALLET_UP },
        { POSTING_ENDED_CALLS, WALLET_EITHER },
    };

    assert_int_equal(COUNT_OF(ways), POSTING_KIND_COUNT);
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        for (size_t j = 0; j < COUNT_OF(tiers); j++) {
            struct posting up = begin(ways[i].kind), down = begin(ways[i].kind);

            posting_transfer(&up, ledger_issued(tiers[j]), 0, ledger_wallet(tiers[j]), CLIENT, 1);
            posting_transfer(&down, ledger_wallet(tiers[j]), CLIENT, ledger_used(tiers[j]), 0, 1);
            assert_int_equal(posting_check(&up),
                             goes(ways[i].way, WALLET_UP) ? REASON_NONE : REASON_LEDGER_UNBALANCED);
            assert_int_equal(posting_check(&down),
                             goes(ways[i].way, WALLET_DOWN) ? REASON_NONE
                                                            : REASON_LEDGER_UNBALANCED);
        }
}

/* Held minutes grow by holds alone, and shrink by what ends one. */
static void no_kind_moves_held_minutes_against_its_sign(void **state)
{
    for (int kind = 0; kind < POSTING_KIND_COUNT; kind++) {
        bool holds = kind == POSTING_HOLD;
        bool ends = kind == POSTING_RELEASE || kind == POSTING_ENDED_CALLS;
        struct posting up = begin((enum posting_kind)kind), down = begin((enum posting_kind)kind);

        posting_transfer(&up, LEDGER_ISSUED_BASIC, 0, LEDGER_HELD_BASIC, CLIENT, 1);
        posting_transfer(&down, LEDGER_HELD_BASIC, CLIENT, LEDGER_ISSUED_BASIC, 0, 1);
        assert_int_equal(posting_check(&up), holds ? REASON_NONE : REASON_LEDGER_UNBALANCED);
        assert_int_equal(posting_check(&down), ends ? REASON_NONE : REASON_LEDGER_UNBALANCED);
    }
}

static void used_minutes_never_come_back(void **state)
{
    for (int kind = 0; kind < POSTING_KIND_COUNT; kind++) {
        struct posting posting = begin((enum posting_kind)kind);

        posting_transfer(&posting, LEDGER_USED_BASIC, 0, LEDGER_ISSUED_BASIC, 0, 1);
        assert_int_equal(posting_check(&posting), REASON_LEDGER_UNBALANCED);
    }
}

static void a_hold_and_its_release_stay_with_the_account(void **state)
{
    struct posting hold = posting_for_hold(5, AGENCY, CLIENT, TIER_PREMIUM, 300, 1000);
    struct posting release = posting_for_release(6, AGENCY, CLIENT, TIER_PREMIUM, 300, 1000);

    assert_int_equal(posting_check(&hold), REASON_NONE);
    assert_int_equal(hold.n_entries, 2);
    assert_int_equal(amount_of(&hold, LEDGER_WALLET_PREMIUM, CLIENT), -300);
    assert_int_equal(amount_of(&hold, LEDGER_HELD_PREMIUM, CLIENT), 300);
    assert_int_equal(posting_check(&release), REASON_NONE);
    assert_int_equal(amount_of(&release, LEDGER_WALLET_PREMIUM, CLIENT), 300);
    assert_int_equal(amount_of(&release, LEDGER_HELD_PREMIUM, CLIENT), -300);
}

static void ended_calls_let_all_go_that_was_held_and_charge_what_was_billed(void **state)
{
    static const struct {
        seconds_t billed, wallet;
    } rows[] = { { 0, 300 }, { 20, 280 }, { 300, 0 }, { 400, -100 } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct posting posting =
            posting_for_ended_calls(5, AGENCY, CLIENT, TIER_BASIC, rows[i].billed, 300, 1000);

        assert_int_equal(posting_check(&posting), REASON_NONE);
        assert_int_equal(amount_of(&posting, LEDGER_HELD_BASIC, CLIENT), -300);
        assert_int_equal(amount_of(&posting, LEDGER_USED_BASIC, 0), rows[i].billed);
        assert_int_equal(amount_of(&posting, LEDGER_WALLET_BASIC, CLIENT), rows[i].wallet);
    }
}

static void one_wrong_wallet_among_right_ones_is_found(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_add(&posting, LEDGER_WALLET_BASIC, CLIENT, -5);
    posting_add(&posting, LEDGER_WALLET_BASIC, OTHER_CLIENT, 5);
    assert_int_equal(posting_check(&posting), REASON_LEDGER_UNBALANCED);
}

static void a_posting_that_does_not_sum_to_zero_is_refused(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_add(&posting, LEDGER_WALLET_BASIC, CLIENT, -60);
    posting_add(&posting, LEDGER_USED_BASIC, ID_NONE, 59);
    assert_int_equal(posting_check(&posting), REASON_LEDGER_UNBALANCED);
}

static void units_do_not_balance_each_other(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_add(&posting, LEDGER_WALLET_BASIC, CLIENT, -60);
    posting_add(&posting, LEDGER_USED_PREMIUM, ID_NONE, 60);
    assert_int_equal(posting_check(&posting), REASON_LEDGER_UNBALANCED);
}

static enum reason check_with_owners(enum ledger_account from, id64_t from_owner,
                                     enum ledger_account to, id64_t to_owner)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_transfer(&posting, from, from_owner, to, to_owner, 10);
    return posting_check(&posting);
}

static void an_account_belongs_to_an_owner_of_its_kind(void **state)
{
    const enum ledger_account wallet = LEDGER_WALLET_BASIC, used = LEDGER_USED_BASIC;

    assert_int_equal(check_with_owners(wallet, CLIENT, used, 0), REASON_NONE);
    assert_int_equal(check_with_owners(wallet, 0, used, 0), REASON_LEDGER_UNBALANCED);
    assert_int_equal(check_with_owners(wallet, AGENCY, used, 0), REASON_LEDGER_UNBALANCED);
    assert_int_equal(check_with_owners(wallet, CLIENT, used, CLIENT), REASON_LEDGER_UNBALANCED);
    assert_int_equal(check_with_owners(LEDGER_CASH, 0, LEDGER_CREDIT, AGENCY), REASON_NONE);
    assert_int_equal(check_with_owners(LEDGER_CASH, 0, LEDGER_CREDIT, 0), REASON_LEDGER_UNBALANCED);
    assert_int_equal(check_with_owners(LEDGER_CASH, 0, LEDGER_CREDIT, CLIENT),
                     REASON_LEDGER_UNBALANCED);
    assert_int_equal(check_with_owners(LEDGER_CASH, AGENCY, LEDGER_CREDIT, AGENCY),
                     REASON_LEDGER_UNBALANCED);
}

static void entries_of_one_account_are_summed_and_zero_ones_vanish(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_transfer(&posting, LEDGER_WALLET_BASIC, CLIENT, LEDGER_USED_BASIC, 0, 10);
    posting_transfer(&posting, LEDGER_WALLET_PREMIUM, CLIENT, LEDGER_USED_PREMIUM, 0, 30);
    posting_transfer(&posting, LEDGER_WALLET_BASIC, CLIENT, LEDGER_USED_BASIC, 0, -10);
    posting_transfer(&posting, LEDGER_WALLET_PREMIUM, CLIENT, LEDGER_USED_PREMIUM, 0, 5);
    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(posting.n_entries, 2);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, CLIENT), -35);
    assert_int_equal(amount_of(&posting, LEDGER_USED_PREMIUM, 0), 35);
}

static void an_overflow_is_remembered_even_when_later_entries_undo_it(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_transfer(&posting, LEDGER_WALLET_BASIC, CLIENT, LEDGER_USED_BASIC, 0, INT64_MAX);
    posting_transfer(&posting, LEDGER_WALLET_BASIC, CLIENT, LEDGER_USED_BASIC, 0, 2);
    posting_transfer(&posting, LEDGER_WALLET_BASIC, CLIENT, LEDGER_USED_BASIC, 0, -INT64_MAX);
    assert_int_equal(posting_check(&posting), REASON_OVERFLOW);
}

static void an_amount_that_has_no_opposite_is_an_overflow(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_transfer(&posting, LEDGER_WALLET_BASIC, CLIENT, LEDGER_USED_BASIC, 0, INT64_MIN);
    assert_int_equal(posting_check(&posting), REASON_OVERFLOW);
}

static void large_entries_that_wrap_to_zero_do_not_pass_for_balanced(void **state)
{
    struct posting posting = begin(POSTING_CALLS);

    posting_add(&posting, LEDGER_HELD_BASIC, CLIENT, INT64_MIN);
    posting_add(&posting, LEDGER_HELD_BASIC, OTHER_CLIENT, INT64_MIN);
    assert_int_equal(posting_check(&posting), REASON_LEDGER_UNBALANCED);
}

/* A posting's entries as sums per (account, owner), which must not depend on how they were added. */
enum { PIECES = 40, OWNERS = 3 };

struct piece {
    enum ledger_account account;
    id64_t owner;
    int64_t amount;
};

static void assert_same_entries(const struct posting *a, const struct posting *b)
{
    assert_int_equal(a->n_entries, b->n_entries);
    for (size_t i = 0; i < a->n_entries; i++)
        assert_int_equal(a->entries[i].amount,
                         amount_of(b, a->entries[i].account, a->entries[i].owner));
}

static struct piece random_piece(struct rng *rng)
{
    const enum ledger_account accounts[] = { LEDGER_WALLET_BASIC, LEDGER_ISSUED_BASIC };
    enum ledger_account account = accounts[rng_between(rng, 0, 1)];
    id64_t owner = CLIENT + rng_between(rng, 0, OWNERS - 1);

    return (struct piece){ account, account == LEDGER_ISSUED_BASIC ? ID_NONE : owner,
                           rng_between(rng, -1000000, 1000000) };
}

static void shuffle(struct rng *rng, struct piece *pieces, size_t count)
{
    for (size_t i = count - 1; i > 0; i--) {
        size_t j = (size_t)rng_between(rng, 0, (int64_t)i);
        struct piece swapped = pieces[i];

        pieces[i] = pieces[j];
        pieces[j] = swapped;
    }
}

static void add_pieces(struct posting *posting, const struct piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        posting_add(posting, pieces[i].account, pieces[i].owner, pieces[i].amount);
}

/* Adds another posting's entries, as a batch does that sums by parts. */
static void add_posting(struct posting *to, const struct posting *from)
{
    for (size_t i = 0; i < from->n_entries; i++)
        posting_add(to, from->entries[i].account, from->entries[i].owner, from->entries[i].amount);
}

static void entries_add_up_the_same_in_any_order_and_grouping(void **state)
{
    struct rng rng = property_rng("associativity and commutativity of postings");

    for (int round = 0; round < 2000; round++) {
        struct piece pieces[PIECES];
        int64_t sum = 0;

        for (size_t i = 0; i < PIECES; i++) {
            pieces[i] = random_piece(&rng);
            sum += pieces[i].amount;
        }
        pieces[0].amount -= sum;

        struct posting straight = begin(POSTING_MOVE), grouped = begin(POSTING_MOVE);
        struct posting left = begin(POSTING_MOVE), right = begin(POSTING_MOVE);
        size_t cut = (size_t)rng_between(&rng, 0, PIECES);

        add_pieces(&straight, pieces, PIECES);
        shuffle(&rng, pieces, PIECES);
        add_pieces(&left, pieces, cut);
        add_pieces(&right, pieces + cut, PIECES - cut);
        add_posting(&grouped, &right);
        add_posting(&grouped, &left);
        assert_int_equal(posting_check(&straight), REASON_NONE);
        assert_int_equal(posting_check(&grouped), REASON_NONE);
        assert_same_entries(&straight, &grouped);
    }
}

static void no_sum_of_an_account_overflows_unreported(void **state)
{
    struct rng rng = property_rng("overflow of postings");

    for (int round = 0; round < 20000; round++) {
        struct posting posting = begin(POSTING_MOVE);
        int64_t first = any_int64(&rng), second = any_int64(&rng);
        __int128 exact = (__int128)first + second;

        posting_transfer(&posting, LEDGER_ISSUED_BASIC, 0, LEDGER_WALLET_BASIC, CLIENT, first);
        posting_transfer(&posting, LEDGER_ISSUED_BASIC, 0, LEDGER_WALLET_BASIC, CLIENT, second);
        /* Both the sum and its opposite are entries. */
        bool fits = exact <= INT64_MAX && -exact <= INT64_MAX;

        assert_int_equal(posting_check(&posting), fits ? REASON_NONE : REASON_OVERFLOW);
        if (fits) assert_true(amount_of(&posting, LEDGER_WALLET_BASIC, CLIENT) == exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_account_has_a_name_an_owner_and_a_unit),
        cmocka_unit_test(every_unit_has_a_name),
        cmocka_unit_test(every_posting_kind_has_a_name_and_a_sentence_of_its_own),
        cmocka_unit_test(the_accounts_of_a_tier_hold_its_own_minutes),
        cmocka_unit_test(calls_take_billed_seconds_from_the_wallet_to_used),
        cmocka_unit_test(a_plan_grant_issues_seconds_into_the_wallet_and_touches_no_money),
        cmocka_unit_test(a_settlement_takes_cash_into_the_agencys_credit_and_touches_no_minutes),
        cmocka_unit_test(a_call_of_no_seconds_leaves_no_entries),
        cmocka_unit_test(each_kind_has_its_way_and_only_what_has_happened_may_overdraw),
        cmocka_unit_test(no_kind_moves_a_wallet_against_its_sign),
        cmocka_unit_test(no_kind_moves_held_minutes_against_its_sign),
        cmocka_unit_test(used_minutes_never_come_back),
        cmocka_unit_test(a_hold_and_its_release_stay_with_the_account),
        cmocka_unit_test(ended_calls_let_all_go_that_was_held_and_charge_what_was_billed),
        cmocka_unit_test(one_wrong_wallet_among_right_ones_is_found),
        cmocka_unit_test(a_posting_that_does_not_sum_to_zero_is_refused),
        cmocka_unit_test(units_do_not_balance_each_other),
        cmocka_unit_test(an_account_belongs_to_an_owner_of_its_kind),
        cmocka_unit_test(entries_of_one_account_are_summed_and_zero_ones_vanish),
        cmocka_unit_test(an_overflow_is_remembered_even_when_later_entries_undo_it),
        cmocka_unit_test(an_amount_that_has_no_opposite_is_an_overflow),
        cmocka_unit_test(large_entries_that_wrap_to_zero_do_not_pass_for_balanced),
        cmocka_unit_test(entries_add_up_the_same_in_any_order_and_grouping),
        cmocka_unit_test(no_sum_of_an_account_overflows_unreported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
