/* A disk in memory under SQLite, with what real ones do to a store: what was not synced is lost, kept, torn or kept in
   part when the power goes; operations fail once, or for want of room until there is some; a sync that fails may have
   dropped what it was to write for good. One thread; everything is decided by the seed. */
#ifndef TESTS_SIM_DISK_H
#define TESTS_SIM_DISK_H

#include "base/rng.h"

#include <stdbool.h>

/* Registers it as SQLite's default. Files outside of it do not exist for SQLite. */
void disk_install(void);

/* The content that is durable now, to begin again from. */
void disk_snapshot(void);
void disk_restore(uint64_t seed);

enum disk_fault {
    FAULT_NONE,
    FAULT_IO_ERROR,  /* one operation fails; a write or sync may have been done in part */
    FAULT_FULL,      /* nothing grows or is written until disk_heal */
    FAULT_POWER_CUT, /* nothing is done any more until disk_power_on */
    FAULT_COUNT
};

/* From now on the `after`-th operation meets it: a write, sync, truncate, delete, and, for I/O errors, a read too when
   `reads`. */
void disk_fail(enum disk_fault fault, long after, bool reads);

/* Whether any was met since disk_restore. */
bool disk_fault_was_met(void);
void disk_heal(void);

/* Syncs that failed since they were forgotten. */
long disk_syncs_failed(void);
void disk_forget_failed_syncs(void);

/* Operations that can fail since the last disk_fail, for going through them one by one. */
long disk_operations(void);

bool disk_is_off(void);
void disk_power_off(void);

/* What is there after a power cut: of all that was not synced, what the seed leaves. Every file must be closed. */
void disk_power_on(void);

/* After the program alone was killed: the kernel still has what was written, and may yet lose it. */
void disk_go_on(void);

/* How long syncs took, on the disk's own clock, since it was asked last; now and then a second or more. */
int64_t disk_time_us(void);

#endif
