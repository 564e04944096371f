/* What card processors are asked and answer (domain.md §5). Pure. */
#ifndef DOMAIN_PAYMENTS_H
#define DOMAIN_PAYMENTS_H

#include "domain/purchases.h"

/* Each is asked under a key made from the purchase's or the refund's id: asked again under it, nothing happens twice and
   the answer is the same. */
struct payment_charge {
    int provider; /* enum purchase_provider */
    struct str key;
    struct str token; /* of the card */
    struct str
        reference;   /* of the charge, when its owner was asked to confirm it; absent: a new one */
    bool is_expired; /* the card is, by its date */
    micros_t amount;
};

struct payment_refund {
    int provider;
    struct str key;
    struct str token;
    struct str reference; /* of the charge */
    micros_t amount;
};

enum payment_outcome {
    PAYMENT_SUCCEEDED,
    PAYMENT_FAILED,       /* for good */
    PAYMENT_NEEDS_ACTION, /* its owner must confirm it with the bank */
    PAYMENT_UNREACHABLE,  /* nobody knows: to be asked again */
};

struct payment_answer {
    enum payment_outcome outcome;
    struct str reference; /* what the processor calls the charge; absent: nothing was charged */
    struct str
        failure; /* a code, when it failed; of an unreachable one what happened, for people */
};

/* A processor may tell the same more than once. */
enum { PAYMENT_ANSWERS_MAX = 2 };

struct payment_answers {
    size_t n;
    struct payment_answer at[PAYMENT_ANSWERS_MAX];
};

/* "minutebank-pur_…". */
struct str payment_key(struct arena *arena, enum id_kind kind, id64_t id);

/* How long its owner has to confirm a payment. */
#define PAYMENT_ACTION_TIME MICROS_PER_DAY

/* Why purchases fail that no processor refused. */
extern const char payment_account_removed[]; /* the account went meanwhile; the money goes back */
extern const char payment_action_required[]; /* nobody is there to confirm an automatic one */
extern const char payment_action_expired[];

#endif
