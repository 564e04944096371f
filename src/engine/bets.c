#include "engine/bets.h"

struct bets bets_new(bool pay)
{
    return (struct bets){ .pay = pay, .caution = BETS_CAUTION_MIN };
}

bool bets_take(struct bets *bets)
{
    if (!bets->pay) return false;
    if (bets->pause == 0) return true;
    bets->pause--;
    return false;
}

void bets_settle(struct bets *bets, bool won)
{
    if (won) {
        if (bets->caution > BETS_CAUTION_MIN) bets->caution--;
        return;
    }
    bets->pause = bets->caution;
    bets->caution = bets->caution < BETS_CAUTION_MAX / 2 ? bets->caution * 2 : BETS_CAUTION_MAX;
}
