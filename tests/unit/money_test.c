/* The four roundings, held to the vectors and, over random values, to 128-bit arithmetic. */
#include "property.h"
#include "vectors.h"

#include "domain/money.h"

enum { ROUNDS = 20000 };
#define CENT INT64_C(10000)

static bool fits(__int128 wide)
{
    return wide >= INT64_MIN && wide <= INT64_MAX;
}

/* The exact result of a function under test, or the report that there is none. */
static void assert_result(bool reported, int64_t result, __int128 exact)
{
    assert_int_equal(reported, fits(exact));
    if (reported) assert_true(result == exact);
}

static void value_agrees_with_every_vector(void **state)
{
    cJSON *rows = vectors_load(*state, "value"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        micros_t value;

        assert_true(
            money_value(vector_integer(row, "seconds"), vector_money(row, "price"), &value));
        assert_int_equal(value, vector_money(row, "usd"));
    }
    cJSON_Delete(rows);
}

static void seconds_for_agrees_with_every_vector(void **state)
{
    cJSON *rows = vectors_load(*state, "seconds_for"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        seconds_t seconds;

        assert_true(
            money_seconds_for(vector_money(row, "usd"), vector_money(row, "price"), &seconds));
        assert_int_equal(seconds, vector_integer(row, "seconds"));
    }
    cJSON_Delete(rows);
}

static void card_amount_agrees_with_every_vector(void **state)
{
    cJSON *rows = vectors_load(*state, "card_amount"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        seconds_t seconds = vector_integer(row, "seconds");
        micros_t price = vector_money(row, "price"), amount;
        int64_t cents;

        assert_true(money_card_cents(seconds, price, &cents));
        assert_int_equal(cents, vector_integer(row, "cents"));
        assert_true(money_card_amount(seconds, price, &amount));
        assert_int_equal(amount, cents * CENT);
    }
    cJSON_Delete(rows);
}

static void billed_seconds_agree_with_every_vector(void **state)
{
    cJSON *rows = vectors_load(*state, "billed_seconds"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        struct increment increment = { vector_integer(row, "first"), vector_integer(row, "step") };
        seconds_t billed;

        assert_true(money_billed_seconds(vector_integer(row, "duration"), increment, &billed));
        assert_int_equal(billed, vector_integer(row, "billed"));
    }
    cJSON_Delete(rows);
}

static micros_t value_of(seconds_t seconds, micros_t price)
{
    micros_t value = 0;

    assert_true(money_value(seconds, price, &value));
    return value;
}

static void values_of_moves_agree_with_every_vector(void **state)
{
    cJSON *rows = vectors_load(*state, "move"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        seconds_t sent = vector_integer(row, "sent_seconds");
        seconds_t received = vector_integer(row, "received_seconds");
        micros_t base = vector_money(row, "base");

        assert_int_equal(value_of(sent, vector_money(row, "price_from")),
                         vector_money(row, "value_from_usd"));
        assert_int_equal(value_of(received, vector_money(row, "price_to")),
                         vector_money(row, "value_to_usd"));
        assert_int_equal(value_of(sent, base) - value_of(received, base),
                         vector_money(row, "adjustment_usd"));
    }
    cJSON_Delete(rows);
}

static void value_rounds_half_a_micro_dollar_up_and_mirrors_below_zero(void **state)
{
    assert_int_equal(value_of(29, 1), 0);
    assert_int_equal(value_of(30, 1), 1);
    assert_int_equal(value_of(-29, 1), 0);
    assert_int_equal(value_of(-30, 1), -1);
    assert_int_equal(value_of(INT64_MIN, 1), -INT64_C(153722867280912930));
    assert_int_equal(value_of(INT64_MIN, 60), INT64_MIN);
}

static void a_card_pays_whole_cents_rounded_up(void **state)
{
    micros_t amount;

    assert_true(money_card_amount(1, 160000, &amount));
    assert_int_equal(amount, CENT);
    assert_true(money_card_amount(2000 * 60, 200000, &amount));
    assert_int_equal(amount, 400 * MICROS_PER_USD);
    assert_true(money_card_amount(0, 160000, &amount));
    assert_int_equal(amount, 0);
}

static void value_reports_every_overflow_and_nothing_else(void **state)
{
    struct rng rng = property_rng("value");

    for (int i = 0; i < ROUNDS; i++) {
        seconds_t seconds = any_int64(&rng);
        micros_t price = any_magnitude(&rng), value = 0;
        __int128 magnitude = seconds < 0 ? -(__int128)seconds : seconds;
        __int128 exact = (magnitude * price + 30) / 60;
        bool reported = money_value(seconds, price, &value);

        assert_result(reported, value, seconds < 0 ? -exact : exact);
    }
}

static void seconds_for_reports_every_overflow_and_nothing_else(void **state)
{
    struct rng rng = property_rng("seconds_for");

    for (int i = 0; i < ROUNDS; i++) {
        micros_t amount = any_magnitude(&rng), price = any_magnitude(&rng) / 2 + 1;
        seconds_t seconds = 0;
        bool reported = money_seconds_for(amount, price, &seconds);

        assert_result(reported, seconds, (__int128)amount * 60 / price);
    }
}

static void card_amount_reports_every_overflow_and_nothing_else(void **state)
{
    struct rng rng = property_rng("card_amount");

    for (int i = 0; i < ROUNDS; i++) {
        seconds_t seconds = any_magnitude(&rng);
        micros_t price = any_magnitude(&rng), amount = 0;
        int64_t cents = 0;
        __int128 exact = ((__int128)seconds * price + 599999) / 600000;
        bool cents_reported = money_card_cents(seconds, price, &cents);
        bool amount_reported = money_card_amount(seconds, price, &amount);

        assert_result(cents_reported, cents, exact);
        assert_result(amount_reported, amount, exact * CENT);
    }
}

static void billed_seconds_report_every_overflow_and_nothing_else(void **state)
{
    struct rng rng = property_rng("billed_seconds");

    for (int i = 0; i < ROUNDS; i++) {
        struct increment increment = { rng_between(&rng, 1, 3600), rng_between(&rng, 1, 3600) };
        seconds_t duration =
            i % 2 == 0 ? any_magnitude(&rng) : INT64_MAX - rng_between(&rng, 0, 4000);
        __int128 beyond = (__int128)duration - increment.first_seconds;
        __int128 steps = (beyond + increment.step_seconds - 1) / increment.step_seconds;
        __int128 exact =
            increment.first_seconds + (beyond > 0 ? steps * increment.step_seconds : 0);
        seconds_t billed = 0;
        bool reported = money_billed_seconds(duration, increment, &billed);

        assert_result(reported, billed, duration == 0 ? 0 : exact);
    }
}

/* What an amount buys is worth the amount, short of at most the price of the second it did not buy. */
static void an_amount_buys_all_the_seconds_it_covers_and_no_more(void **state)
{
    struct rng rng = property_rng("amount -> seconds -> value");

    for (int i = 0; i < ROUNDS; i++) {
        micros_t amount = rng_between(&rng, 0, INT64_C(10000000) * MICROS_PER_USD);
        micros_t price = rng_between(&rng, 1, 1000 * MICROS_PER_USD);
        seconds_t seconds;

        assert_true(money_seconds_for(amount, price, &seconds));
        assert_true(value_of(seconds, price) <= amount);
        assert_true(value_of(seconds + 1, price) >= amount);
    }
}

/* Rounding a value moves it by half a micro-dollar at most: that many seconds at most come back wrong. */
static void the_value_of_seconds_buys_them_back_within_the_rounding(void **state)
{
    struct rng rng = property_rng("seconds -> value -> seconds");

    for (int i = 0; i < ROUNDS; i++) {
        seconds_t seconds = rng_between(&rng, 0, INT64_C(6000000000)), back;
        micros_t price = rng_between(&rng, 1, 1000 * MICROS_PER_USD);

        assert_true(money_seconds_for(value_of(seconds, price), price, &back));
        assert_true(back >= seconds - 30 / price - 1);
        assert_true(back <= seconds + 30 / price);
    }
}

static void a_card_pays_the_value_and_less_than_a_cent_more(void **state)
{
    struct rng rng = property_rng("card_amount and value");

    for (int i = 0; i < ROUNDS; i++) {
        seconds_t seconds = rng_between(&rng, 0, INT64_C(6000000000));
        micros_t price = rng_between(&rng, 0, 1000 * MICROS_PER_USD), amount;

        assert_true(money_card_amount(seconds, price, &amount));
        assert_true(amount >= value_of(seconds, price));
        assert_true(amount - value_of(seconds, price) < CENT + 1);
        assert_int_equal(amount % CENT, 0);
    }
}

static void longer_calls_never_bill_fewer_seconds(void **state)
{
    struct rng rng = property_rng("billed_seconds is monotonic");

    for (int i = 0; i < ROUNDS; i++) {
        struct increment increment = { rng_between(&rng, 1, 3600), rng_between(&rng, 1, 3600) };
        seconds_t shorter = rng_between(&rng, 0, 86400), longer = rng_between(&rng, shorter, 86400);
        seconds_t billed_shorter, billed_longer;

        assert_true(money_billed_seconds(shorter, increment, &billed_shorter));
        assert_true(money_billed_seconds(longer, increment, &billed_longer));
        assert_true(billed_shorter <= billed_longer);
        assert_true(billed_longer >= longer);
        assert_true(billed_longer <= increment.first_seconds
                    || billed_longer - longer < increment.step_seconds);
    }
}

static int set_up(void **state)
{
    *state = arena_new(4096);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_agrees_with_every_vector),
        cmocka_unit_test(seconds_for_agrees_with_every_vector),
        cmocka_unit_test(card_amount_agrees_with_every_vector),
        cmocka_unit_test(billed_seconds_agree_with_every_vector),
        cmocka_unit_test(values_of_moves_agree_with_every_vector),
        cmocka_unit_test(value_rounds_half_a_micro_dollar_up_and_mirrors_below_zero),
        cmocka_unit_test(a_card_pays_whole_cents_rounded_up),
        cmocka_unit_test(value_reports_every_overflow_and_nothing_else),
        cmocka_unit_test(seconds_for_reports_every_overflow_and_nothing_else),
        cmocka_unit_test(card_amount_reports_every_overflow_and_nothing_else),
        cmocka_unit_test(billed_seconds_report_every_overflow_and_nothing_else),
        cmocka_unit_test(an_amount_buys_all_the_seconds_it_covers_and_no_more),
        cmocka_unit_test(the_value_of_seconds_buys_them_back_within_the_rounding),
        cmocka_unit_test(a_card_pays_the_value_and_less_than_a_cent_more),
        cmocka_unit_test(longer_calls_never_bill_fewer_seconds),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
