/* How an order is carried out in the program: what the API's handlers do, without HTTP. */
#ifndef TESTS_SIM_ORDERS_H
#define TESTS_SIM_ORDERS_H

#include "world.h"

/* In the caller's transaction; false with tx->problem when it is refused, or the store failed. */
bool order_carry_out(struct world *w, struct tx *tx, const struct order *order,
                     struct outcome *out);

#endif
