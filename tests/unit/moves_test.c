/* Moving minutes: the examples, the cap by credit, and that value is neither made nor lost. */
#include "arena_fixture.h"
#include "posting_fixture.h"
#include "property.h"
#include "vectors.h"

#include "domain/moves.h"

enum { AGENCY = 7, FROM = 21, TO = 22, MOVE = 31, POSTING = 41, CASES = 100000 };

#define CENTS(n)   (INT64_C(10000) * (n))
#define MINUTES(n) (INT64_C(60) * (n))

static struct minute_move move_of(seconds_t sent, micros_t from, micros_t to, micros_t base)
{
    return (struct minute_move){ .agency_id = AGENCY,
                                 .id = MOVE,
                                 .from_id = FROM,
                                 .to_id = TO,
                                 .tier = TIER_PREMIUM,
                                 .sent = sent,
                                 .price_from = from,
                                 .price_to = to,
                                 .base_price = base,
                                 .posting_id = POSTING };
}

static void moves_are_quoted_as_in_the_examples(void **state)
{
    cJSON *rows = vectors_load(*state, "move"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        struct minute_move move =
            move_of(vector_integer(row, "sent_seconds"), vector_money(row, "price_from"),
                    vector_money(row, "price_to"), vector_money(row, "base"));

        assert_int_equal(move_quote(&move, MICROS_NONE), REASON_NONE);
        assert_int_equal(move.received, vector_integer(row, "received_seconds"));
        assert_int_equal(move.adjustment, vector_money(row, "adjustment_usd"));
        assert_int_equal(move.value_from, vector_money(row, "value_from_usd"));
        assert_int_equal(move.value_to, vector_money(row, "value_to_usd"));
        assert_false(move.capped);
    }
    cJSON_Delete(rows);
}

static void credit_caps_what_arrives_and_never_below_what_was_sent(void **state)
{
    /* 80 minutes at 0.25 are 100 at 0.20; the 20 more are worth 3.20 at base. */
    static const struct {
        micros_t available;
        seconds_t received;
        bool capped;
    } rows[] = {
        { CENTS(320), MINUTES(100), false }, { CENTS(320) - 1, MINUTES(100) - 1, true },
        { CENTS(160), MINUTES(90), true },   { 2666, MINUTES(80), true },
        { 2667, MINUTES(80) + 1, true },     { 0, MINUTES(80), true },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct minute_move move = move_of(MINUTES(80), CENTS(25), CENTS(20), CENTS(16));

        assert_int_equal(move_quote(&move, rows[i].available), REASON_NONE);
        assert_int_equal(move.received, rows[i].received);
        assert_int_equal(move.capped, rows[i].capped);
        assert_true(-move.adjustment <= rows[i].available);
    }
}

static void a_move_that_gives_credit_needs_none(void **state)
{
    struct minute_move move = move_of(MINUTES(100), CENTS(20), CENTS(25), CENTS(16));

    assert_int_equal(move_quote(&move, 0), REASON_NONE);
    assert_int_equal(move.received, MINUTES(80));
    assert_int_equal(move.adjustment, CENTS(320));
    assert_false(move.capped);
}

static void minutes_without_a_price_stay_what_they_are(void **state)
{
    struct minute_move move = move_of(600, CENTS(20), 0, 0);

    assert_int_equal(move_quote(&move, 0), REASON_NONE);
    assert_int_equal(move.received, 600);
}

static void only_the_quote_of_now_may_be_made(void **state)
{
    struct minute_move capped = move_of(MINUTES(80), CENTS(25), CENTS(20), CENTS(16));
    struct minute_move whole = capped;

    assert_int_equal(move_quote(&capped, CENTS(160)), REASON_NONE);
    assert_int_equal(may_move(&capped, MINUTES(90)), REASON_NONE);
    assert_int_equal(may_move(&capped, MINUTES(100)), REASON_INSUFFICIENT_CREDIT);
    assert_int_equal(may_move(&capped, MINUTES(90) - 1), REASON_QUOTE_CHANGED);
    assert_int_equal(move_quote(&whole, MICROS_NONE), REASON_NONE);
    assert_int_equal(may_move(&whole, MINUTES(100) + 1), REASON_QUOTE_CHANGED);
    assert_int_equal(may_move(&whole, MINUTES(80)), REASON_QUOTE_CHANGED);
}

static void a_move_posts_both_wallets_the_difference_and_the_adjustment(void **state)
{
    struct minute_move move = move_of(MINUTES(100), CENTS(20), CENTS(25), CENTS(16));
    struct posting posting;

    assert_int_equal(move_quote(&move, 0), REASON_NONE);
    assert_int_equal(posting_for_move(&move, 1000, &posting), REASON_NONE);
    assert_int_equal(posting.n_entries, 5);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, FROM), -MINUTES(100));
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, TO), MINUTES(80));
    assert_int_equal(amount_of(&posting, LEDGER_CONVERSION_PREMIUM, 0), MINUTES(20));
    assert_int_equal(amount_of(&posting, LEDGER_CREDIT, AGENCY), CENTS(320));
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), -CENTS(320));
    assert_int_equal(posting.subject, FROM);
    assert_int_equal(posting.reference, MOVE);
    assert_int_equal(posting.key, MOVE);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct minute_move move = move_of(INT64_MAX, PRICE_MAX, 1, 1);

    assert_int_equal(move_quote(&move, MICROS_NONE), REASON_OVERFLOW);
    move = move_of(INT64_MAX, 61, 61, 61);
    assert_int_equal(move_quote(&move, 0), REASON_OVERFLOW);
}

static micros_t value(seconds_t seconds, micros_t price)
{
    return (micros_t)(((__int128)seconds * price + 30) / 60);
}

/* What credit covers is found by trying the next second, not by the formula. */
static void assert_quote_is_right(const struct minute_move *move, micros_t available)
{
    seconds_t uncapped = move->price_from == move->price_to
        ? move->sent
        : (seconds_t)((__int128)move->sent * move->price_from / move->price_to);
    micros_t sent_base = value(move->sent, move->base_price);

    assert_int_equal(move->adjustment, sent_base - value(move->received, move->base_price));
    if (!move->capped) {
        assert_int_equal(move->received, uncapped);
    } else {
        assert_in_range(move->received, move->sent, uncapped - 1);
        assert_true(value(move->received + 1, move->base_price) - sent_base > available);
    }
    assert_true(move->received <= move->sent || -move->adjustment <= available);
    /* At client prices nothing is gained. */
    assert_true((__int128)move->received * move->price_to
                <= (__int128)move->sent * move->price_from);
}

static void random_moves_keep_value_and_base_covered(void **state)
{
    struct rng rng = property_rng("moves");

    for (int i = 0; i < CASES; i++) {
        micros_t base = rng_between(&rng, 1, CENTS(100));
        struct minute_move move = move_of(
            rng_between(&rng, 1, INT64_C(1) << rng_between(&rng, 1, 32)),
            base + rng_between(&rng, 0, CENTS(100)), base + rng_between(&rng, 0, CENTS(100)), base);
        micros_t available = rng_between(&rng, 0, INT64_C(1) << rng_between(&rng, 1, 40));
        struct posting posting;

        assert_int_equal(move_quote(&move, available), REASON_NONE);
        assert_quote_is_right(&move, available);
        assert_int_equal(posting_for_move(&move, 1000, &posting), REASON_NONE);
    }
}

/* There and back again never brings more minutes, nor more credit. */
static void a_way_back_mints_nothing(void **state)
{
    struct rng rng = property_rng("ways back");

    for (int i = 0; i < CASES; i++) {
        micros_t base = rng_between(&rng, 1, CENTS(50));
        micros_t a = base + rng_between(&rng, 0, CENTS(50)),
                 b = base + rng_between(&rng, 0, CENTS(50));
        struct minute_move there = move_of(rng_between(&rng, 1, 1000000), a, b, base);

        assert_int_equal(move_quote(&there, MICROS_NONE), REASON_NONE);
        if (there.received == 0) continue;
        struct minute_move back = move_of(there.received, b, a, base);
        assert_int_equal(move_quote(&back, MICROS_NONE), REASON_NONE);
        assert_true(back.received <= there.sent);
        /* What is missing at the end is what credit has gained, at base and to the rounding of one value. */
        assert_int_equal(there.adjustment + back.adjustment,
                         value(there.sent, base) - value(back.received, base));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_quoted_as_in_the_examples),
        cmocka_unit_test(credit_caps_what_arrives_and_never_below_what_was_sent),
        cmocka_unit_test(a_move_that_gives_credit_needs_none),
        cmocka_unit_test(minutes_without_a_price_stay_what_they_are),
        cmocka_unit_test(only_the_quote_of_now_may_be_made),
        cmocka_unit_test(a_move_posts_both_wallets_the_difference_and_the_adjustment),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(random_moves_keep_value_and_base_covered),
        cmocka_unit_test(a_way_back_mints_nothing),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
