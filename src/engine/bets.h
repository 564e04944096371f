/* When a writer's transaction takes all of its calls for new, which spares PostgreSQL a look at each: as long as that goes
   well. One that was known costs a second transaction, so after a loss the next groups do without. */
#ifndef ENGINE_BETS_H
#define ENGINE_BETS_H

#include <stdbool.h>

/* Groups without a bet after one that was lost: each loss doubles it, each bet won takes one off. */
enum { BETS_CAUTION_MIN = 8, BETS_CAUTION_MAX = 4096 };

struct bets {
    bool pay;    /* on this store at all */
    int caution; /* the length of the next pause */
    int pause;   /* groups before the next bet */
};

struct bets bets_new(bool pay);

/* Whether the next group bets; a pause counts down by those that do not. */
bool bets_take(struct bets *bets);

/* How one that was taken ended. */
void bets_settle(struct bets *bets, bool won);

#endif
