/* Card processors (domain.md §5), each behind the same few questions. Asked by jobs, between two transactions. */
#ifndef INTEGRATIONS_PAYMENTS_H
#define INTEGRATIONS_PAYMENTS_H

#include "domain/payments.h"

struct payments {
    /* Charges a card, or asks how a charge stands that its owner was to confirm. Any number of threads at once. */
    void (*charge)(struct payments *self, struct arena *arena, const struct payment_charge *charge,
                   struct payment_answers *out);
    /* Gives money of a charge back. */
    void (*refund)(struct payments *self, struct arena *arena, const struct payment_refund *refund,
                   struct payment_answer *out);
    void (*free)(struct payments *self);
};

/* Who takes a provider's money, from the start to the end of the program; NULL: nobody. */
void payments_use(enum purchase_provider provider, struct payments *payments);

/* Asks whoever it is; nobody is unreachable. */
void payments_charge(struct arena *arena, const struct payment_charge *charge,
                     struct payment_answers *out);
void payments_refund(struct arena *arena, const struct payment_refund *refund,
                     struct payment_answer *out);

#endif
