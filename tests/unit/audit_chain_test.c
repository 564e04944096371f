/* The chain of audit events (domain/audit.h). */
#include "unit.h"

#include "base/rng.h"
#include "domain/audit.h"

#include <stddef.h>
#include <string.h>

static const struct audit_event event = {
    .agency_id = 1,
    .id = 2,
    .at = 3,
    .action = STR("subaccount.created"),
    .user_id = 4,
    .actor_name = STR("Ada"),
    .target_kind = STR("sub"),
    .target_id = 5,
    .address = STR("192.0.2.7"),
    .after = STR("{\"name\":\"Harbor Dental\"}"),
    .seq = 6,
};

static struct hash hash_after(struct arena *arena, const struct hash *previous,
                              const struct audit_event *of)
{
    return audit_chain_hash(arena, previous, of);
}

static bool same(struct hash a, struct hash b)
{
    return memcmp(a.at, b.at, HASH_BYTES) == 0;
}

static void the_same_event_after_the_same_one_has_the_same_hash(void **state)
{
    const struct hash first = { { 0 } };

    assert_true(same(hash_after(*state, &first, &event), hash_after(*state, &first, &event)));
}

static void another_event_before_it_changes_the_hash(void **state)
{
    const struct hash first = { { 0 } }, other = { { 1 } };

    assert_false(same(hash_after(*state, &first, &event), hash_after(*state, &other, &event)));
}

static void every_field_counts(void **state)
{
    static const size_t numbers[] = {
        offsetof(struct audit_event, agency_id),  offsetof(struct audit_event, id),
        offsetof(struct audit_event, at),         offsetof(struct audit_event, user_id),
        offsetof(struct audit_event, api_key_id), offsetof(struct audit_event, target_id),
        offsetof(struct audit_event, seq),
    };
    static const size_t texts[] = {
        offsetof(struct audit_event, action),      offsetof(struct audit_event, actor_name),
        offsetof(struct audit_event, target_kind), offsetof(struct audit_event, address),
        offsetof(struct audit_event, user_agent),  offsetof(struct audit_event, request_id),
        offsetof(struct audit_event, before),      offsetof(struct audit_event, after),
    };
    const struct hash first = { { 0 } };
    const struct hash whole = hash_after(*state, &first, &event);

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        struct audit_event changed = event;

        *(int64_t *)((char *)&changed + numbers[i]) += 1;
        assert_false(same(whole, hash_after(*state, &first, &changed)));
    }
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct audit_event changed = event;
        struct str *text = (struct str *)((char *)&changed + texts[i]);

        *text = str_is_absent(*text) ? STR("") : STR_NONE;
        assert_false(same(whole, hash_after(*state, &first, &changed)));
    }
}

static void where_one_text_ends_and_the_next_begins_counts(void **state)
{
    const struct hash first = { { 0 } };
    struct audit_event one = event, two = event;

    one.address = STR("ab");
    one.user_agent = STR("c");
    two.address = STR("a");
    two.user_agent = STR("bc");
    assert_false(same(hash_after(*state, &first, &one), hash_after(*state, &first, &two)));
}

/* Chains that exist must go on being right: the encoding never changes. */
static void the_hash_is_the_one_that_stores_hold(void **state)
{
    const struct hash first = { { 0 } };
    const struct hash hash = hash_after(*state, &first, &event);
    const struct str hex = str_hex(*state, (struct bytes){ hash.at, HASH_BYTES });

    assert_string_equal(str_to_c(*state, hex),
                        "e020e6e0503bb86d4547ebde24033d1c808e648b28a99f20ff569eab27aca436");
}

static int set_up(void **state)
{
    rng_start();
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
        cmocka_unit_test(the_same_event_after_the_same_one_has_the_same_hash),
        cmocka_unit_test(another_event_before_it_changes_the_hash),
        cmocka_unit_test(every_field_counts),
        cmocka_unit_test(where_one_text_ends_and_the_next_begins_counts),
        cmocka_unit_test(the_hash_is_the_one_that_stores_hold),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
