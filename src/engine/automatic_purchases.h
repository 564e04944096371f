/* Purchases that are made without anybody at it: with the payer's default card, or, where there is none, waiting to be
   marked paid, which those who run the agency are told. */
#ifndef ENGINE_AUTOMATIC_PURCHASES_H
#define ENGINE_AUTOMATIC_PURCHASES_H

#include "engine/purchases.h"

/* `order->payer` says whose card; the card is found here. `*refused`: what of price and amount stands against it, and
   nothing was made. */
bool purchase_by_itself(struct tx *tx, const struct purchase_order *order, struct purchase *out,
                        enum reason *refused);

/* The code of why it was not paid. */
struct str purchase_failure(const struct purchase *purchase);

/* When it waits to be marked paid, nobody need do that any more. ID_NONE, or one that a card is charged for: nothing. */
bool purchase_call_off(struct tx *tx, id64_t agency, id64_t purchase);

#endif
