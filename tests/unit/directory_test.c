/* The table of sub-accounts: periods and billing dates turn over at the very instant, in the agency's zone, on both
   stores. */
#include "agency_fixture.h"

#include "base/time.h"
#include "engine/directory.h"
#include "engine/purchases.h"

static instant_t instant(const char *text)
{
    instant_t out;

    assert_true(instant_parse(str_from_c(text), &out));
    return out;
}

static struct directory_row row_at(struct store *store, const char *zone, id64_t subaccount,
                                   instant_t now)
{
    struct directory_row row;

    begin_at(store, now);
    assert_ok(store,
              directory_rows(store->tx, AGENCY, zone_find(str_from_c(zone)), &subaccount, 1, &row));
    commit(store);
    return row;
}

static void assert_period(struct directory_row row, const char *start, const char *end)
{
    assert_true(row.period.start == instant(start));
    assert_true(row.period.end == instant(end));
}

struct turn {
    const char *zone, *anchor;
    const char *before, *at, *after; /* starts of three periods that follow one another */
};

static const struct turn turns[] = {
    /* The 31st of shorter months, and back. */
    { "Europe/Berlin", "2026-08-31", "2026-09-29T22:00:00Z", "2026-10-30T23:00:00Z",
      "2026-11-29T23:00:00Z" },
    { "America/New_York", "2026-01-31", "2026-01-31T05:00:00Z", "2026-02-28T05:00:00Z",
      "2026-03-31T04:00:00Z" },
    { "UTC", "2023-12-31", "2024-01-31T00:00:00Z", "2024-02-29T00:00:00Z", "2024-03-31T00:00:00Z" },
    /* A midnight that clocks jump over: the day begins at one. */
    { "Asia/Beirut", "2022-02-27", "2022-02-26T22:00:00Z", "2022-03-26T22:00:00Z",
      "2022-04-26T21:00:00Z" },
    /* Half hours, and a zone that is on the next day already. */
    { "Asia/Kolkata", "2025-11-18", "2026-01-17T18:30:00Z", "2026-02-17T18:30:00Z",
      "2026-03-17T18:30:00Z" },
    { "Pacific/Auckland", "2025-06-20", "2025-09-19T12:00:00Z", "2025-10-19T11:00:00Z",
      "2025-11-19T11:00:00Z" },
};

static void anchor_at(struct store *store, const char *date)
{
    begin_at(store, 1);
    assert_ok(store,
              db_run(store->tx, "UPDATE subaccounts SET billing_anchor = $1 WHERE id = $2",
                     ARGS(db_text(str_from_c(date)), db_int(HARBOR)), NULL));
    commit(store);
}

static void a_period_begins_at_its_first_microsecond(void **state)
{
    struct store *store = agency_store(state);

    for (size_t i = 0; i < COUNT_OF(turns); i++) {
        const struct turn *turn = &turns[i];

        anchor_at(store, turn->anchor);
        assert_period(row_at(store, turn->zone, HARBOR, instant(turn->at) - 1), turn->before,
                      turn->at);
        assert_period(row_at(store, turn->zone, HARBOR, instant(turn->at)), turn->at, turn->after);
        assert_period(row_at(store, turn->zone, HARBOR, instant(turn->after) - 1), turn->at,
                      turn->after);
    }
}

static void buy(struct store *store, instant_t now)
{
    const struct actor owner = { .user = OWNER };
    struct purchase made, paid;

    begin_at(store, now);
    const struct purchase_order order = { .agency = AGENCY,
                                          .subaccount = HARBOR,
                                          .tier = TIER_PREMIUM,
                                          .seconds = 60,
                                          .created_by = OWNER };

    assert_ok(store, purchase_create(store->tx, &order, &made));
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, made.id, owner, &paid));
    commit(store);
}

static void figures_of_a_period_turn_over_with_it(void **state)
{
    struct store *store = agency_store(state);
    const instant_t turn = instant("2026-10-30T23:00:00Z");

    script(
        store,
        "INSERT INTO usage_periods (agency_id, subaccount_id, start_at, end_at, calls, billed_seconds,"
        " spent_micros, cost_micros) VALUES (1, 12, 1790719200000000, 1793401200000000, 2, 120, 400000, 320000)");
    buy(store, turn - 1);
    buy(store, turn);
    buy(store, turn);
    struct directory_row row = row_at(store, "Europe/Berlin", HARBOR, turn - 1);
    assert_int_equal(row.usage.billed_seconds, 120);
    assert_int_equal(row.usage.spent, 400000);
    assert_int_equal(row.usage.purchased, 200000);
    row = row_at(store, "Europe/Berlin", HARBOR, turn);
    assert_int_equal(row.usage.billed_seconds, 0);
    assert_int_equal(row.usage.spent, 0);
    assert_int_equal(row.usage.purchased, 400000);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(a_period_begins_at_its_first_microsecond),
    STORE_TEST(figures_of_a_period_turn_over_with_it),
};

int main(void)
{
    return cmocka_run_group_tests_name("directory", tests, databases_make, databases_drop);
}
