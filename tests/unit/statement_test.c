/* A statement is the ledger of a sub-account in one order, whatever the pages. */
#include "agency_fixture.h"

#include "base/rng.h"
#include "engine/statement.h"

#include <inttypes.h>

#define NOW SOME_INSTANT

static id64_t next_posting = 1000;

static void grant(struct store *store, id64_t subaccount, enum tier tier, seconds_t seconds)
{
    struct posting posting =
        posting_for_plan_grant(next_posting++, AGENCY, subaccount, tier, seconds, store->tx->now);

    assert_ok(store, ledger_post_one(store->tx, &posting));
}

static void use(struct store *store, id64_t subaccount, enum tier tier, seconds_t seconds)
{
    struct posting posting =
        posting_for_calls(next_posting++, AGENCY, subaccount, tier, seconds, store->tx->now);

    assert_ok(store, ledger_post_one(store->tx, &posting));
}

static struct account_statement_filter all_of(id64_t subaccount)
{
    return (struct account_statement_filter){
        .subaccount = subaccount,
        .account = -1,
        .from = INSTANT_NONE,
        .to = INSTANT_NONE,
        .after = { .at = INSTANT_NONE },
        .limit = 500,
    };
}

/* "wallet.premium -60=540; …" */
static const char *text_of(struct store *store, const struct account_statement_filter *filter)
{
    struct buffer text = buffer_new(store->arena, 256);
    struct list list;

    assert_ok(store, account_statement(store->tx, AGENCY, filter, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct statement_entry *entry = &((const struct statement_entry *)list.at)[i];

        buffer_add_format(&text, "%s%s %+" PRId64 "=%" PRId64, i > 0 ? "; " : "",
                          ledger_account_names[entry->account], entry->amount, entry->balance);
    }
    return str_to_c(store->arena, buffer_str(&text));
}

static void entries_come_newest_first_with_the_balance_after_each(void **state)
{
    struct store *store = agency_store(state);
    struct account_statement_filter filter = all_of(HARBOR);

    begin_at(store, NOW);
    grant(store, HARBOR, TIER_PREMIUM, 600);
    commit(store);
    begin_at(store, NOW + 1);
    grant(store, HARBOR, TIER_BASIC, 90);
    commit(store);
    begin_at(store, NOW + 2);
    use(store, HARBOR, TIER_PREMIUM, 60);
    use(store, HARBOR, TIER_PREMIUM, 700);
    assert_string_equal(
        text_of(store, &filter),
        "wallet.premium -700=-160; wallet.premium -60=540; wallet.basic +90=90; wallet.premium +600=600");
    filter.account = LEDGER_WALLET_BASIC;
    assert_string_equal(text_of(store, &filter), "wallet.basic +90=90");
    commit(store);
}

static void a_range_holds_its_start_and_not_its_end(void **state)
{
    struct store *store = agency_store(state);
    struct account_statement_filter filter = all_of(HARBOR);

    for (int i = 0; i < 3; i++) {
        begin_at(store, NOW + i);
        grant(store, HARBOR, TIER_BASIC, 10);
        commit(store);
    }
    begin_at(store, NOW + 3);
    filter.from = NOW + 1;
    filter.to = NOW + 2;
    assert_string_equal(text_of(store, &filter), "wallet.basic +10=20");
    commit(store);
}

static void other_accounts_are_not_in_it(void **state)
{
    struct store *store = agency_store(state);
    struct account_statement_filter filter = all_of(LAKESIDE);

    begin(store);
    grant(store, HARBOR, TIER_BASIC, 10);
    assert_string_equal(text_of(store, &filter), "");
    commit(store);
}

/* Postings to both tiers, several at one instant. */
static void post_some(struct store *store, struct rng *rng, int instants)
{
    for (int i = 0; i < instants; i++) {
        begin_at(store, NOW + i);
        for (int64_t n = rng_between(rng, 1, 4); n > 0; n--)
            grant(store, HARBOR, (enum tier)rng_between(rng, 0, 1), rng_between(rng, 1, 99));
        commit(store);
    }
}

static const char *pages_of(struct store *store, struct account_statement_filter filter,
                            size_t *n_pages)
{
    struct buffer text = buffer_new(store->arena, 256);
    struct list list;

    for (*n_pages = 0;; ++*n_pages) {
        assert_ok(store, account_statement(store->tx, AGENCY, &filter, &list));
        if (list.count == 0) return str_to_c(store->arena, buffer_str(&text));
        if (text.len > 0) buffer_add_c(&text, "; ");
        buffer_add_c(&text, text_of(store, &filter));
        filter.after =
            statement_place_of(&((const struct statement_entry *)list.at)[list.count - 1]);
    }
}

static void pages_of_any_size_hold_every_entry_once(void **state)
{
    struct store *store = agency_store(state);
    struct rng rng = rng_seeded(20261124);
    struct account_statement_filter filter = all_of(HARBOR);
    size_t n_pages;

    post_some(store, &rng, 12);
    begin_at(store, NOW + 100);
    const char *whole = text_of(store, &filter);
    for (filter.limit = 1; filter.limit <= 9; filter.limit++) {
        assert_string_equal(pages_of(store, filter, &n_pages), whole);
        assert_true(n_pages > 1);
    }
    commit(store);
}

static void what_comes_meanwhile_does_not_disturb_the_next_page(void **state)
{
    struct store *store = agency_store(state);
    struct account_statement_filter filter = all_of(HARBOR);
    struct list list;

    begin_at(store, NOW);
    grant(store, HARBOR, TIER_BASIC, 1);
    grant(store, HARBOR, TIER_BASIC, 2);
    filter.limit = 1;
    assert_ok(store, account_statement(store->tx, AGENCY, &filter, &list));
    filter.after = statement_place_of(list.at);
    commit(store);
    begin_at(store, NOW + 1);
    grant(store, HARBOR, TIER_BASIC, 3);
    grant(store, HARBOR, TIER_PREMIUM, 4);
    filter.limit = 10;
    assert_string_equal(text_of(store, &filter), "wallet.basic +1=1");
    commit(store);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(entries_come_newest_first_with_the_balance_after_each),
    STORE_TEST(a_range_holds_its_start_and_not_its_end),
    STORE_TEST(other_accounts_are_not_in_it),
    STORE_TEST(pages_of_any_size_hold_every_entry_once),
    STORE_TEST(what_comes_meanwhile_does_not_disturb_the_next_page),
};

int main(void)
{
    return cmocka_run_group_tests_name("statement", tests, databases_make, databases_drop);
}
