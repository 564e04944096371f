#include "disk_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct disk disk;

/* --- bytes --- */

void bytes_resize(struct bytes_of *bytes, size_t len)
{
    if (len > bytes->capacity) {
        bytes->capacity = len * 2;
        bytes->at = realloc(bytes->at, bytes->capacity);
        assert(bytes->at != NULL);
    }
    if (len > bytes->len) memset(bytes->at + bytes->len, 0, len - bytes->len);
    bytes->len = len;
}

void bytes_write(struct bytes_of *bytes, size_t offset, const void *from, size_t len)
{
    if (offset + len > bytes->len) bytes_resize(bytes, offset + len);
    memcpy(bytes->at + offset, from, len);
}

static void bytes_copy(struct bytes_of *to, const struct bytes_of *from)
{
    bytes_resize(to, from->len);
    if (from->len > 0) memcpy(to->at, from->at, from->len);
}

/* --- what is not durable yet --- */

void pending_add(struct node *node, bool is_truncate, size_t offset, const void *from, size_t len)
{
    struct pending *change = malloc(sizeof(*change) + len);

    assert(change != NULL);
    *change = (struct pending){ .is_truncate = is_truncate, .offset = offset, .len = len };
    if (len > 0) memcpy(change->bytes, from, len);
    *node->last = change;
    node->last = &change->next;
}

static struct pending *pending_take(struct node *node)
{
    struct pending *first = node->first;

    if (first == NULL) return NULL;
    node->first = first->next;
    if (node->first == NULL) node->last = &node->first;
    return first;
}

void pending_drop(struct node *node)
{
    struct pending *change;

    while ((change = pending_take(node)) != NULL)
        free(change);
}

static void apply(struct node *node, const struct pending *change)
{
    if (change->is_truncate)
        bytes_resize(&node->durable, change->offset);
    else
        bytes_write(&node->durable, change->offset, change->bytes, change->len);
}

static void become_durable(struct node *node)
{
    if (node->is_new) bytes_resize(&node->durable, 0);
    node->is_new = false;
    node->exists_durably = true;
}

bool one_in(int n)
{
    return rng_between(&disk.rng, 1, n) == 1;
}

void make_durable(struct node *node)
{
    struct pending *change;

    become_durable(node);
    while ((change = pending_take(node)) != NULL) {
        if (!change->is_lost) apply(node, change);
        free(change);
    }
}

/* Sectors of a write that the power cut came into: each is there, or not, or the first part of one. */
static void apply_torn(struct node *node, const struct pending *change)
{
    for (size_t at = 0; at < change->len;) {
        size_t in_sector = SECTOR - (change->offset + at) % SECTOR;
        size_t len = change->len - at < in_sector ? change->len - at : in_sector;
        size_t kept = one_in(2) ? len
            : one_in(4)         ? (size_t)rng_between(&disk.rng, 0, (int64_t)len)
                                : 0;
        if (kept > 0) bytes_write(&node->durable, change->offset + at, change->bytes + at, kept);
        at += len;
    }
}

/* Nothing of what was not synced, all of it, all until a point with a torn write there, or each by its own luck. */
static void keep_some(struct node *node)
{
    enum { NOTHING, ALL, UNTIL, EACH } way = (int)rng_between(&disk.rng, NOTHING, EACH);
    struct pending *change;
    bool is_over = way == NOTHING;

    if (node->is_new && one_in(2)) { /* the folder was not written either */
        pending_drop(node);
        return;
    }
    if (node->is_new) become_durable(node);
    while ((change = pending_take(node)) != NULL) {
        bool ends = way == UNTIL && !is_over && one_in(8);
        if (change->is_lost) {
        } else if (ends || (way == EACH && one_in(4))) {
            if (!change->is_truncate) apply_torn(node, change);
        } else if (!is_over && (way != EACH || one_in(2))) {
            apply(node, change);
        }
        is_over = is_over || ends;
        free(change);
    }
}

/* --- faults --- */

bool disk_fails(bool is_read)
{
    if (disk.is_off) return true;
    if (is_read && !disk.reads_fail) return false;
    bool is_met = disk.operations++ == disk.after && disk.fault != FAULT_NONE;
    if (is_met) {
        disk.was_met = true;
        disk.is_off = disk.fault == FAULT_POWER_CUT;
        disk.is_full = disk.fault == FAULT_FULL;
    }
    return is_met || (disk.is_full && !is_read);
}

void disk_fail(enum disk_fault fault, long after, bool reads)
{
    disk.fault = fault;
    disk.after = after;
    disk.operations = 0;
    disk.reads_fail = reads;
    disk.is_full = false;
}

bool disk_fault_was_met(void)
{
    return disk.was_met;
}

void disk_heal(void)
{
    disk.fault = FAULT_NONE;
    disk.is_full = false;
}

long disk_syncs_failed(void)
{
    return disk.syncs_failed;
}

void disk_forget_failed_syncs(void)
{
    disk.syncs_failed = 0;
}

long disk_operations(void)
{
    return disk.operations;
}

bool disk_is_off(void)
{
    return disk.is_off;
}

void disk_power_off(void)
{
    disk.is_off = true;
}

static void forget_locks(struct node *node)
{
    assert(node->handles == NULL);
    for (size_t i = 0; i < SHM_REGIONS_MAX; i++) {
        free(node->regions[i]);
        node->regions[i] = NULL;
    }
    memset(node->shared, 0, sizeof(node->shared));
    memset(node->exclusive, 0, sizeof(node->exclusive));
    node->mapped = 0;
}

static void node_reload(struct node *node)
{
    forget_locks(node);
    node->is_new = false;
    node->exists = node->exists_durably;
    if (!node->exists) bytes_resize(&node->durable, 0);
    bytes_copy(&node->live, &node->durable);
}

void disk_power_on(void)
{
    for (size_t i = 0; i < disk.n; i++) {
        struct node *node = &disk.nodes[i];
        if (node->exists)
            keep_some(node);
        else if (node->exists_durably && one_in(2)) /* deleted, and the folder was written */
            node->exists_durably = false;
        pending_drop(node);
        node_reload(node);
    }
    disk.is_off = false;
    disk_heal();
}

void disk_go_on(void)
{
    for (size_t i = 0; i < disk.n; i++)
        forget_locks(&disk.nodes[i]);
    disk.is_off = false;
    disk_heal();
}

void disk_snapshot(void)
{
    for (size_t i = 0; i < disk.n; i++) {
        struct node *node = &disk.nodes[i];
        make_durable(node);
        node->exists_durably = node->in_snapshot = node->exists;
        bytes_copy(&node->snapshot, &node->durable);
    }
}

void disk_restore(uint64_t seed)
{
    disk.rng = rng_seeded(seed);
    disk.is_off = false;
    disk.was_met = false;
    disk_heal();
    for (size_t i = 0; i < disk.n; i++) {
        struct node *node = &disk.nodes[i];
        pending_drop(node);
        node->exists_durably = node->in_snapshot;
        bytes_copy(&node->durable, &node->snapshot);
        node_reload(node);
    }
}

int64_t disk_time_us(void)
{
    int64_t time_us = disk.time_us;

    disk.time_us = 0;
    return time_us;
}
