/* Base prices ordered for plans, canceled, and spread over agencies that change their plans meanwhile: at every moment an
   agency's base is that of the plan of that moment, and what has been is never rewritten. */
#include "agency_fixture.h"
#include "property.h"

#include "engine/plans.h"
#include "engine/price_orders.h"
#include "store/agencies.h"
#include "store/plans.h"

enum { RUNS = 25, STEPS = 30, HORIZON_DAYS = 70 };

#define DAY(n) (SOME_INSTANT + MICROS_PER_DAY * (n))

static const struct actor nobody = { ID_NONE, ID_NONE };
static const char *const plan_codes[] = { "agency_unlimited", "agency_lite", "agency_kickstart" };

static struct store *planned_store(void **state)
{
    struct store *store = agency_store(state);

    script(
        store,
        "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
        " VALUES (1, 0, 1, 1), (2, 0, 1, 1);"
        "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros) VALUES"
        " (2, 2, 0, 0, 90000), (2, 2, 1, 0, 160000);"
        "INSERT INTO plan_starts (agency_id, plan_code, started_at)"
        " VALUES (1, 'agency_unlimited', 0), (2, 'agency_unlimited', 0);"
        "UPDATE plans SET subaccount_cap = 9 WHERE code = 'agency_kickstart';"
        "UPDATE plans SET subaccount_cap = 10, base_premium_micros = 170000 WHERE code = 'agency_lite';");
    return store;
}

static struct price_change change_of(const char *plan, instant_t at, micros_t premium)
{
    return (struct price_change){ .plan_code = str_from_c(plan),
                                  .effective_at = at,
                                  .prices = { 90000, premium },
                                  .created_by = 7 };
}

static void spread_all(struct store *store, const char *plan)
{
    int64_t cursor = 0;
    bool more = true;

    while (more)
        assert_ok(store, price_order_spread(store->tx, str_from_c(plan), &cursor, &more));
}

static micros_t base_at(struct store *store, id64_t agency, instant_t at)
{
    micros_t price;

    assert_ok(store, price_in_force_find(store->tx, agency, agency, TIER_PREMIUM, at, &price));
    return price;
}

static void order(struct store *store, const char *plan, instant_t at, micros_t premium)
{
    struct price_change change = change_of(plan, at, premium);

    assert_ok(store, price_order(store->tx, &change));
    spread_all(store, plan);
}

static void an_order_reaches_every_agency_on_the_plan_and_no_other(void **state)
{
    struct store *store = planned_store(state);

    script(store, "UPDATE agencies SET plan_code = 'agency_lite' WHERE id = 2");
    begin(store);
    order(store, "agency_lite", DAY(3), 190000);
    assert_int_equal(base_at(store, AGENCY, DAY(3)), BASE_PREMIUM);
    assert_int_equal(base_at(store, OTHER_AGENCY, DAY(3) - 1), 170000);
    assert_int_equal(base_at(store, OTHER_AGENCY, DAY(3)), 190000);
    commit(store);
}

static void an_agency_reached_late_has_them_from_then_on(void **state)
{
    struct store *store = planned_store(state);
    struct price_change change = change_of("agency_unlimited", INSTANT_NONE, 190000);

    begin(store);
    assert_ok(store, price_order(store->tx, &change));
    assert_int_equal(change.effective_at, SOME_INSTANT);
    commit(store);
    begin_at(store, SOME_INSTANT + 50);
    spread_all(store, "agency_unlimited");
    assert_int_equal(base_at(store, AGENCY, SOME_INSTANT + 49), BASE_PREMIUM);
    assert_int_equal(base_at(store, AGENCY, SOME_INSTANT + 50), 190000);
    commit(store);
}

static void what_cannot_be_ordered_is_refused(void **state)
{
    struct store *store = planned_store(state);
    struct price_change past = change_of("agency_lite", SOME_INSTANT - 1, 190000),
                        unknown = change_of("nothing", DAY(1), 190000),
                        first = change_of("agency_lite", DAY(1), 190000),
                        second = change_of("agency_lite", DAY(1), 180000);
    struct price_change canceled;

    begin(store);
    assert_refused(store, price_order(store->tx, &past), REASON_INVALID);
    assert_refused(store, price_order(store->tx, &unknown), REASON_INVALID);
    assert_ok(store, price_order(store->tx, &first));
    assert_refused(store, price_order(store->tx, &second), REASON_PRICES_ORDERED_ALREADY);
    assert_ok(store, price_order_cancel(store->tx, first.id, 7, &canceled));
    assert_refused(store, price_order_cancel(store->tx, first.id, 7, &canceled),
                   REASON_PRICES_CANCELED);
    assert_refused(store, price_order_cancel(store->tx, 99, 7, &canceled), REASON_NOT_FOUND);
    assert_ok(store, price_order(store->tx, &second));
    commit(store);
    begin_at(store, DAY(1) - PRICE_CHANGE_NOTICE + 1);
    assert_refused(store, price_order_cancel(store->tx, second.id, 7, &canceled),
                   REASON_PRICES_COUNT);
    commit(store);
}

/* --- the slow way: what was ordered, looked at anew for every moment --- */

struct told_order {
    int plan;
    instant_t at;
    micros_t premium;
    id64_t id;
    bool canceled;
};

struct model {
    struct told_order orders[STEPS];
    size_t n_orders;
    int plan, next; /* -1: none is ordered */
    instant_t next_at, now;
    micros_t past[HORIZON_DAYS * 3]; /* base at the days that are over */
    int days_over;
};

static micros_t plan_price(const struct model *model, int plan, instant_t at)
{
    micros_t price = plan == 1 ? 170000 : BASE_PREMIUM;
    instant_t newest = -1;

    for (size_t i = 0; i < model->n_orders; i++) {
        const struct told_order *told = &model->orders[i];

        if (told->plan == plan && !told->canceled && told->at <= at && told->at > newest) {
            newest = told->at;
            price = told->premium;
        }
    }
    return price;
}

static void hold_to_model(struct store *store, struct model *model)
{
    for (int day = 0; day < HORIZON_DAYS; day++) {
        instant_t at = model->now + day * MICROS_PER_DAY;
        bool has_changed = model->next >= 0 && model->next_at <= at;

        assert_int_equal(base_at(store, AGENCY, at),
                         plan_price(model, has_changed ? model->next : model->plan, at));
    }
    for (int day = 0; day < model->days_over; day++)
        assert_int_equal(base_at(store, AGENCY, DAY(day)), model->past[day]);
}

static void any_order(struct store *store, struct rng *rng, struct model *model)
{
    int plan = (int)rng_between(rng, 0, 2);
    instant_t at = model->now + rng_between(rng, 0, 40) * MICROS_PER_DAY + rng_between(rng, 0, 3);
    struct price_change change = change_of(plan_codes[plan], at, rng_between(rng, 90001, 90009));

    if (!price_order(store->tx, &change)) {
        assert_int_equal(store->problem.reason, REASON_PRICES_ORDERED_ALREADY);
        problem_clear(&store->problem);
        return;
    }
    spread_all(store, plan_codes[plan]);
    model->orders[model->n_orders++] =
        (struct told_order){ plan, at, change.prices[TIER_PREMIUM], change.id, false };
}

static void cancel_any(struct store *store, struct rng *rng, struct model *model)
{
    if (model->n_orders == 0) return;
    struct told_order *told = &model->orders[rng_between(rng, 0, (int64_t)model->n_orders - 1)];
    struct price_change canceled;

    if (!price_order_cancel(store->tx, told->id, 7, &canceled)) {
        problem_clear(&store->problem);
        return;
    }
    told->canceled = true;
    spread_all(store, plan_codes[told->plan]);
}

static void choose_any(struct store *store, struct rng *rng, struct model *model)
{
    int plan = (int)rng_between(rng, 0, 2);
    struct plan_choice choice;

    assert_ok(store, plan_choose(store->tx, AGENCY, str_from_c(plan_codes[plan]), nobody, &choice));
    model->next = choice.change == PLAN_CHANGES_AT_RENEWAL ? plan : -1;
    if (choice.change == PLAN_CHANGES_NOW) model->plan = plan;
    model->next_at = choice.after.next_plan_at;
}

static void go_on(struct store *store, struct rng *rng, struct model *model)
{
    struct plan_choice choice;
    bool changed;

    for (int64_t days = rng_between(rng, 1, 12); days > 0; days--) {
        model->past[model->days_over] = base_at(store, AGENCY, DAY(model->days_over));
        model->days_over++;
    }
    model->now = DAY(model->days_over);
    commit(store);
    begin_at(store, model->now);
    /* The renewal may come late; until then nothing is different. */
    if (rng_between(rng, 0, 2) == 0) return;
    assert_ok(store, plan_change_apply(store->tx, AGENCY, model->now, &choice, &changed));
    assert_int_equal(changed, model->next >= 0 && model->next_at <= model->now);
    if (!changed) return;
    model->plan = model->next;
    model->next = -1;
}

static void random_orders_and_changes_of_plan_agree_with_the_slow_way(void **state)
{
    struct store *store = planned_store(state);
    struct rng rng = property_rng("base prices");

    for (int run = 0; run < RUNS; run++) {
        struct model model = { .plan = 0, .next = -1, .now = SOME_INSTANT };

        begin(store);
        for (int step = 0; step < STEPS; step++) {
            switch (rng_between(&rng, 0, 3)) {
            case 0: any_order(store, &rng, &model); break;
            case 1: cancel_any(store, &rng, &model); break;
            case 2: choose_any(store, &rng, &model); break;
            default:
                if (model.days_over < HORIZON_DAYS) go_on(store, &rng, &model);
            }
            hold_to_model(store, &model);
        }
        commit(store);
        script(
            store,
            "DELETE FROM base_price_changes; DELETE FROM price_points WHERE owner_id = 1 AND effective_at > 0;"
            "UPDATE agencies SET plan_code = 'agency_unlimited', next_plan_code = NULL, next_plan_at = NULL");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(an_order_reaches_every_agency_on_the_plan_and_no_other),
        STORE_TEST(an_agency_reached_late_has_them_from_then_on),
        STORE_TEST(what_cannot_be_ordered_is_refused),
        STORE_TEST(random_orders_and_changes_of_plan_agree_with_the_slow_way),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
