/* Postings: entries are gathered, then held to the ledger's invariants (domain.md §3). */
#include "domain/ledger.h"

#include "base/decimal.h"

#include <assert.h>

const char *const ledger_account_names[] = {
#define LEDGER_ACCOUNT(name, text, owner, unit) text,
#include "domain/ledger.def"
#undef LEDGER_ACCOUNT
    NULL,
};

const char *const ledger_unit_names[] = { "usd", "basic_s", "premium_s", "knowledge", NULL };

static const struct {
    enum ledger_owner owner;
    enum ledger_unit unit;
} accounts[] = {
#define LEDGER_ACCOUNT(name, text, owner, unit) { OWNER_##owner, UNIT_##unit },
#include "domain/ledger.def"
#undef LEDGER_ACCOUNT
};

const char *const posting_kind_names[] = {
#define POSTING_KIND(name, text, way, sentence) text,
#include "domain/postings.def"
#undef POSTING_KIND
    NULL,
};

static const struct {
    enum wallet_way way;
    const char *sentence;
} kinds[] = {
#define POSTING_KIND(name, text, way, sentence) { WALLET_##way, sentence },
#include "domain/postings.def"
#undef POSTING_KIND
};

enum ledger_owner ledger_account_owner(enum ledger_account account)
{
    assert(account < LEDGER_ACCOUNT_COUNT);
    return accounts[account].owner;
}

enum ledger_unit ledger_account_unit(enum ledger_account account)
{
    assert(account < LEDGER_ACCOUNT_COUNT);
    return accounts[account].unit;
}

enum ledger_account ledger_wallet(enum tier tier)
{
    return tier == TIER_BASIC ? LEDGER_WALLET_BASIC : LEDGER_WALLET_PREMIUM;
}

enum ledger_account ledger_held(enum tier tier)
{
    return tier == TIER_BASIC ? LEDGER_HELD_BASIC : LEDGER_HELD_PREMIUM;
}

enum ledger_account ledger_issued(enum tier tier)
{
    return tier == TIER_BASIC ? LEDGER_ISSUED_BASIC : LEDGER_ISSUED_PREMIUM;
}

enum ledger_account ledger_used(enum tier tier)
{
    return tier == TIER_BASIC ? LEDGER_USED_BASIC : LEDGER_USED_PREMIUM;
}

bool ledger_account_is_minutes(enum ledger_account account)
{
    return account == LEDGER_WALLET_BASIC || account == LEDGER_WALLET_PREMIUM
        || account == LEDGER_HELD_BASIC || account == LEDGER_HELD_PREMIUM;
}

const char *posting_kind_sentence(enum posting_kind kind)
{
    assert(kind < POSTING_KIND_COUNT);
    return kinds[kind].sentence;
}

enum wallet_way posting_kind_way(enum posting_kind kind)
{
    assert(kind < POSTING_KIND_COUNT);
    return kinds[kind].way;
}

bool posting_kind_may_overdraw(enum posting_kind kind)
{
    return kind == POSTING_CALLS || kind == POSTING_ENDED_CALLS || kind == POSTING_DISPUTE;
}

struct posting posting_begin(enum posting_kind kind, id64_t id, id64_t agency, id64_t subject,
                             instant_t at)
{
    return (
        struct posting){ .kind = kind, .id = id, .agency = agency, .subject = subject, .at = at };
}

/* The entry of this account and owner, new and zero when there was none. */
static struct entry *entry_of(struct posting *posting, enum ledger_account account, id64_t owner)
{
    for (size_t i = 0; i < posting->n_entries; i++) {
        struct entry *entry = &posting->entries[i];

        if (entry->account == account && entry->owner == owner) return entry;
    }
    assert(posting->n_entries < POSTING_ENTRIES_MAX);

    struct entry *added = &posting->entries[posting->n_entries++];

    *added = (struct entry){ .account = account, .owner = owner };
    return added;
}

void posting_add(struct posting *posting, enum ledger_account account, id64_t owner, int64_t amount)
{
    struct entry *entry = entry_of(posting, account, owner);

    if (!int64_add(entry->amount, amount, &entry->amount)) posting->overflowed = true;
}

void posting_transfer(struct posting *posting, enum ledger_account from, id64_t from_owner,
                      enum ledger_account to, id64_t to_owner, int64_t amount)
{
    assert(ledger_account_unit(from) == ledger_account_unit(to));
    int64_t negated = 0;

    if (!int64_subtract(0, amount, &negated)) posting->overflowed = true;
    posting_add(posting, from, from_owner, negated);
    posting_add(posting, to, to_owner, amount);
}

static void remove_zero_entries(struct posting *posting)
{
    size_t kept = 0;

    for (size_t i = 0; i < posting->n_entries; i++)
        if (posting->entries[i].amount != 0) posting->entries[kept++] = posting->entries[i];
    posting->n_entries = kept;
}

/* Summed in 128 bits: entries whose partial sums leave 64 bits may still balance. */
static bool sums_to_zero(const struct posting *posting)
{
    __int128 sums[UNIT_COUNT] = { 0 };

    for (size_t i = 0; i < posting->n_entries; i++)
        sums[ledger_account_unit(posting->entries[i].account)] += posting->entries[i].amount;
    for (size_t unit = 0; unit < UNIT_COUNT; unit++)
        if (sums[unit] != 0) return false;
    return true;
}

static bool has_right_owner(const struct posting *posting, const struct entry *entry)
{
    switch (ledger_account_owner(entry->account)) {
    case OWNER_SUBACCOUNT: return entry->owner != ID_NONE && entry->owner != posting->agency;
    case OWNER_AGENCY: return entry->owner != ID_NONE && entry->owner == posting->agency;
    case OWNER_PLATFORM: return entry->owner == ID_NONE;
    }
    return false;
}

static bool is_held(enum ledger_account account)
{
    return account == LEDGER_HELD_BASIC || account == LEDGER_HELD_PREMIUM;
}

static bool is_used(enum ledger_account account)
{
    return account == LEDGER_USED_BASIC || account == LEDGER_USED_PREMIUM;
}

/* Held minutes grow by holds alone, and shrink by what ends one. */
static enum wallet_way held_way(enum posting_kind kind)
{
    switch (kind) {
    case POSTING_HOLD: return WALLET_UP;
    case POSTING_RELEASE:
    case POSTING_ENDED_CALLS: return WALLET_DOWN;
    default: return WALLET_NEITHER;
    }
}

static bool moves_the_right_way(enum posting_kind kind, const struct entry *entry)
{
    enum wallet_way way = is_held(entry->account) ? held_way(kind) : kinds[kind].way;

    if (is_used(entry->account)) return entry->amount > 0;
    if (!ledger_account_is_minutes(entry->account)) return true;
    if (way == WALLET_EITHER || way == WALLET_NEITHER) return way == WALLET_EITHER;
    return (way == WALLET_UP) == (entry->amount > 0);
}

enum reason posting_check(struct posting *posting)
{
    assert(posting->kind < POSTING_KIND_COUNT);
    if (posting->overflowed) return REASON_OVERFLOW;

    remove_zero_entries(posting);
    if (!sums_to_zero(posting)) return REASON_LEDGER_UNBALANCED;
    for (size_t i = 0; i < posting->n_entries; i++) {
        const struct entry *entry = &posting->entries[i];

        if (!has_right_owner(posting, entry) || !moves_the_right_way(posting->kind, entry))
            return REASON_LEDGER_UNBALANCED;
    }
    return REASON_NONE;
}

struct posting posting_for_calls(id64_t id, id64_t agency, id64_t wallet_owner, enum tier tier,
                                 seconds_t billed, instant_t at)
{
    struct posting posting = posting_begin(POSTING_CALLS, id, agency, wallet_owner, at);

    posting_transfer(&posting, ledger_wallet(tier), wallet_owner, ledger_used(tier), ID_NONE,
                     billed);
    return posting;
}

struct posting posting_for_ended_calls(id64_t id, id64_t agency, id64_t wallet_owner,
                                       enum tier tier, seconds_t billed, seconds_t held,
                                       instant_t at)
{
    struct posting posting = posting_begin(POSTING_ENDED_CALLS, id, agency, wallet_owner, at);

    posting_transfer(&posting, ledger_held(tier), wallet_owner, ledger_wallet(tier), wallet_owner,
                     held);
    posting_transfer(&posting, ledger_wallet(tier), wallet_owner, ledger_used(tier), ID_NONE,
                     billed);
    return posting;
}

struct posting posting_for_hold(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                seconds_t seconds, instant_t at)
{
    struct posting posting = posting_begin(POSTING_HOLD, id, agency, subaccount, at);

    posting_transfer(&posting, ledger_wallet(tier), subaccount, ledger_held(tier), subaccount,
                     seconds);
    return posting;
}

struct posting posting_for_release(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                   seconds_t seconds, instant_t at)
{
    struct posting posting = posting_begin(POSTING_RELEASE, id, agency, subaccount, at);

    posting_transfer(&posting, ledger_held(tier), subaccount, ledger_wallet(tier), subaccount,
                     seconds);
    return posting;
}

struct posting posting_for_plan_grant(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                      seconds_t seconds, instant_t at)
{
    struct posting posting = posting_begin(POSTING_PLAN_GRANT, id, agency, subaccount, at);

    posting_transfer(&posting, ledger_issued(tier), ID_NONE, ledger_wallet(tier), subaccount,
                     seconds);
    return posting;
}

struct posting posting_for_settlement(id64_t id, id64_t agency, id64_t subject, micros_t amount,
                                      instant_t at)
{
    struct posting posting = posting_begin(POSTING_SETTLEMENT, id, agency, subject, at);

    posting_transfer(&posting, LEDGER_CASH, ID_NONE, LEDGER_CREDIT, agency, amount);
    return posting;
}
