/* Moving minutes between sub-accounts (domain.md §6): what arrives, what it does to the agency's credit, and the
   posting. Pure. */
#ifndef DOMAIN_MOVES_H
#define DOMAIN_MOVES_H

#include "base/reason.h"
#include "domain/ledger.h"
#include "domain/prices.h"

/* A move, or the quote of one. */
struct minute_move {
    id64_t agency_id, id, from_id, to_id;
    int tier;
    seconds_t sent, received;
    micros_t price_from, price_to; /* the effective client prices of both */
    micros_t base_price;
    micros_t value_from, value_to; /* of what is sent and of what is received, at their prices */
    micros_t adjustment; /* to the agency's credit: below zero when base must be covered */
    bool capped;         /* credit covers less than the prices would give */
    id64_t posting_id;
    id64_t created_by; /* a user */
    instant_t created_at;
};

/* Fills received, values, adjustment and capped from sent and the prices. `available` is what the agency's credit still
   covers, at least 0; MICROS_NONE: anything. When it covers less than what the prices would give, received is the most
   that it covers, and never less than sent. REASON_NONE or REASON_OVERFLOW. */
enum reason move_quote(struct minute_move *move, micros_t available);

/* Fills both values from the seconds and prices of a move that was made; false when they do not fit. */
bool move_values(struct minute_move *move);

/* Whether a move that was quoted now may be made as it was agreed, with `received`: REASON_NONE,
   REASON_INSUFFICIENT_CREDIT when it is more than credit covers, else REASON_QUOTE_CHANGED. */
enum reason may_move(const struct minute_move *quoted, seconds_t received);

/* wallet -> wallet, the difference to conversion; credit and base_revenue take the adjustment. */
enum reason posting_for_move(const struct minute_move *move, instant_t at, struct posting *out);

#endif
