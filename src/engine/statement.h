/* The statement of a sub-account: what came into and went out of its wallet and its held minutes, newest first, each
   entry with the balance after it. */
#ifndef ENGINE_STATEMENT_H
#define ENGINE_STATEMENT_H

#include "store/ledger.h"

enum {
    STATEMENT_ACCOUNTS = 4
}; /* wallet and held minutes of both tiers: the first of ledger.def */

/* An entry's place among all: entries are ordered by time, then account, then their number in it. Entries that come
   later are always newer, so that a page is not disturbed by them. */
struct statement_place {
    instant_t at; /* INSTANT_NONE: before the newest */
    int account;
    int64_t seq;
};

struct account_statement_filter {
    id64_t subaccount;
    int account;        /* enum ledger_account; -1: all of them */
    instant_t from, to; /* INSTANT_NONE: open */
    struct statement_place after;
    int64_t limit;
};

/* A list of struct statement_entry. */
bool account_statement(struct tx *tx, id64_t agency, const struct account_statement_filter *filter,
                       struct list *out);

struct statement_place statement_place_of(const struct statement_entry *entry);

#endif
