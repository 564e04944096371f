/* Charging cards for purchases, and giving money back to them (domain.md §5): what happens in the transactions before and
   after a processor is asked. Jobs ask it between them (jobs/charges.c). */
#ifndef ENGINE_CHARGES_H
#define ENGINE_CHARGES_H

#include "domain/payments.h"
#include "store/db.h"

/* What is to be done about a purchase now. */
enum charge_step {
    CHARGE_NOTHING, /* it is at rest */
    CHARGE_ASK,     /* the processor: it is `processing` from now on */
    CHARGE_WAIT,    /* for its owner's confirmation, until `until` */
};
bool charge_begin(struct tx *tx, id64_t agency, id64_t purchase, instant_t until,
                  enum charge_step *step, struct payment_charge *out);

/* What the processor answered, and once more if it says so twice. Minutes are granted by the first success and by no
   other; money that came for an account that was removed meanwhile, or for a purchase that failed before, goes back
   (JOB_PURCHASE_RETURN) and grants nothing. `*step` CHARGE_WAIT: its owner must confirm it. */
bool charge_answered(struct tx *tx, id64_t agency, id64_t purchase,
                     const struct payment_answer *answer, enum charge_step *step);

/* Its owner did not confirm it in time. */
bool charge_expire(struct tx *tx, id64_t agency, id64_t purchase);

/* The refund to send, while it waits for that. */
bool refund_begin(struct tx *tx, id64_t agency, id64_t refund, struct payment_refund *out,
                  bool *is_waiting);

/* It has arrived, or was refused: then everything is as before it. */
bool refund_answered(struct tx *tx, id64_t agency, id64_t refund,
                     const struct payment_answer *answer);

/* The money of a purchase that granted nothing. */
bool charge_return(struct tx *tx, id64_t agency, id64_t purchase, struct payment_refund *out);

#endif
