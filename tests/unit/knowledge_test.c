/* Knowledge credits: plans top up, and what moved or was bought is posted, on both stores. */
#include "agency_fixture.h"
#include "posting_fixture.h"

#include "engine/knowledge.h"
#include "store/ledger.h"

#define NOW SOME_INSTANT

static const struct actor ada = { .user = OWNER };

static void a_plan_grants_what_plans_have_not_granted_yet(void **state)
{
    assert_int_equal(knowledge_to_grant(2, 0), 2);
    assert_int_equal(knowledge_to_grant(2, 1), 1);
    assert_int_equal(knowledge_to_grant(2, 2), 0);
    assert_int_equal(knowledge_to_grant(1, 2), 0);
    assert_int_equal(knowledge_to_grant(0, 0), 0);
}

static void a_purchase_costs_the_agency_credit(void **state)
{
    struct posting posting = posting_for_knowledge_purchase(41, AGENCY, PRIMARY, 3, 37500000, NOW);

    assert_int_equal(posting_check(&posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_KNOWLEDGE, PRIMARY), 3);
    assert_int_equal(amount_of(&posting, LEDGER_ISSUED_KNOWLEDGE, ID_NONE), -3);
    assert_int_equal(amount_of(&posting, LEDGER_CREDIT, AGENCY), -37500000);
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, ID_NONE), 37500000);
}

static int64_t credits_of(struct store *store, id64_t subaccount)
{
    int64_t credits;

    assert_ok(store, ledger_balance(store->tx, AGENCY, LEDGER_KNOWLEDGE, subaccount, &credits));
    return credits;
}

static void change_plan(struct store *store, int64_t packs)
{
    const struct plan plan = { .knowledge_packs = packs };

    assert_ok(store, knowledge_grant_plan(store->tx, AGENCY, PRIMARY, &plan));
}

static void going_back_and_forth_between_plans_grants_nothing_twice(void **state)
{
    struct store *store = agency_store(state);
    static const int64_t packs[] = { 1, 2, 1, 0, 2, 5, 2, 5 },
                         expected[] = { 1, 2, 2, 2, 2, 5, 5, 5 };

    begin(store);
    for (size_t i = 0; i < COUNT_OF(packs); i++) {
        change_plan(store, packs[i]);
        assert_int_equal(credits_of(store, PRIMARY), expected[i]);
    }
    commit(store);
}

static void what_was_moved_away_is_not_granted_again(void **state)
{
    struct store *store = agency_store(state);
    struct knowledge_transfer transfer = {
        .agency_id = AGENCY, .from_id = PRIMARY, .to_id = HARBOR, .credits = 2
    };

    begin(store);
    change_plan(store, 2);
    assert_ok(store, knowledge_moved(store->tx, &transfer, ada));
    change_plan(store, 2);
    assert_int_equal(credits_of(store, PRIMARY), 0);
    assert_int_equal(credits_of(store, HARBOR), 2);
    change_plan(store, 3);
    assert_int_equal(credits_of(store, PRIMARY), 1);
    commit(store);
}

static void an_account_without_credits_returns_nothing(void **state)
{
    struct store *store = agency_store(state);
    struct knowledge_transfer transfer = { .agency_id = AGENCY,
                                           .from_id = HARBOR,
                                           .to_id = PRIMARY };

    begin(store);
    assert_ok(store, knowledge_returned(store->tx, &transfer, ada));
    assert_int_equal(transfer.credits, 0);
    assert_int_equal(transfer.id, ID_NONE);
    commit(store);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_plan_grants_what_plans_have_not_granted_yet),
    cmocka_unit_test(a_purchase_costs_the_agency_credit),
    STORE_TEST(going_back_and_forth_between_plans_grants_nothing_twice),
    STORE_TEST(what_was_moved_away_is_not_granted_again),
    STORE_TEST(an_account_without_credits_returns_nothing),
};

int main(void)
{
    return cmocka_run_group_tests_name("knowledge", tests, databases_make, databases_drop);
}
