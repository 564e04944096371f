/* Cards (domain.md §5): what is kept of one, and the cards that a server with a test clock knows. Pure. */
#ifndef DOMAIN_CARDS_H
#define DOMAIN_CARDS_H

#include "base/reason.h"
#include "base/str.h"
#include "domain/purchases.h"

/* What a test card does when it is charged. */
enum test_card {
#define TEST_CARD(name, number, token, does) TEST_CARD_##name,
#include "domain/test_cards.def"
#undef TEST_CARD
    TEST_CARD_COUNT
};

/* A test card's by its number, and by the token that is kept of it; TEST_CARD_COUNT when there is none. */
enum test_card test_card_of_token(struct str token);

/* What is kept of a card: never its number. */
struct card {
    struct str token, brand, last4;
    int64_t exp_year, exp_month;
};

/* Reads a test card's number, which may have blanks; the texts are copied to the arena. REASON_NONE,
   REASON_BAD_CARD_NUMBER (no number, or its check digit is wrong), REASON_NOT_A_TEST_CARD. */
enum reason test_card_read(struct arena *arena, struct str number, struct card *out);

/* Whether its last month is over, in UTC. */
bool card_is_expired(int64_t exp_year, int64_t exp_month, instant_t now);

enum {
    CARD_NUMBER_MAX_CHARS = 30,
    CARD_YEAR_MAX = 2100,
    PAYMENT_METHODS_MAX = 10, /* of one sub-account */
};

struct payment_method {
    id64_t agency_id, id, subaccount_id;
    int provider; /* enum purchase_provider */
    struct card card;
    bool is_default;
    id64_t created_by; /* a user */
    instant_t created_at, removed_at;
};

/* Whether one more may be added beside `n`: REASON_NONE or REASON_TOO_MANY_CARDS. */
enum reason may_add_payment_method(int64_t n);

#endif
