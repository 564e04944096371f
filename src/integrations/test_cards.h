/* The card processor of servers with a test clock: charges nobody, and behaves as the card's number says
   (domain/test_cards.def). It has a book of its own, as a processor has, which outlives this program when it is a file:
   what was charged, under which key. So a test can tell whether anything was charged twice, or is not known here. */
#ifndef INTEGRATIONS_TEST_CARDS_H
#define INTEGRATIONS_TEST_CARDS_H

#include "base/problem.h"
#include "integrations/payments.h"

/* `path` absent: forgotten when the program ends. NULL and a problem when the file cannot be opened. Several programs may
   have the same book. */
struct payments *test_cards_new(struct str path, struct problem *problem);

#endif
