/* The ring of an agency's events: bounded, and whoever falls behind it is told so. */
#include "unit.h"

#include "engine/event_channels.h"

#include <stdlib.h>
#include <string.h>

enum { AGENCY = 7, ACCOUNT = 11, ROOM = EVENT_BYTES_MAX };

static struct events events;
static struct ring_bytes bytes;

static struct listener *join(struct channel *channel, const char *last_event_id)
{
    struct listener *listener = calloc(1, sizeof(*listener));

    listener->events = &events;
    listener->viewer = (struct viewer){ AGENCY, ROLE_AGENCY_OWNER, { .all = true } };
    channel_join(channel, listener, str_from_c(last_event_id));
    return listener;
}

static void add(struct channel *channel, size_t n)
{
    const struct event event = { EVENT_ACCOUNT, ACCOUNT, STR("{\"subaccount\":\"x\"}") };

    for (size_t i = 0; i < n; i++)
        channel_add(channel, &bytes, &event);
}

static struct channel *new_channel(void)
{
    bytes = (struct ring_bytes){ .share = 1 << 20 };
    return channel_new(AGENCY, 0xabc);
}

/* What is told next, as text. */
static const char *told(struct listener *listener)
{
    static char out[ROOM + 1];
    ssize_t len = listener_write(listener, out, ROOM);

    assert_true(len >= 0);
    out[len] = '\0';
    return out;
}

static void events_come_in_order_after_a_greeting(void **state)
{
    struct channel *channel = new_channel();
    struct listener *listener = join(channel, NULL);

    assert_non_null(strstr(told(listener), "id: abc-0\nevent: ready\n"));
    assert_string_equal(told(listener), "");
    add(channel, 2);
    assert_string_equal(told(listener),
                        "id: abc-1\nevent: account\ndata: {\"subaccount\":\"x\"}\n\n"
                        "id: abc-2\nevent: account\ndata: {\"subaccount\":\"x\"}\n\n");
    listener_free(listener);
    channel_free(channel, &bytes);
}

static void who_falls_behind_the_ring_is_told_to_start_afresh(void **state)
{
    struct channel *channel = new_channel();
    struct listener *listener = join(channel, NULL);

    told(listener);
    add(channel, EVENTS_KEPT_MAX + 1);
    assert_string_equal(told(listener), "id: abc-1025\nevent: reset\ndata: {}\n\n");
    assert_string_equal(told(listener), "");
    listener_free(listener);
    channel_free(channel, &bytes);
    assert_int_equal(bytes.held, 0);
}

static void a_ring_keeps_to_its_share_of_bytes(void **state)
{
    struct channel *channel = new_channel();

    bytes.share = 1000;
    add(channel, 100);
    assert_true(bytes.held <= bytes.share);
    assert_true(channel->next_number - channel->first > 1);
    channel_free(channel, &bytes);
}

static void ids_go_on_where_they_are_known(void **state)
{
    static const struct {
        const char *id;
        bool resumes;
    } vectors[] = {
        { "abc-3", true }, { "abc-0", true },   { "abc-4", false }, { "abd-3", false },
        { "abc", false },  { "abc-3x", false }, { "", false },      { "-3", false },
    };
    struct channel *channel = new_channel();

    add(channel, 3);
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct listener *listener = join(channel, vectors[i].id);
        assert_int_equal(listener->resumes, vectors[i].resumes);
        assert_int_equal(listener->is_behind, !vectors[i].resumes);
        *listener->link = listener->next;
        listener_free(listener);
    }
    channel_free(channel, &bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_order_after_a_greeting),
        cmocka_unit_test(who_falls_behind_the_ring_is_told_to_start_afresh),
        cmocka_unit_test(a_ring_keeps_to_its_share_of_bytes),
        cmocka_unit_test(ids_go_on_where_they_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
