/* The double-entry ledger (domain.md §3): accounts, and postings whose entries sum to zero in each
   unit. Pure: store/ledger.c writes what is built here.

   Owners: a sub-account's accounts are owned by its id, an agency's by the agency's id, and the
   platform's counterparts are kept per agency with owner 0, so that agencies never wait for one row and
   every statement stays on one shard; the platform's own totals are sums over agencies. */
#ifndef DOMAIN_LEDGER_H
#define DOMAIN_LEDGER_H

#include "base/reason.h"
#include "base/types.h"
#include "domain/tier.h"

enum ledger_account {
#define LEDGER_ACCOUNT(name, text, owner, unit) LEDGER_##name,
#include "domain/ledger.def"
#undef LEDGER_ACCOUNT
    LEDGER_ACCOUNT_COUNT
};

enum ledger_owner { OWNER_SUBACCOUNT, OWNER_AGENCY, OWNER_PLATFORM };
enum ledger_unit { UNIT_USD, UNIT_BASIC_S, UNIT_PREMIUM_S, UNIT_KNOWLEDGE, UNIT_COUNT };

extern const char *const ledger_account_names[]; /* NULL-terminated */
extern const char *const ledger_unit_names[];
enum ledger_owner ledger_account_owner(enum ledger_account account);
enum ledger_unit ledger_account_unit(enum ledger_account account);

/* The accounts of a tier. */
enum ledger_account ledger_wallet(enum tier tier);
enum ledger_account ledger_held(enum tier tier);
enum ledger_account ledger_issued(enum tier tier);
enum ledger_account ledger_used(enum tier tier);

/* Whether it is a sub-account's wallet or held minutes. */
bool ledger_account_is_minutes(enum ledger_account account);

/* Which way a posting of a kind may change wallets. */
enum wallet_way { WALLET_UP, WALLET_DOWN, WALLET_EITHER, WALLET_NEITHER };

enum posting_kind {
#define POSTING_KIND(name, text, way, sentence) POSTING_##name,
#include "domain/postings.def"
#undef POSTING_KIND
    POSTING_KIND_COUNT
};

extern const char *const posting_kind_names[];
const char *posting_kind_sentence(enum posting_kind kind);
enum wallet_way posting_kind_way(enum posting_kind kind);

/* Whether a posting of this kind may leave a wallet below zero: only what has already happened may. */
bool posting_kind_may_overdraw(enum posting_kind kind);

enum { POSTING_ENTRIES_MAX = 12 };

struct entry {
    enum ledger_account account;
    id64_t owner; /* sub-account, agency, or 0 */
    int64_t amount;
};

/* Who caused something: exactly one of user and api_key, or neither (the system itself). */
struct actor {
    id64_t user;
    id64_t api_key;
};

struct posting {
    id64_t id, agency;
    enum posting_kind kind;
    id64_t subject;   /* the sub-account that it is about */
    id64_t reference; /* what caused it (a purchase, ...), or ID_NONE */
    id64_t purchase;  /* whose profit it changes, or ID_NONE */
    id64_t key;       /* unique per (agency, kind) when not ID_NONE: what makes it happen once */
    struct actor actor;
    instant_t at;
    struct entry entries[POSTING_ENTRIES_MAX];
    size_t n_entries;
    bool overflowed;
};

/* Starts a posting without entries. */
struct posting posting_begin(enum posting_kind kind, id64_t id, id64_t agency, id64_t subject,
                             instant_t at);

/* Adds to an account; entries of the same account and owner are summed, zero sums vanish from
   posting_check's view. An overflow is remembered and refused by posting_check. Asserts room. */
void posting_add(struct posting *posting, enum ledger_account account, id64_t owner,
                 int64_t amount);

/* From one account to another of the same unit. */
void posting_transfer(struct posting *posting, enum ledger_account from, id64_t from_owner,
                      enum ledger_account to, id64_t to_owner, int64_t amount);

/* REASON_NONE, REASON_OVERFLOW, or REASON_LEDGER_UNBALANCED: sums to zero in each unit, wallets
   and held minutes move only the kind's way, used ones never come back, owners are of the account's kind. Removes entries of zero. */
enum reason posting_check(struct posting *posting);

/* Billed seconds of calls: wallet -> used. */
struct posting posting_for_calls(id64_t id, id64_t agency, id64_t wallet_owner, enum tier tier,
                                 seconds_t billed, instant_t at);

/* The same of calls for which minutes were held, all of which are let go: held -> used, and what is left over or lacking
   between held and wallet. */
struct posting posting_for_ended_calls(id64_t id, id64_t agency, id64_t wallet_owner,
                                       enum tier tier, seconds_t billed, seconds_t held,
                                       instant_t at);

/* Minutes held for calls (POSTING_HOLD: wallet -> held), and given back (POSTING_RELEASE: held -> wallet). */
struct posting posting_for_hold(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                seconds_t seconds, instant_t at);
struct posting posting_for_release(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                   seconds_t seconds, instant_t at);

/* Minutes that a plan includes: issued -> wallet, no money. */
struct posting posting_for_plan_grant(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                      seconds_t seconds, instant_t at);

/* What the agency paid the platform: cash -> credit. `subject` is its primary. */
struct posting posting_for_settlement(id64_t id, id64_t agency, id64_t subject, micros_t amount,
                                      instant_t at);

#endif
