/* Postings, their entries and the accounts' balances (domain.md §3). Nothing else changes a balance. */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "domain/ledger.h"
#include "store/db.h"

/* Writes postings that posting_check passed, all of one agency: one statement per table, accounts locked in the order
   of (account, owner) so that writers never deadlock. Accounts come into being with their first entry.
   A wallet that has less now, but for calls and holds, is looked at whether it has to buy by itself.
   REASON_INSUFFICIENT_MINUTES or REASON_INSUFFICIENT_KNOWLEDGE when one that may not overdraw would leave a
   sub-account's account below zero. */
bool ledger_post(struct tx *tx, const struct posting *postings, size_t n);

/* Checks and writes one. */
bool ledger_post_one(struct tx *tx, struct posting *posting);

/* What the agency's credit with the platform and its profit stand at, in one statement. */
bool ledger_credit(struct tx *tx, id64_t agency, micros_t *credit, micros_t *profit);

/* A balance; 0 for an account that was never touched. */
bool ledger_balance(struct tx *tx, id64_t agency, enum ledger_account account, id64_t owner,
                    int64_t *out);

/* Wallet and held seconds of sub-accounts, in the order of `owners`. */
struct wallet {
    seconds_t seconds[TIER_COUNT], held[TIER_COUNT];
};
bool ledger_wallets(struct tx *tx, id64_t agency, const id64_t *owners, size_t n,
                    struct wallet *out);

/* The same, and they stay so until the transaction ends but for what it posts itself. Locked in the order of ledger_post. */
bool ledger_wallets_lock(struct tx *tx, id64_t agency, const id64_t *owners, size_t n,
                         struct wallet *out);

/* Entries of one account, newest first, with the running balance and what the posting says. */
struct statement_entry {
    id64_t posting_id;
    int account, kind; /* enum ledger_account, enum posting_kind */
    int64_t seq, amount, balance;
    id64_t subject_id, reference_id, user_id, api_key_id;
    instant_t posted_at;
};
struct statement_filter {
    enum ledger_account account;
    id64_t owner;
    instant_t from, to; /* INSTANT_NONE: open */
    int64_t before_seq; /* cursor: only older ones; 0: from the newest */
    int64_t limit;
};
bool ledger_statement(struct tx *tx, id64_t agency, const struct statement_filter *filter,
                      struct list *out);

#endif
