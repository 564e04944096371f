/* Auto-recharge: when it buys, what failures do, and both against a model that remembers everything. */
#include "arena_fixture.h"
#include "property.h"

#include "domain/recharge.h"

enum { STEPS = 100000, PURCHASE = 77 };

#define HOURS(n) (INT64_C(1) * (n)*MICROS_PER_HOUR)
#define CENTS(n) (INT64_C(10000) * (n))

static const struct zone *zone_named(const char *name)
{
    const struct zone *zone = zone_find(str_from_c(name));

    assert_non_null(zone);
    return zone;
}

static instant_t instant_of(const char *text)
{
    instant_t at;

    assert_true(instant_parse(str_from_c(text), &at));
    return at;
}

static struct recharge recharge_on(void)
{
    return (struct recharge){ .enabled = true,
                              .threshold = CENTS(1000),
                              .amount = CENTS(5000),
                              .tier = TIER_PREMIUM,
                              .waits_until = INSTANT_NONE,
                              .turned_off_at = INSTANT_NONE };
}

static struct recharge_facts facts_at(instant_t now, micros_t balance)
{
    return (struct recharge_facts){
        .balance = balance, .is_active = true, .zone = zone_named("Europe/Berlin"), .now = now
    };
}

static void only_a_balance_below_the_threshold_buys(void **state)
{
    const struct recharge recharge = recharge_on();
    struct recharge_facts facts = facts_at(0, recharge.threshold);
    instant_t until;

    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_NOT_NEEDED);
    facts.balance--;
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_DUE);
    facts.balance = -CENTS(1);
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_DUE);
}

static void what_is_off_or_in_flight_or_suspended_buys_nothing(void **state)
{
    struct recharge recharge = recharge_on();
    struct recharge_facts facts = facts_at(0, 0);
    instant_t until;

    facts.is_active = false;
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_INACTIVE);
    recharge_begun(&recharge, PURCHASE);
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_IN_FLIGHT);
    assert_false(recharge_is_armed(&recharge));
    recharge.enabled = false;
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_OFF);
}

static void failures_wait_1_6_and_24_hours_and_the_fourth_turns_it_off(void **state)
{
    static const int64_t hours[] = { 1, 6, 24 };
    struct recharge recharge = recharge_on();
    instant_t now = instant_of("2026-11-28T12:00:00Z"), until;

    for (size_t i = 0; i < COUNT_OF(hours); i++) {
        struct recharge_facts facts = facts_at(now, 0);

        assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_DUE);
        recharge_begun(&recharge, PURCHASE);
        assert_false(recharge_failed(&recharge, STR("card_declined"), now));
        facts.now = now + HOURS(hours[i]) - 1;
        assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_WAITS);
        assert_true(until == now + HOURS(hours[i]));
        now = until;
    }
    recharge_begun(&recharge, PURCHASE);
    assert_true(recharge_failed(&recharge, STR("card_declined"), now));
    assert_false(recharge.enabled);
    assert_true(recharge.turned_off_at == now);
    assert_str(recharge.failure, "card_declined");
}

static void a_success_forgets_the_failures_before_it(void **state)
{
    struct recharge recharge = recharge_on();

    recharge_begun(&recharge, PURCHASE);
    recharge_failed(&recharge, STR("card_declined"), 0);
    recharge_begun(&recharge, PURCHASE);
    recharge_succeeded(&recharge);
    assert_true(recharge_is_armed(&recharge));
    recharge_begun(&recharge, PURCHASE);
    assert_false(recharge_failed(&recharge, STR("card_declined"), HOURS(50)));
    assert_true(recharge.waits_until == HOURS(51));
}

static void new_settings_try_at_once(void **state)
{
    struct recharge recharge = recharge_on();
    struct recharge_facts facts = facts_at(1, 0);
    instant_t until;

    recharge_begun(&recharge, PURCHASE);
    recharge_failed(&recharge, STR("card_declined"), 0);
    recharge_set(&recharge, true, 1);
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_DUE);
    assert_true(str_is_absent(recharge.failure));
}

static void what_was_turned_off_while_it_was_paid_for_stays_off(void **state)
{
    struct recharge recharge = recharge_on();

    recharge_begun(&recharge, PURCHASE);
    recharge_set(&recharge, false, 5);
    assert_int_equal(recharge.purchase_id, PURCHASE);
    assert_false(recharge_failed(&recharge, STR("card_declined"), 6));
    assert_false(recharge.enabled);
    assert_true(recharge.turned_off_at == INSTANT_NONE);
    assert_true(recharge.waits_until == INSTANT_NONE);
}

/* 25 October 2026 has 25 hours in Berlin. */
static void the_eleventh_waits_for_the_agencys_next_day(void **state)
{
    const struct recharge recharge = recharge_on();
    struct recharge_facts facts = facts_at(instant_of("2026-10-24T22:00:00Z"), 0);
    instant_t until;

    facts.begun_today = RECHARGES_A_DAY - 1;
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_DUE);
    facts.begun_today = RECHARGES_A_DAY;
    assert_int_equal(recharge_judge(&recharge, &facts, &until), RECHARGE_WAITS);
    assert_true(until == instant_of("2026-10-25T23:00:00Z"));
}

/* Everything that ever happened, and answers found by looking through all of it. */
struct memory {
    enum happened { SET_ON, SET_OFF, BEGUN, PAID, FAILED } what[2 * STEPS];
    instant_t at[2 * STEPS];
    size_t n;
};

static void remember(struct memory *memory, enum happened what, instant_t at)
{
    memory->what[memory->n] = what;
    memory->at[memory->n] = at;
    memory->n++;
}

struct model {
    bool on, in_flight;
    int failures; /* since it was set or paid */
    instant_t failed_at;
    int64_t today;
};

/* A failure counts only while it is on. */
static struct model recall(const struct memory *memory, const struct recharge_facts *facts)
{
    struct model model = { 0 };
    struct date today = zone_date(facts->zone, facts->now);
    size_t from = memory->n;

    while (from > 0 && memory->what[from - 1] != SET_ON && memory->what[from - 1] != SET_OFF)
        from--;
    model.on = from > 0 && memory->what[from - 1] == SET_ON;
    for (size_t i = from; i < memory->n; i++) {
        if (memory->what[i] == PAID) model.failures = 0;
        if (memory->what[i] == FAILED) {
            model.failures++;
            model.failed_at = memory->at[i];
        }
    }
    if (model.failures >= 4) model.on = false;
    for (size_t i = memory->n; i > 0 && memory->at[i - 1] > facts->now - 2 * MICROS_PER_DAY; i--) {
        if (memory->what[i - 1] == BEGUN
            && date_compare(zone_date(facts->zone, memory->at[i - 1]), today) == 0)
            model.today++;
    }
    for (size_t i = memory->n; i > 0; i--) {
        if (memory->what[i - 1] == BEGUN) model.in_flight = true;
        if (memory->what[i - 1] == BEGUN || memory->what[i - 1] == PAID
            || memory->what[i - 1] == FAILED)
            break;
    }
    return model;
}

static enum recharge_verdict model_verdict(const struct model *model, const struct recharge *set,
                                           const struct recharge_facts *facts)
{
    static const int64_t hours[] = { 0, 1, 6, 24 };

    if (!model->on) return RECHARGE_OFF;
    if (model->in_flight) return RECHARGE_IN_FLIGHT;
    if (!facts->is_active) return RECHARGE_INACTIVE;
    if (model->failures > 0 && facts->now < model->failed_at + HOURS(hours[model->failures]))
        return RECHARGE_WAITS;
    if (facts->balance >= set->threshold) return RECHARGE_NOT_NEEDED;
    return model->today >= 10 ? RECHARGE_WAITS : RECHARGE_DUE;
}

/* What the world does next: mostly time, calls and payments; now and then somebody at the settings. */
static void step(struct rng *rng, struct recharge *recharge, struct memory *memory, instant_t now)
{
    bool in_flight = recharge->purchase_id != ID_NONE;
    int64_t chance = rng_between(rng, 0, 99);

    if (chance < 4) {
        bool on = chance != 0;
        recharge_set(recharge, on, now);
        remember(memory, on ? SET_ON : SET_OFF, now);
    } else if (in_flight && chance < 50) {
        recharge_succeeded(recharge);
        remember(memory, PAID, now);
    } else if (in_flight && chance < 85) {
        recharge_failed(recharge, STR("card_declined"), now);
        remember(memory, FAILED, now);
    }
}

static void every_verdict_is_that_of_a_model_that_remembers_everything(void **state)
{
    static const char *const zones[] = { "UTC", "Europe/Berlin", "America/Havana",
                                         "Asia/Kathmandu" };
    static struct memory memory;
    struct rng rng = property_rng("recharge");
    struct recharge recharge = recharge_on();
    instant_t now = instant_of("2026-01-01T00:00:00Z");
    const struct zone *zone = zone_named(zones[rng_between(&rng, 0, COUNT_OF(zones) - 1)]);
    int64_t bought = 0, waited = 0, full = 0;

    memory.n = 0;
    remember(&memory, SET_ON, now);
    for (int i = 0; i < STEPS; i++) {
        struct recharge_facts facts = { .balance = recharge.threshold + rng_between(&rng, -9, 2),
                                        .is_active = rng_between(&rng, 0, 9) > 0,
                                        .zone = zone,
                                        .now = now };
        struct model model = recall(&memory, &facts);
        instant_t until = INSTANT_NONE;

        facts.begun_today = model.today;
        enum recharge_verdict verdict = recharge_judge(&recharge, &facts, &until);

        assert_int_equal(verdict, model_verdict(&model, &recharge, &facts));
        if (verdict == RECHARGE_WAITS) assert_true(until > now);
        waited += verdict == RECHARGE_WAITS;
        full += verdict == RECHARGE_WAITS && model.today >= RECHARGES_A_DAY;
        if (verdict == RECHARGE_DUE) {
            recharge_begun(&recharge, PURCHASE);
            remember(&memory, BEGUN, now);
            bought++;
        }
        step(&rng, &recharge, &memory, now);
        now += any_magnitude(&rng) % HOURS(rng_between(&rng, 0, 19) == 0 ? 40 : 1);
    }
    assert_true(bought > 1000);
    assert_true(waited > 1000);
    assert_true(full > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_balance_below_the_threshold_buys),
        cmocka_unit_test(what_is_off_or_in_flight_or_suspended_buys_nothing),
        cmocka_unit_test(failures_wait_1_6_and_24_hours_and_the_fourth_turns_it_off),
        cmocka_unit_test(a_success_forgets_the_failures_before_it),
        cmocka_unit_test(new_settings_try_at_once),
        cmocka_unit_test(what_was_turned_off_while_it_was_paid_for_stays_off),
        cmocka_unit_test(the_eleventh_waits_for_the_agencys_next_day),
        cmocka_unit_test(every_verdict_is_that_of_a_model_that_remembers_everything),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
