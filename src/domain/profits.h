/* Profit (domain.md §§4, 11): what was earned, by who collected the money, and what of it can be paid out. Pure. */
#ifndef DOMAIN_PROFITS_H
#define DOMAIN_PROFITS_H

#include "base/types.h"
#include "domain/ledger.h"

/* Markup that was earned. */
struct profit {
    micros_t payable;   /* on money that the platform collected */
    micros_t collected; /* on money that the agency collected itself: never paid out */
};

/* What a posting changes of it. A payout changes nothing: what was earned stays earned. */
struct profit profit_of_posting(const struct posting *posting);

/* after - before; false when it does not fit. */
bool profit_between(const struct profit *before, const struct profit *after, struct profit *out);

/* What can be paid out now, of the profit that has not been and the agency's credit: what it owes is kept back. */
micros_t profit_to_pay_out(micros_t profit, micros_t credit);

#endif
