/* An agency that changes its plan: when it counts, what it brings once, and which base prices are in force when. */
#include "agency_fixture.h"

#include "engine/agencies.h"
#include "engine/plans.h"
#include "engine/setup.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/plans.h"

#define DAY(n) (SOME_INSTANT + MICROS_PER_DAY * (n))

static const struct actor nobody = { ID_NONE, ID_NONE };

/* The clients of both agencies are two and none; both are on agency_unlimited. */
static struct store *planned_store(void **state)
{
    struct store *store = agency_store(state);

    script(store,
           "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
           " VALUES (1, 0, 1, 1), (2, 0, 1, 1);"
           "INSERT INTO plan_starts (agency_id, plan_code, started_at)"
           " VALUES (1, 'agency_unlimited', 0), (2, 'agency_unlimited', 0);"
           "UPDATE plans SET base_premium_micros = 200000, monthly_fee_micros = 0"
           " WHERE code = 'agency_lite';"
           "UPDATE plans SET monthly_fee_micros = 1000000 WHERE code = 'agency_unlimited';");
    return store;
}

static enum plan_change choose(struct store *store, const char *plan)
{
    struct plan_choice choice;

    assert_ok(store, plan_choose(store->tx, AGENCY, str_from_c(plan), nobody, &choice));
    return choice.change;
}

static bool apply(struct store *store)
{
    struct plan_choice choice;
    bool changed;

    assert_ok(store, plan_change_apply(store->tx, AGENCY, store->tx->now, &choice, &changed));
    return changed;
}

static struct agency agency_now(struct store *store)
{
    struct agency agency;

    assert_ok(store, agency_load(store->tx, AGENCY, &agency));
    return agency;
}

static micros_t base_at(struct store *store, instant_t at)
{
    micros_t price;

    assert_ok(store, price_in_force_find(store->tx, AGENCY, AGENCY, TIER_PREMIUM, at, &price));
    return price;
}

static seconds_t minutes_of_primary(struct store *store)
{
    static const id64_t primary = PRIMARY;
    struct wallet wallet;

    assert_ok(store, ledger_wallets(store->tx, AGENCY, &primary, 1, &wallet));
    return wallet.seconds[TIER_PREMIUM];
}

static void down_counts_at_the_renewal_and_its_base_prices_too(void **state)
{
    struct store *store = planned_store(state);

    begin(store);
    assert_int_equal(choose(store, "agency_lite"), PLAN_CHANGES_AT_RENEWAL);
    const instant_t renewal = agency_now(store).next_plan_at;
    assert_true(renewal > SOME_INSTANT && renewal < DAY(32));
    assert_true(str_equal_c(agency_now(store).plan_code, "agency_unlimited"));
    assert_int_equal(base_at(store, renewal - 1), BASE_PREMIUM);
    assert_int_equal(base_at(store, renewal), 200000);
    assert_int_equal(minutes_of_primary(store), 0);
    assert_false(apply(store));
    commit(store);

    begin_at(store, renewal - 1);
    assert_false(apply(store));
    commit(store);
    begin_at(store, renewal);
    assert_true(apply(store));
    assert_true(str_equal_c(agency_now(store).plan_code, "agency_lite"));
    assert_int_equal(agency_now(store).next_plan_at, INSTANT_NONE);
    assert_int_equal(minutes_of_primary(store), 18000);
    assert_false(apply(store));
    commit(store);
    begin_at(store, renewal + MICROS_PER_DAY);
    assert_int_equal(base_at(store, renewal - 1), BASE_PREMIUM);
    assert_int_equal(base_at(store, renewal), 200000);
    commit(store);
}

static void what_is_applied_late_counts_from_its_own_instant(void **state)
{
    struct store *store = planned_store(state);

    begin(store);
    choose(store, "agency_lite");
    const instant_t renewal = agency_now(store).next_plan_at;
    commit(store);
    begin_at(store, renewal + 3 * MICROS_PER_DAY);
    assert_true(apply(store));
    assert_int_equal(base_at(store, renewal - 1), BASE_PREMIUM);
    assert_int_equal(base_at(store, renewal), 200000);
    commit(store);
}

static void an_ordered_change_can_be_taken_back(void **state)
{
    struct store *store = planned_store(state);

    begin(store);
    choose(store, "agency_lite");
    assert_int_equal(choose(store, "agency_unlimited"), PLAN_UNCHANGED);
    assert_int_equal(agency_now(store).next_plan_at, INSTANT_NONE);
    assert_int_equal(base_at(store, DAY(40)), BASE_PREMIUM);
    commit(store);
    begin_at(store, DAY(40));
    assert_false(apply(store));
    commit(store);
}

static void an_ordered_change_moves_with_the_renewal_when_the_zone_is_another(void **state)
{
    struct store *store = planned_store(state);

    begin(store);
    choose(store, "agency_lite");
    const struct agency before = agency_now(store);
    struct agency after = before;
    after.timezone = STR("America/New_York");
    assert_ok(store, agency_change(store->tx, &before, &after));
    const instant_t moved = agency_now(store).next_plan_at;
    assert_int_equal(moved - before.next_plan_at, 6 * MICROS_PER_HOUR);
    assert_int_equal(base_at(store, before.next_plan_at), BASE_PREMIUM);
    assert_int_equal(base_at(store, moved), 200000);
    commit(store);
}

static void up_counts_now_and_takes_the_place_of_what_was_ordered(void **state)
{
    struct store *store = planned_store(state);

    script(store,
           "UPDATE agencies SET plan_code = 'agency_lite' WHERE id = 1;"
           "UPDATE plans SET subaccount_cap = 5 WHERE code = 'agency_kickstart';"
           "UPDATE plans SET subaccount_cap = 6 WHERE code = 'agency_lite'");
    begin(store);
    assert_int_equal(choose(store, "agency_kickstart"), PLAN_CHANGES_AT_RENEWAL);
    assert_int_equal(choose(store, "agency_unlimited"), PLAN_CHANGES_NOW);
    assert_true(str_equal_c(agency_now(store).plan_code, "agency_unlimited"));
    assert_int_equal(agency_now(store).next_plan_at, INSTANT_NONE);
    assert_int_equal(base_at(store, SOME_INSTANT), BASE_PREMIUM);
    commit(store);
}

static void what_a_plan_includes_once_comes_once_however_often_it_is_changed(void **state)
{
    struct store *store = planned_store(state);
    instant_t now = SOME_INSTANT;

    for (int round = 0; round < 3; round++) {
        begin_at(store, now);
        assert_int_equal(choose(store, "agency_lite"), PLAN_CHANGES_AT_RENEWAL);
        now = agency_now(store).next_plan_at;
        commit(store);
        begin_at(store, now);
        assert_true(apply(store));
        commit(store);
        begin_at(store, ++now);
        assert_int_equal(choose(store, "agency_unlimited"), PLAN_CHANGES_NOW);
        assert_int_equal(minutes_of_primary(store), 18000);
        commit(store);
    }
}

static void what_a_plan_includes_each_month_does_not_come_with_the_change(void **state)
{
    struct store *store = planned_store(state);

    script(
        store,
        "UPDATE plans SET offered = 1, monthly_fee_micros = 2000000 WHERE code = 'partner_legacy'");
    begin(store);
    assert_int_equal(choose(store, "partner_legacy"), PLAN_CHANGES_NOW);
    assert_int_equal(minutes_of_primary(store), 0);
    commit(store);
}

static void a_plan_with_less_room_is_refused_and_names_what_would_have_to_go(void **state)
{
    struct store *store = planned_store(state);
    struct plan_choice choice;

    begin(store);
    assert_false(plan_choose(store->tx, AGENCY, STR("agency_kickstart"), nobody, &choice));
    assert_int_equal(store->problem.reason, REASON_OVER_CAP);
    assert_non_null(
        strstr(str_to_c(store->arena, problem_detail(&store->problem)),
               "room for 1 sub-account, and there are 2. 1 would have to go, such as what"
               " was added last: Lakeside."));
    problem_clear(&store->problem);
    assert_refused(store, plan_choose(store->tx, AGENCY, STR("nothing"), nobody, &choice),
                   REASON_INVALID);
    assert_refused(store, plan_choose(store->tx, AGENCY, STR("partner_legacy"), nobody, &choice),
                   REASON_PLAN_NOT_OFFERED);
    commit(store);
}

static void with_a_change_ordered_only_what_both_plans_have_room_for_is_added(void **state)
{
    static const char *const names[] = { "Third", "Fourth" };
    struct store *store = planned_store(state);
    struct subaccount added;

    begin(store);
    choose(store, "agency_lite");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct new_subaccount account = {
            .name = str_from_c(names[i]),
            .email = str_format(store->arena, "%s@n.example", names[i]),
            .prices = { MICROS_NONE, MICROS_NONE },
        };
        bool fits = subaccount_create(store->tx, AGENCY, &account, &added);

        assert_int_equal(fits, i == 0);
    }
    assert_int_equal(store->problem.reason, REASON_SUBACCOUNT_CAP);
    problem_clear(&store->problem);
    commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(down_counts_at_the_renewal_and_its_base_prices_too),
        STORE_TEST(what_is_applied_late_counts_from_its_own_instant),
        STORE_TEST(an_ordered_change_can_be_taken_back),
        STORE_TEST(an_ordered_change_moves_with_the_renewal_when_the_zone_is_another),
        STORE_TEST(up_counts_now_and_takes_the_place_of_what_was_ordered),
        STORE_TEST(what_a_plan_includes_once_comes_once_however_often_it_is_changed),
        STORE_TEST(what_a_plan_includes_each_month_does_not_come_with_the_change),
        STORE_TEST(a_plan_with_less_room_is_refused_and_names_what_would_have_to_go),
        STORE_TEST(with_a_change_ordered_only_what_both_plans_have_room_for_is_added),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
