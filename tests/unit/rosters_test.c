/* What readers keep of an agency's accounts is what the store has, whatever was changed, rolled back, looked at earlier or
   forgotten in between. */
#include "agency_fixture.h"
#include "property.h"

#include "engine/rosters.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

enum { READERS = 2, STEPS = 150, FIRST_NEW = 1000, AGENCIES_MANY = 300 };

/* Connections that share what they keep, and one that keeps nothing. */
struct readers {
    struct store *store;
    struct rosters *rosters;
    struct tx *keeping[READERS], *plain;
};

static struct tx *reader(struct store *store, struct rosters *rosters)
{
    struct tx *tx = db_connect(store->db, DB_READER, &store->problem);

    assert_ok(store, tx != NULL);
    tx->rosters = rosters;
    return tx;
}

static struct readers readers_of(struct store *store)
{
    struct readers readers = { .store = store, .rosters = rosters_new() };

    for (int i = 0; i < READERS; i++)
        readers.keeping[i] = reader(store, readers.rosters);
    readers.plain = reader(store, NULL);
    return readers;
}

static void done(struct readers *readers)
{
    for (int i = 0; i < READERS; i++)
        db_disconnect(readers->keeping[i]);
    db_disconnect(readers->plain);
    rosters_free(readers->rosters);
}

static void start(const struct readers *readers, struct tx *tx, instant_t now)
{
    int64_t agencies;

    assert_ok(readers->store, tx_begin(tx, readers->store->arena, &readers->store->problem, now));
    /* On PostgreSQL a snapshot begins with the first statement. */
    assert_ok(readers->store, agencies_count(tx, &agencies));
}

static const struct roster *hold(const struct readers *readers, struct tx *tx, id64_t agency)
{
    const struct roster *roster;

    assert_ok(readers->store, roster_hold(tx, agency, &roster));
    return roster;
}

static void assert_same_text(struct str a, struct str b)
{
    assert_true(str_is_absent(a) == str_is_absent(b));
    assert_true(str_is_absent(a) || str_equal(a, b));
}

static void assert_same_account(const struct roster_account *a, const struct roster_account *b,
                                instant_t now)
{
    static const micros_t no_base[TIER_COUNT] = { 0, 0 };

    assert_int_equal(a->brief.id, b->brief.id);
    assert_int_equal(a->brief.kind, b->brief.kind);
    assert_int_equal(a->brief.status, b->brief.status);
    assert_int_equal(date_compare(a->brief.billing_anchor, b->brief.billing_anchor), 0);
    assert_true(a->brief.created_at == b->brief.created_at);
    assert_same_text(a->brief.name_key, b->brief.name_key);
    assert_same_text(a->brief.email_key, b->brief.email_key);
    assert_same_text(a->brief.reference_key, b->brief.reference_key);
    for (int later = 0; later < 5; later++) {
        instant_t at = now + later * 2 * MICROS_PER_HOUR;
        micros_t price[TIER_COUNT], other[TIER_COUNT];

        roster_prices_at(a, no_base, at, price);
        roster_prices_at(b, no_base, at, other);
        assert_memory_equal(price, other, sizeof(price));
    }
}

/* What one of the readers keeps, against the store itself. */
static void assert_kept_is_true(const struct readers *readers, int which, instant_t now)
{
    struct tx *keeping = readers->keeping[which], *plain = readers->plain;

    start(readers, keeping, now);
    start(readers, plain, now);
    const struct roster *kept = hold(readers, keeping, AGENCY);
    const struct roster *fresh = hold(readers, plain, AGENCY);
    assert_int_equal(kept->count, fresh->count);
    for (size_t i = 0; i < kept->count; i++)
        assert_same_account(&kept->at[i], &fresh->at[i], now);
    roster_release(keeping, kept);
    roster_release(plain, fresh);
    tx_rollback(keeping);
    tx_rollback(plain);
}

/* --- changes --- */

static struct subaccount some_account(struct store *store, struct rng *rng)
{
    struct subaccount account;
    int64_t id, offset = rng_between(rng, 0, 1000);

    assert_ok(store,
              db_find_int(store->tx,
                          "SELECT id FROM subaccounts WHERE agency_id = 1"
                          " ORDER BY (id * 7919 + $1) % 1009, id LIMIT 1",
                          ARGS(db_int(offset)), 0, &id)
                  && subaccount_load(store->tx, AGENCY, id, &account));
    return account;
}

static bool add(struct store *store, struct rng *rng, int64_t version)
{
    int64_t id = FIRST_NEW + rng_between(rng, 0, 100000);
    bool exists;
    const struct subaccount account = {
        .agency_id = AGENCY,
        .id = id,
        .kind = SUBACCOUNT_SECONDARY,
        .name = str_format(store->arena, "Client %lld", (long long)id),
        .email = str_format(store->arena, "c%lld@n.example", (long long)id),
        .reference = id % 2 == 0 ? STR_NONE : str_format(store->arena, "Ref-%lld", (long long)id),
        .billing_anchor = date_from_days(rng_between(rng, 19000, 20000)),
        .created_at = store->tx->now,
    };

    return subaccount_exists(store->tx, AGENCY, id, &exists)
        && (exists || subaccount_insert(store->tx, &account, version));
}

static bool rename_one(struct store *store, struct rng *rng, int64_t version)
{
    struct subaccount account = some_account(store, rng);
    long long other = (long long)rng_next(rng) & 0xffffff;

    account.name = str_format(store->arena, "Änderung %lld", other);
    account.reference = other % 3 == 0 ? STR_NONE : str_format(store->arena, "R%lld", other);
    return subaccount_update(store->tx, &account, version);
}

static bool set_status(struct store *store, struct rng *rng, int64_t version)
{
    struct subaccount account = some_account(store, rng);

    account.status = (int)rng_between(rng, SUBACCOUNT_ACTIVE, SUBACCOUNT_REMOVED);
    account.suspension_note = STR("note");
    return account.kind == SUBACCOUNT_PRIMARY
        || subaccount_set_status(store->tx, &account, version);
}

/* Now, some time ago, or from some time on. */
static bool set_price(struct store *store, struct rng *rng, int64_t version)
{
    struct subaccount account = some_account(store, rng);
    instant_t from = store->tx->now + rng_between(rng, -2, 4) * MICROS_PER_HOUR;
    micros_t price = rng_between(rng, 0, 3) == 0 ? MICROS_NONE : rng_between(rng, 100000, 300000);

    return price_point_insert(store->tx, AGENCY, account.id,
                              (enum tier)rng_between(rng, TIER_BASIC, TIER_PREMIUM), from, price)
        && subaccount_stamp(store->tx, AGENCY, account.id, version);
}

static bool change_nothing(struct store *store, struct rng *rng, int64_t version)
{
    return true;
}

static bool (*const changes[])(struct store *, struct rng *, int64_t) = {
    add, rename_one, set_status, set_price, change_nothing,
};

static void change(struct store *store, struct rng *rng, instant_t now)
{
    int64_t version, many = rng_between(rng, 1, 4);

    begin_at(store, now);
    assert_ok(store, agency_next_version(store->tx, AGENCY, &version));
    for (; many > 0; many--)
        assert_ok(store, changes[rng_between(rng, 0, COUNT_OF(changes) - 1)](store, rng, version));
    if (rng_between(rng, 0, 3) == 0)
        tx_rollback(store->tx);
    else
        commit(store);
}

static void whatever_happens_what_is_kept_is_what_is_there(void **state)
{
    struct store *store = agency_store(state);
    struct readers readers = readers_of(store);
    struct rng rng = property_rng("rosters");
    instant_t now = SOME_INSTANT;

    for (int step = 0; step < STEPS; step++) {
        now += rng_between(&rng, 0, 1) * rng_between(&rng, 0, 2 * MICROS_PER_HOUR);
        change(store, &rng, now);
        /* Requests that began a little or long before others, too. */
        for (int64_t looks = rng_between(&rng, 0, 3); looks > 0; looks--) {
            instant_t back = rng_between(&rng, 0, 4) == 0 ? MICROS_PER_DAY : MICROS_PER_SECOND;
            assert_kept_is_true(&readers, (int)rng_between(&rng, 0, READERS - 1),
                                now - rng_between(&rng, 0, back));
        }
    }
    assert_kept_is_true(&readers, 0, now);
    done(&readers);
}

static const struct roster_account *find(const struct roster *roster, id64_t id)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->at[i].brief.id == id) return &roster->at[i];
    }
    return NULL;
}

static int status_seen(const struct readers *readers, struct tx *tx)
{
    const struct roster *roster = hold(readers, tx, AGENCY);
    const struct roster_account *harbor = find(roster, HARBOR);

    assert_non_null(harbor);
    int status = harbor->brief.status;
    roster_release(tx, roster);
    return status;
}

static void suspend(struct store *store)
{
    int64_t version;
    struct subaccount harbor;

    begin(store);
    assert_ok(store,
              agency_next_version(store->tx, AGENCY, &version)
                  && subaccount_load(store->tx, AGENCY, HARBOR, &harbor));
    harbor.status = SUBACCOUNT_SUSPENDED;
    assert_ok(store, subaccount_set_status(store->tx, &harbor, version));
    commit(store);
}

static void each_transaction_sees_the_accounts_of_its_own_snapshot(void **state)
{
    struct store *store = agency_store(state);
    struct readers readers = readers_of(store);
    struct tx *early = readers.keeping[0], *late = readers.keeping[1];

    start(&readers, early, SOME_INSTANT);
    suspend(store);
    start(&readers, late, SOME_INSTANT);
    assert_int_equal(status_seen(&readers, late), SUBACCOUNT_SUSPENDED);
    assert_int_equal(status_seen(&readers, early), SUBACCOUNT_ACTIVE);
    assert_int_equal(status_seen(&readers, late), SUBACCOUNT_SUSPENDED);
    tx_rollback(early);
    tx_rollback(late);
    done(&readers);
}

/* A standby that took over without the last commits gives their versions out again. */
static void a_version_that_was_given_out_again_is_another(void **state)
{
    struct store *store = agency_store(state);
    struct readers readers = readers_of(store);
    struct tx *tx = readers.keeping[0];

    suspend(store);
    start(&readers, tx, SOME_INSTANT);
    assert_int_equal(status_seen(&readers, tx), SUBACCOUNT_SUSPENDED);
    tx_rollback(tx);
    script(
        store,
        "UPDATE agencies SET version = 2, changed_at = changed_at + 1 WHERE id = 1;"
        "UPDATE subaccounts SET status = 'active', version = 1 WHERE agency_id = 1 AND id = 12;");
    start(&readers, tx, SOME_INSTANT);
    assert_int_equal(status_seen(&readers, tx), SUBACCOUNT_ACTIVE);
    tx_rollback(tx);
    done(&readers);
}

static void make_agencies(struct store *store)
{
    begin(store);
    for (int64_t agency = FIRST_NEW; agency < FIRST_NEW + AGENCIES_MANY; agency++) {
        assert_ok(
            store,
            db_run(
                store->tx,
                "INSERT INTO agencies (id, name, timezone, plan_code, status, subscription_start,"
                " payout_threshold_micros, primary_id, version, created_at) VALUES"
                " ($1, 'A', 'UTC', 'agency_unlimited', 'active', '2026-08-31', 0, $1, 1, 0)",
                ARGS(db_int(agency)), NULL)
                && db_run(
                    store->tx,
                    "INSERT INTO subaccounts (agency_id, id, kind, status, name, name_key, email,"
                    " email_key, billing_anchor, version, created_at) VALUES"
                    " ($1, $1, 'primary', 'active', 'A', 'a', 'a', 'a', '2026-08-31', 1, 0)",
                    ARGS(db_int(agency)), NULL));
    }
    commit(store);
}

static void a_roster_that_is_held_stays_though_it_is_forgotten(void **state)
{
    struct store *store = agency_store(state);
    struct readers readers = readers_of(store);
    struct tx *tx = readers.keeping[0];

    make_agencies(store);
    start(&readers, tx, SOME_INSTANT);
    const struct roster *held = hold(&readers, tx, AGENCY);
    for (int round = 0; round < 2; round++) {
        for (id64_t agency = FIRST_NEW; agency < FIRST_NEW + AGENCIES_MANY; agency++) {
            const struct roster *other = hold(&readers, tx, agency);

            assert_int_equal(other->count, 1);
            assert_int_equal(other->at[0].brief.id, agency);
            roster_release(tx, other);
        }
    }
    const struct roster *again = hold(&readers, tx, AGENCY);
    assert_ptr_not_equal(again, held);
    assert_int_equal(held->count, again->count);
    for (size_t i = 0; i < held->count; i++)
        assert_same_account(&held->at[i], &again->at[i], SOME_INSTANT);
    roster_release(tx, again);
    roster_release(tx, held);
    tx_rollback(tx);
    done(&readers);
}

static void while_nothing_changes_all_hold_the_same(void **state)
{
    struct store *store = agency_store(state);
    struct readers readers = readers_of(store);

    for (int i = 0; i < READERS; i++)
        start(&readers, readers.keeping[i], SOME_INSTANT + i);
    const struct roster *one = hold(&readers, readers.keeping[0], AGENCY);
    const struct roster *other = hold(&readers, readers.keeping[1], AGENCY);
    assert_ptr_equal(one, other);
    roster_release(readers.keeping[0], one);
    roster_release(readers.keeping[1], other);
    for (int i = 0; i < READERS; i++)
        tx_rollback(readers.keeping[i]);
    done(&readers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(whatever_happens_what_is_kept_is_what_is_there),
        STORE_TEST(each_transaction_sees_the_accounts_of_its_own_snapshot),
        STORE_TEST(a_version_that_was_given_out_again_is_another),
        STORE_TEST(a_roster_that_is_held_stays_though_it_is_forgotten),
        STORE_TEST(while_nothing_changes_all_hold_the_same),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
