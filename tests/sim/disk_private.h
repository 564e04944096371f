/* What the disk (disk.c) and SQLite's side of it (vfs.c) share. */
#ifndef TESTS_SIM_DISK_PRIVATE_H
#define TESTS_SIM_DISK_PRIVATE_H

#include "disk.h"

#include <sqlite3.h>
#include <stddef.h>

enum {
    FILES_MAX = 64,
    NAME_MAX_BYTES = 256,
    SECTOR = 512,
    SHM_SLOTS = 8,
    SHM_REGIONS_MAX = 64,
    SLOW_SYNC_US = 2000000,
};

struct bytes_of {
    unsigned char *at;
    size_t len, capacity;
};

/* A change that was not synced yet, in the order in which they came. */
struct pending {
    struct pending *next;
    bool is_truncate, is_lost; /* a failed sync forgot it */
    size_t offset, len;        /* of a truncate: the new length is `offset` */
    unsigned char bytes[];
};

struct handle;

struct node {
    char name[NAME_MAX_BYTES];
    struct bytes_of live, durable, snapshot;
    bool exists, exists_durably, in_snapshot;
    bool
        is_new; /* made since, and not synced: what is durable is of the file that had its name before */
    struct pending *first, **last;
    struct handle *handles;

    int shared[SHM_SLOTS]; /* how many handles hold it */
    struct handle *exclusive[SHM_SLOTS];
    void *regions[SHM_REGIONS_MAX];
    size_t mapped; /* by so many handles */
};

struct handle {
    sqlite3_file base;
    struct node *node;
    struct handle *next;
    int lock;
    unsigned shm_shared;
    bool is_mapped, delete_on_close;
};

struct disk {
    struct node nodes[FILES_MAX];
    size_t n;
    struct rng rng;
    enum disk_fault fault;
    long after, operations;
    bool reads_fail, was_met, is_off, is_full;
    long syncs_failed;
    int64_t time_us;
};
extern struct disk disk;

void bytes_resize(struct bytes_of *bytes, size_t len);
void bytes_write(struct bytes_of *bytes, size_t offset, const void *from, size_t len);

/* A change of the file that is not synced yet, all of them synced, or forgotten. */
void pending_add(struct node *node, bool is_truncate, size_t offset, const void *from, size_t len);
void pending_drop(struct node *node);
void make_durable(struct node *node);

bool one_in(int n);

/* Counts an operation and tells whether it fails. */
bool disk_fails(bool is_read);

#endif
