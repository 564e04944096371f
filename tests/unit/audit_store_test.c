/* The audit trail's rows: what goes in comes out, filtered and page by page. */
#include "agency_fixture.h"

#include "store/audit.h"

#define NOW SOME_INSTANT

static void record(struct store *store, id64_t id, const char *action, id64_t user, id64_t key,
                   id64_t target)
{
    struct audit_event event = {
        .agency_id = AGENCY,
        .id = id,
        .at = NOW + id * MICROS_PER_SECOND,
        .action = str_from_c(action),
        .user_id = user,
        .api_key_id = key,
        .actor_name = STR("Ada Park"),
        .target_kind = STR("sub"),
        .target_id = target,
        .address = STR("192.0.2.7"),
        .user_agent = STR("Firefox"),
        .request_id = STR("req_1"),
        .before = STR("{\"name\":\"Hafen\"}"),
        .after = STR("{\"name\":\"Håfen\"}"),
    };

    assert_ok(store, audit_insert(store->tx, &event));
}

/* 101 created Harbor (Ada), 102 updated Harbor (Ada), 103 updated Lakeside (key), 104 updated Harbor (Bo) */
static struct store *trail(void **state)
{
    struct store *store = agency_store(state);

    begin(store);
    record(store, 101, "subaccount.created", OWNER, ID_NONE, HARBOR);
    record(store, 102, "subaccount.updated", OWNER, ID_NONE, HARBOR);
    record(store, 103, "subaccount.updated", ID_NONE, 51, LAKESIDE);
    record(store, 104, "subaccount.updated", CLIENT, ID_NONE, HARBOR);
    return store;
}

static struct audit_filter everything(void)
{
    return (struct audit_filter){ .from = INSTANT_NONE, .to = INSTANT_NONE, .limit = 10 };
}

/* The ids of a list as text: "104 102". */
static const char *ids_of(struct store *store, struct audit_filter filter)
{
    struct buffer text = buffer_new(store->arena, 64);
    struct list list;

    assert_ok(store, audit_list(store->tx, AGENCY, &filter, &list));
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0) buffer_add_byte(&text, ' ');
        buffer_add_int(&text, ((const struct audit_event *)list.at)[i].id);
    }
    return str_to_c(store->arena, buffer_str(&text));
}

static void an_event_comes_back_as_it_was(void **state)
{
    struct store *store = trail(state);
    struct audit_filter filter = everything();
    struct list list;

    filter.actor = 51;
    assert_ok(store, audit_list(store->tx, AGENCY, &filter, &list));
    const struct audit_event *event = list.at;
    assert_int_equal(list.count, 1);
    assert_int_equal(event->agency_id, AGENCY);
    assert_int_equal(event->id, 103);
    assert_true(event->at == NOW + 103 * MICROS_PER_SECOND);
    assert_true(str_equal_c(event->action, "subaccount.updated"));
    assert_int_equal(event->user_id, ID_NONE);
    assert_int_equal(event->api_key_id, 51);
    assert_true(str_equal_c(event->actor_name, "Ada Park"));
    assert_true(str_equal_c(event->target_kind, "sub"));
    assert_int_equal(event->target_id, LAKESIDE);
    assert_true(str_equal_c(event->address, "192.0.2.7"));
    assert_true(str_equal_c(event->user_agent, "Firefox"));
    assert_true(str_equal_c(event->request_id, "req_1"));
    assert_true(str_equal_c(event->before, "{\"name\":\"Hafen\"}"));
    assert_true(str_equal_c(event->after, "{\"name\":\"Håfen\"}"));
    commit(store);
}

static void each_filter_narrows(void **state)
{
    struct store *store = trail(state);
    struct audit_filter filter = everything();

    assert_string_equal(ids_of(store, filter), "104 103 102 101");
    filter.action = STR("subaccount.updated");
    assert_string_equal(ids_of(store, filter), "104 103 102");
    filter.target = HARBOR;
    assert_string_equal(ids_of(store, filter), "104 102");
    filter.action = STR_NONE;
    assert_string_equal(ids_of(store, filter), "104 102 101");
    filter.actor = OWNER;
    assert_string_equal(ids_of(store, filter), "102 101");
    commit(store);
}

static void a_range_holds_its_start_and_not_its_end(void **state)
{
    struct store *store = trail(state);
    struct audit_filter filter = everything();

    filter.from = NOW + 102 * MICROS_PER_SECOND;
    filter.to = NOW + 104 * MICROS_PER_SECOND;
    assert_string_equal(ids_of(store, filter), "103 102");
    commit(store);
}

static void pages_follow_each_other(void **state)
{
    struct store *store = trail(state);
    struct audit_filter filter = everything();

    filter.limit = 3;
    assert_string_equal(ids_of(store, filter), "104 103 102");
    filter.before = 102;
    assert_string_equal(ids_of(store, filter), "101");
    filter.before = 101;
    assert_string_equal(ids_of(store, filter), "");
    commit(store);
}

static void another_agency_sees_nothing(void **state)
{
    struct store *store = trail(state);
    struct audit_filter filter = everything();
    struct list list;

    assert_ok(store, audit_list(store->tx, OTHER_AGENCY, &filter, &list));
    assert_int_equal(list.count, 0);
    commit(store);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(an_event_comes_back_as_it_was),
    STORE_TEST(each_filter_narrows),
    STORE_TEST(a_range_holds_its_start_and_not_its_end),
    STORE_TEST(pages_follow_each_other),
    STORE_TEST(another_agency_sees_nothing),
};

int main(void)
{
    return cmocka_run_group_tests_name("audit", tests, databases_make, databases_drop);
}
