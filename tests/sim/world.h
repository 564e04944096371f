/* The program on the simulated disk, with a model beside it, and clients who ask, repeat and ask again. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "disk.h"
#include "model.h"

#include "store/db.h"

enum { GROUP_MAX = 4, REMEMBERED_MAX = 64 };

struct world {
    struct str url;
    struct arena *arena; /* of one transaction */
    struct problem problem;
    struct db *db;
    struct tx *tx;
    struct rng rng;
    instant_t now, earliest;
    id64_t agency, owner, accounts[ACCOUNTS];
    struct model model;
    int64_t orders;                          /* made so far */
    struct order remembered[REMEMBERED_MAX]; /* answered, to be repeated now and then */
    int64_t n_remembered;

    bool dies_of_failures; /* the program is killed whenever the disk fails, else by luck */

    /* What happened, to be told at the end. */
    int64_t done[ORDER_KIND_COUNT]; /* and was not refused */
    int64_t groups, repeats, faults, crashes, kills, came_through, checks;
};

/* Ends the program with the seed and what is wrong. */
void world_fail(const struct world *w, const char *what, const char *file, int line)
    __attribute__((noreturn));
#define REQUIRE(fact)                                          \
    do {                                                       \
        if (!(fact)) world_fail(w, #fact, __FILE__, __LINE__); \
    } while (0)

/* A new store with an agency, its clients and some minutes on the disk, kept to begin again from. */
void world_make(struct world *w);

/* Begins again from there. */
void world_restart(struct world *w, uint64_t seed);
void world_close(struct world *w);

/* After a power cut, or after the program was killed: by luck, or as told. */
enum ending { ENDED_BY_LUCK, ENDED_BY_KILL, ENDED_BY_POWER_CUT };
void world_recover(struct world *w, enum ending ending);

/* Some orders, new ones and repeated ones, carried out whatever the disk does. */
void clients_step(struct world *w);

/* The n-th order of the sequence in which each operation of the disk fails once. */
enum { SEQUENCE_GROUPS = 13 };
void clients_sequence_step(struct world *w, int n);

/* Holds the store against the model; `whole` also runs every invariant of `minutebank check`. */
void world_compare(struct world *w, bool whole);

#endif
