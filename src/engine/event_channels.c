#include "engine/event_channels.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANNEL_MARKS_MAX = 16384, EPOCH_BASE = 16, NUMBER_BASE = 10, COME_BACK_MS = 2000 };

/* --- the ring --- */

struct channel *channel_new(id64_t agency, uint64_t epoch)
{
    struct channel *channel = calloc(1, sizeof(*channel));

    assert(channel != NULL);
    channel->agency = agency;
    channel->epoch = epoch;
    channel->first = channel->next_number = 1;
    channel->dirty = marks_new(CHANNEL_MARKS_MAX);
    channel->serving = marks_new(CHANNEL_MARKS_MAX);
    channel->told = marks_new(CHANNEL_MARKS_MAX);
    return channel;
}

static void drop_oldest(struct channel *channel, struct ring_bytes *bytes)
{
    struct sent_event *oldest = channel->ring[channel->first++ % EVENTS_KEPT_MAX];

    channel->bytes -= oldest->len;
    bytes->held -= oldest->len;
    free(oldest);
}

void channel_free(struct channel *channel, struct ring_bytes *bytes)
{
    while (channel->first < channel->next_number)
        drop_oldest(channel, bytes);
    marks_free(channel->dirty);
    marks_free(channel->serving);
    marks_free(channel->told);
    free(channel);
}

static struct sent_event *sent_event_new(const struct channel *channel, const struct event *event)
{
    size_t most = event->data.len + 96;
    struct sent_event *sent = malloc(sizeof(*sent) + most);

    assert(sent != NULL && most <= EVENT_BYTES_MAX);
    *sent = (struct sent_event){ .number = channel->next_number,
                                 .kind = event->kind,
                                 .subaccount = event->subaccount };
    sent->len =
        (size_t)snprintf(sent->text, most, "id: %llx-%llu\nevent: %s\ndata: %.*s\n\n",
                         (unsigned long long)channel->epoch, (unsigned long long)sent->number,
                         event_kind_names[event->kind], STR_ARG(event->data));
    return sent;
}

void channel_add(struct channel *channel, struct ring_bytes *bytes, const struct event *event)
{
    struct sent_event *sent = sent_event_new(channel, event);

    while (channel->first < channel->next_number
           && (channel->next_number - channel->first == EVENTS_KEPT_MAX
               || channel->bytes + sent->len > bytes->share))
        drop_oldest(channel, bytes);
    channel->ring[channel->next_number++ % EVENTS_KEPT_MAX] = sent;
    channel->bytes += sent->len;
    bytes->held += sent->len;
}

/* --- what is to be read --- */

void channel_mark(struct channel *channel, const struct mark *mark)
{
    size_t position;

    if (marks_find(channel->serving, mark->agency, mark->subaccount, &position)
        && position >= channel->served)
        marks_at(channel->serving, position)->kinds |= mark->kinds;
    else
        marks_add(channel->dirty, mark->agency, mark->subaccount, mark->kinds);
}

bool channel_is_dirty(const struct channel *channel)
{
    return !marks_are_empty(channel->dirty) || channel->served < marks_count(channel->serving);
}

struct mark *channel_serve(struct channel *channel, size_t most, size_t *n)
{
    if (channel->served == marks_count(channel->serving)) {
        struct marks *served = channel->serving;
        marks_clear(served);
        channel->serving = channel->dirty;
        channel->dirty = served;
        channel->served = 0;
    }
    size_t left = marks_count(channel->serving) - channel->served;
    struct mark *first = marks_at(channel->serving, channel->served);

    *n = left < most ? left : most;
    channel->served += *n;
    return first;
}

/* --- those who listen --- */

/* "EPOCH-NUMBER" of this channel, of an event that is there or was the last before what is. */
static bool read_id(const struct channel *channel, struct str text, uint64_t *number)
{
    char copy[64], *end;

    if (text.len == 0 || text.len >= sizeof(copy)) return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    uint64_t epoch = strtoull(copy, &end, EPOCH_BASE);
    if (*end != '-' || epoch != channel->epoch) return false;
    *number = strtoull(end + 1, &end, NUMBER_BASE);
    return *end == '\0' && *number + 1 >= channel->first && *number < channel->next_number;
}

void channel_join(struct channel *channel, struct listener *listener, struct str last_event_id)
{
    uint64_t last;

    listener->channel = channel;
    listener->cursor = channel->next_number;
    if (!str_is_absent(last_event_id)) {
        listener->resumes = read_id(channel, last_event_id, &last);
        listener->is_behind = !listener->resumes;
        if (listener->resumes) listener->cursor = last + 1;
    }
    listener->next = channel->listeners;
    listener->link = &channel->listeners;
    if (listener->next != NULL) listener->next->link = &listener->next;
    channel->listeners = listener;
    channel->n_listeners++;
}

bool listener_sees(const struct listener *listener, const struct sent_event *event)
{
    static const enum permission parts[] = { CAN_SUBACCOUNT_LIST, CAN_WALLET_VIEW,
                                             CAN_WORKSPACE_VIEW };
    const struct viewer *viewer = &listener->viewer;

    if (event->kind == EVENT_RESET) return true;
    if (event->kind == EVENT_AGENCY)
        return may_do(viewer->role, CAN_MONITORING_VIEW) == REASON_NONE;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (may_reach(viewer->role, parts[i], &viewer->reach, event->subaccount) != REASON_NONE)
            return false;
    }
    return true;
}

/* What a stream begins with. A fresh one gets an id to come back with; one that goes on has its own. */
static size_t greet(struct listener *listener, char *out, size_t max)
{
    char id[64] = "";

    listener->is_greeted = true;
    if (!listener->resumes)
        snprintf(id, sizeof(id), "id: %llx-%llu\n", (unsigned long long)listener->channel->epoch,
                 (unsigned long long)listener->cursor - 1);
    return (size_t)snprintf(out, max, "retry: %d\n%sevent: ready\ndata: {\"resumed\":%s}\n\n",
                            COME_BACK_MS, id, listener->resumes ? "true" : "false");
}

static size_t tell_reset(struct listener *listener, char *out, size_t max)
{
    const struct channel *channel = listener->channel;

    listener->is_behind = false;
    listener->events->stats.resets++;
    listener->cursor = channel->next_number;
    return (size_t)snprintf(out, max, "id: %llx-%llu\nevent: reset\ndata: {}\n\n",
                            (unsigned long long)channel->epoch,
                            (unsigned long long)channel->next_number - 1);
}

static size_t tell_events(struct listener *listener, char *out, size_t max)
{
    const struct channel *channel = listener->channel;
    size_t len = 0;

    for (; listener->cursor < channel->next_number; listener->cursor++) {
        const struct sent_event *event = channel->ring[listener->cursor % EVENTS_KEPT_MAX];
        if (!listener_sees(listener, event)) continue;
        if (len + event->len > max) break;
        memcpy(out + len, event->text, event->len);
        len += event->len;
    }
    return len;
}

ssize_t listener_write(struct listener *listener, char *out, size_t max)
{
    if (max < EVENT_BYTES_MAX) return -1;
    if (!listener->is_greeted) return (ssize_t)greet(listener, out, max);
    if (listener->must_look) return 0;
    if (listener->cursor < listener->channel->first) listener->is_behind = true;
    return (ssize_t)(listener->is_behind ? tell_reset(listener, out, max)
                                         : tell_events(listener, out, max));
}

void listener_set_viewer(struct listener *listener, const struct viewer *viewer)
{
    size_t bytes = viewer->reach.n_granted * sizeof(id64_t);
    id64_t *granted = NULL;

    if (bytes > 0) {
        granted = malloc(bytes);
        assert(granted != NULL);
        memcpy(granted, viewer->reach.granted, bytes);
    }
    free((void *)listener->viewer.reach.granted);
    listener->viewer = *viewer;
    listener->viewer.reach.granted = granted;
}

void listener_free(struct listener *listener)
{
    free((void *)listener->viewer.reach.granted);
    free(listener);
}
