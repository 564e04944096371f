/* Who holds a token or a key, for how long, and the replies kept for whom they were made. */
#include "agency_fixture.h"

#include "store/api_keys.h"
#include "store/idempotency.h"
#include "store/names.h"
#include "store/sessions.h"

#define NOW SOME_INSTANT

static struct hash secret_of(const char *text)
{
    return hash_of(str_from_c(text));
}

static void sign_in(struct store *store, id64_t session, const char *token)
{
    struct hash hash = secret_of(token);

    assert_ok(store,
              session_insert(store->tx, &hash, session, AGENCY, OWNER, STR("192.0.2.7"), STR_NONE));
}

static struct identity who_holds(struct store *store, const char *token, bool *found)
{
    struct hash hash = secret_of(token);
    struct identity identity;

    assert_ok(store, session_find(store->tx, &hash, &identity, found));
    return identity;
}

static void a_session_says_who_it_is(void **state)
{
    struct store *store = agency_store(state);
    bool found = false;

    begin(store);
    sign_in(store, 41, "a");
    struct identity identity = who_holds(store, "a", &found);
    assert_true(found);
    assert_int_equal(identity.agency, AGENCY);
    assert_int_equal(identity.user, OWNER);
    assert_int_equal(identity.session, 41);
    assert_int_equal(identity.api_key, ID_NONE);
    assert_int_equal(identity.role, ROLE_AGENCY_OWNER);
    assert_true(identity.reaches_all);
    assert_int_equal(identity.primary, PRIMARY);
    assert_true(str_equal_c(identity.name, "Ada Park"));
    assert_true(str_equal_c(identity.email, "Ada@n.example"));
    assert_true(str_equal_c(identity.timezone, "Europe/Berlin"));
    assert_true(identity.created_at == NOW && identity.last_seen_at == NOW);
    commit(store);
}

static void another_token_is_nobody(void **state)
{
    struct store *store = agency_store(state);
    bool found = true;

    begin(store);
    sign_in(store, 41, "a");
    who_holds(store, "b", &found);
    assert_false(found);
    commit(store);
}

static void sessions_end_when_unused_or_old(void **state)
{
    const struct {
        const char *name;
        instant_t created_at, last_seen_at;
        bool is_current;
    } rows[] = {
        { "fresh", NOW, NOW, true },
        { "used just within the idle limit", NOW - 30 * MICROS_PER_DAY, NOW - SESSION_IDLE_MAX + 1,
          true },
        { "unused for the idle limit", NOW - 30 * MICROS_PER_DAY, NOW - SESSION_IDLE_MAX, false },
        { "just younger than the age limit", NOW - SESSION_AGE_MAX + 1, NOW, true },
        { "as old as may be, in daily use", NOW - SESSION_AGE_MAX, NOW, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct identity session = { .session = 41,
                                          .created_at = rows[i].created_at,
                                          .last_seen_at = rows[i].last_seen_at };
        assert_row(identity_is_current(&session, NOW) == rows[i].is_current, rows[i].name);
    }
}

static void keys_end_when_expired_or_revoked(void **state)
{
    const struct {
        const char *name;
        instant_t expires_at, revoked_at;
        bool is_current;
    } rows[] = {
        { "without an end", INSTANT_NONE, INSTANT_NONE, true },
        { "just before its end", NOW + 1, INSTANT_NONE, true },
        { "at its end", NOW, INSTANT_NONE, false },
        { "revoked", INSTANT_NONE, NOW - 1, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct identity key = { .api_key = 51,
                                      .expires_at = rows[i].expires_at,
                                      .revoked_at = rows[i].revoked_at };
        assert_row(identity_is_current(&key, NOW) == rows[i].is_current, rows[i].name);
    }
}

static void touching_a_session_touches_its_user(void **state)
{
    struct store *store = agency_store(state);
    instant_t later = NOW + MICROS_PER_HOUR;
    int64_t seen = 0;
    bool found;

    begin(store);
    sign_in(store, 41, "a");
    commit(store);
    begin_at(store, later);
    assert_ok(store, session_touch(store->tx, 41));
    assert_ok(store, session_touch(store->tx, 404)); /* ended meanwhile: nothing to touch */
    struct identity identity = who_holds(store, "a", &found);
    assert_true(identity.created_at == NOW && identity.last_seen_at == later);
    assert_ok(store,
              db_find_int(store->tx,
                          "SELECT last_seen_at FROM users WHERE agency_id = 1 AND id = 21", NO_ARGS,
                          0, &seen));
    assert_true(seen == later);
    commit(store);
}

static void grants_come_in_ascending_order(void **state)
{
    struct store *store = agency_store(state);
    const id64_t *ids;
    size_t n;

    begin(store);
    assert_ok(store, user_grants(store->tx, AGENCY, CLIENT, &ids, &n));
    assert_int_equal(n, 2);
    assert_int_equal(ids[0], HARBOR);
    assert_int_equal(ids[1], LAKESIDE);
    assert_ok(store, user_grants(store->tx, AGENCY, OWNER, &ids, &n));
    assert_int_equal(n, 0);
    commit(store);
}

static void sessions_are_listed_page_by_page(void **state)
{
    struct store *store = agency_store(state);
    struct list list;
    const struct session_row *rows;

    begin_at(store, NOW - SESSION_IDLE_MAX);
    sign_in(store, 40, "ended");
    commit(store);
    begin(store);
    sign_in(store, 41, "a");
    sign_in(store, 42, "b");
    sign_in(store, 43, "c");
    assert_ok(
        store,
        session_list(store->tx, AGENCY, OWNER, &(struct session_filter){ .limit = 2 }, &list));
    rows = list.at;
    assert_int_equal(list.count, 2);
    assert_int_equal(rows[0].id, 43);
    assert_int_equal(rows[1].id, 42);
    assert_true(str_equal_c(rows[0].address, "192.0.2.7"));
    assert_true(str_is_absent(rows[0].user_agent));
    assert_ok(store,
              session_list(store->tx, AGENCY, OWNER,
                           &(struct session_filter){ .before = 42, .limit = 2 }, &list));
    rows = list.at;
    assert_int_equal(list.count, 1);
    assert_int_equal(rows[0].id, 41);
    commit(store);
}

static void only_ones_own_session_can_be_ended(void **state)
{
    struct store *store = agency_store(state);
    bool found;

    begin(store);
    sign_in(store, 41, "a");
    commit(store);
    begin(store);
    assert_refused(store, session_delete(store->tx, AGENCY, CLIENT, 41), REASON_NOT_FOUND);
    tx_rollback(store->tx);
    begin(store);
    assert_ok(store, session_delete(store->tx, AGENCY, OWNER, 41));
    who_holds(store, "a", &found);
    assert_false(found);
    commit(store);
}

static void ended_sessions_are_swept_and_others_stay(void **state)
{
    struct store *store = agency_store(state);
    int64_t deleted = -1;
    bool found;

    begin_at(store, NOW - SESSION_IDLE_MAX);
    sign_in(store, 41, "ended");
    commit(store);
    begin_at(store, NOW - SESSION_IDLE_MAX + 1);
    sign_in(store, 42, "current");
    commit(store);
    begin(store);
    assert_ok(store, sessions_delete_expired(store->tx, &deleted));
    assert_int_equal(deleted, 1);
    assert_ok(store, sessions_delete_expired(store->tx, &deleted));
    assert_int_equal(deleted, 0);
    who_holds(store, "ended", &found);
    assert_false(found);
    who_holds(store, "current", &found);
    assert_true(found);
    commit(store);
}

/* --- API keys --- */

static void make_key(struct store *store, id64_t id, const char *secret, id64_t subaccount)
{
    struct hash hash = secret_of(secret);
    const struct api_key key = { .agency_id = AGENCY,
                                 .id = id,
                                 .name = STR("PBX"),
                                 .hint = STR("x1qy"),
                                 .scopes = 1u << SCOPE_CALLS_WRITE | 1u << SCOPE_READ,
                                 .subaccount = subaccount,
                                 .created_by = OWNER,
                                 .created_at = store->tx->now,
                                 .expires_at = NOW + MICROS_PER_DAY };
    assert_ok(store, api_key_insert(store->tx, &key, &hash));
}

static void a_key_says_what_it_may(void **state)
{
    struct store *store = agency_store(state);
    struct hash hash = secret_of("k");
    struct identity identity;
    bool found;

    begin(store);
    make_key(store, 51, "k", HARBOR);
    assert_ok(store, api_key_touch(store->tx, 51));
    assert_ok(store, api_key_find(store->tx, &hash, &identity, &found));
    assert_true(found);
    assert_int_equal(identity.agency, AGENCY);
    assert_int_equal(identity.api_key, 51);
    assert_int_equal(identity.user, ID_NONE);
    assert_int_equal(identity.session, ID_NONE);
    assert_int_equal(identity.scopes, 1u << SCOPE_CALLS_WRITE | 1u << SCOPE_READ);
    assert_int_equal(identity.only_subaccount, HARBOR);
    assert_int_equal(identity.primary, PRIMARY);
    assert_true(identity.expires_at == NOW + MICROS_PER_DAY);
    assert_true(identity.last_seen_at == NOW);
    assert_true(identity.revoked_at == INSTANT_NONE);
    commit(store);
}

static void a_key_is_revoked_once(void **state)
{
    struct store *store = agency_store(state);
    struct hash hash = secret_of("k");
    struct identity identity;
    struct list list;
    bool found;

    begin(store);
    make_key(store, 51, "k", ID_NONE);
    make_key(store, 52, "l", ID_NONE);
    assert_ok(store, api_key_revoke(store->tx, AGENCY, 51));
    assert_ok(store, api_key_find(store->tx, &hash, &identity, &found));
    assert_false(identity_is_current(&identity, NOW));
    assert_ok(store,
              api_key_list(store->tx, AGENCY, &(struct api_key_filter){ .status = -1, .limit = 10 },
                           &list));
    assert_int_equal(list.count, 1);
    assert_int_equal(((const struct api_key *)list.at)->id, 52);
    assert_true(str_equal_c(((const struct api_key *)list.at)->hint, "x1qy"));
    commit(store);
    begin(store);
    assert_refused(store, api_key_revoke(store->tx, AGENCY, 51), REASON_NOT_FOUND);
    tx_rollback(store->tx);
    begin(store);
    assert_refused(store, api_key_revoke(store->tx, OTHER_AGENCY, 52), REASON_NOT_FOUND);
    tx_rollback(store->tx);
}

static void names_are_found_for_ids_of_any_kind(void **state)
{
    struct store *store = agency_store(state);
    const id64_t ids[] = { HARBOR, 404, OWNER, 51, 31 };
    struct str names[COUNT_OF(ids)];

    begin(store);
    make_key(store, 51, "k", ID_NONE);
    assert_ok(store, names_find(store->tx, AGENCY, ids, COUNT_OF(ids), names));
    assert_true(str_equal_c(names[0], "Harbor"));
    assert_true(str_is_absent(names[1]));
    assert_true(str_equal_c(names[2], "Ada Park"));
    assert_true(str_equal_c(names[3], "PBX"));
    assert_true(str_is_absent(names[4])); /* another agency's */
    assert_ok(store, names_find(store->tx, AGENCY, NULL, 0, NULL));
    commit(store);
}

/* --- replies --- */

static struct stored_reply reply_of(const char *body)
{
    return (struct stored_reply){
        .agency = AGENCY,
        .caller = OWNER,
        .key = STR("k-1"),
        .request_hash = secret_of(body),
        .status = 201,
        .content_type = STR("application/json"),
        .body = STR("{\"id\":\"é\"}"),
    };
}

static bool find_reply(struct store *store, id64_t caller, struct stored_reply *out)
{
    bool found;

    assert_ok(store, stored_reply_find(store->tx, AGENCY, caller, STR("k-1"), out, &found));
    return found;
}

static void a_reply_comes_back_as_it_was(void **state)
{
    struct store *store = agency_store(state);
    struct stored_reply kept = reply_of("body"), found;

    begin(store);
    assert_ok(store, stored_reply_insert(store->tx, &kept));
    assert_true(find_reply(store, OWNER, &found));
    assert_memory_equal(found.request_hash.at, kept.request_hash.at, HASH_BYTES);
    assert_int_equal(found.status, 201);
    assert_true(str_equal(found.content_type, kept.content_type));
    assert_true(str_equal(found.body, kept.body));
    assert_false(find_reply(store, CLIENT, &found)); /* nobody sees another's replies */
    commit(store);
}

static void a_reply_without_a_body_stays_without(void **state)
{
    struct store *store = agency_store(state);
    struct stored_reply kept = reply_of("body"), found;

    kept.status = 204;
    kept.content_type = kept.body = STR_NONE;
    begin(store);
    assert_ok(store, stored_reply_insert(store->tx, &kept));
    assert_true(find_reply(store, OWNER, &found));
    assert_true(str_is_absent(found.body) && str_is_absent(found.content_type));
    commit(store);
}

static void a_key_is_claimed_once_in_its_time(void **state)
{
    struct store *store = agency_store(state);
    struct stored_reply kept = reply_of("body"), found;

    begin(store);
    assert_ok(store, stored_reply_insert(store->tx, &kept));
    commit(store);
    begin_at(store, NOW + IDEMPOTENCY_KEPT - 1);
    assert_true(find_reply(store, OWNER, &found));
    assert_refused(store, stored_reply_insert(store->tx, &kept), REASON_CONFLICT);
    tx_rollback(store->tx);
    begin_at(store, NOW + IDEMPOTENCY_KEPT);
    assert_false(find_reply(store, OWNER, &found));
    kept.status = 200;
    assert_ok(store, stored_reply_insert(store->tx, &kept));
    assert_true(find_reply(store, OWNER, &found));
    assert_int_equal(found.status, 200);
    commit(store);
}

static void old_replies_are_swept_and_others_stay(void **state)
{
    struct store *store = agency_store(state);
    struct stored_reply kept = reply_of("body"), found;
    int64_t deleted;

    begin(store);
    assert_ok(store, stored_reply_insert(store->tx, &kept));
    commit(store);
    begin_at(store, NOW + IDEMPOTENCY_KEPT - 1);
    assert_ok(store, stored_replies_delete_expired(store->tx, &deleted));
    assert_int_equal(deleted, 0);
    assert_true(find_reply(store, OWNER, &found));
    commit(store);
    begin_at(store, NOW + IDEMPOTENCY_KEPT);
    assert_ok(store, stored_replies_delete_expired(store->tx, &deleted));
    assert_int_equal(deleted, 1);
    commit(store);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(sessions_end_when_unused_or_old),
    cmocka_unit_test(keys_end_when_expired_or_revoked),
    STORE_TEST(a_session_says_who_it_is),
    STORE_TEST(another_token_is_nobody),
    STORE_TEST(touching_a_session_touches_its_user),
    STORE_TEST(grants_come_in_ascending_order),
    STORE_TEST(sessions_are_listed_page_by_page),
    STORE_TEST(only_ones_own_session_can_be_ended),
    STORE_TEST(ended_sessions_are_swept_and_others_stay),
    STORE_TEST(a_key_says_what_it_may),
    STORE_TEST(a_key_is_revoked_once),
    STORE_TEST(names_are_found_for_ids_of_any_kind),
    STORE_TEST(a_reply_comes_back_as_it_was),
    STORE_TEST(a_reply_without_a_body_stays_without),
    STORE_TEST(a_key_is_claimed_once_in_its_time),
    STORE_TEST(old_replies_are_swept_and_others_stay),
};

int main(void)
{
    return cmocka_run_group_tests_name("sessions", tests, databases_make, databases_drop);
}
