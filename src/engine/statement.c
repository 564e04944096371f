#include "engine/statement.h"

#include <assert.h>

static_assert(LEDGER_WALLET_BASIC == 0 && LEDGER_HELD_PREMIUM == STATEMENT_ACCOUNTS - 1,
              "the accounts of a statement are the ledger's first");

struct statement_place statement_place_of(const struct statement_entry *entry)
{
    return (struct statement_place){ entry->posted_at, entry->account, entry->seq };
}

static instant_t earlier(instant_t limit, instant_t other)
{
    return limit == INSTANT_NONE || other < limit ? other : limit;
}

/* What of one account comes after a place: at the very same instant only accounts that stand behind
   the place's own. */
static void begin_after(struct statement_filter *filter, struct statement_place place)
{
    int account = (int)filter->account;

    if (place.at == INSTANT_NONE) return;
    if (account == place.account)
        filter->before_seq = place.seq;
    else
        filter->to = earlier(filter->to, account < place.account ? place.at : place.at + 1);
}

static bool read_account(struct tx *tx, id64_t agency,
                         const struct account_statement_filter *filter, int account,
                         struct list *out)
{
    struct statement_filter one = {
        .account = (enum ledger_account)account,
        .owner = filter->subaccount,
        .from = filter->from,
        .to = filter->to,
        .limit = filter->limit,
    };

    begin_after(&one, filter->after);
    return ledger_statement(tx, agency, &one, out);
}

/* The rest of a list that is in order. */
struct source {
    const struct statement_entry *at;
    size_t count;
};

static bool comes_first(const struct statement_entry *a, const struct statement_entry *b)
{
    return a->posted_at != b->posted_at ? a->posted_at > b->posted_at : a->account < b->account;
}

static struct source *first_of(struct source sources[static STATEMENT_ACCOUNTS])
{
    struct source *first = NULL;

    for (size_t i = 0; i < STATEMENT_ACCOUNTS; i++) {
        if (sources[i].count > 0 && (first == NULL || comes_first(sources[i].at, first->at)))
            first = &sources[i];
    }
    return first;
}

static struct list merge(struct arena *arena, struct source sources[static STATEMENT_ACCOUNTS],
                         size_t limit)
{
    struct statement_entry *merged = ARENA_ARRAY(arena, struct statement_entry, limit);
    size_t n = 0;

    for (struct source *source = first_of(sources); source != NULL && n < limit;
         source = first_of(sources)) {
        merged[n++] = *source->at++;
        source->count--;
    }
    return (struct list){ merged, n };
}

bool account_statement(struct tx *tx, id64_t agency, const struct account_statement_filter *filter,
                       struct list *out)
{
    struct source sources[STATEMENT_ACCOUNTS] = { 0 };

    for (int account = 0; account < STATEMENT_ACCOUNTS; account++) {
        struct list entries;

        if (filter->account >= 0 && filter->account != account) continue;
        if (!read_account(tx, agency, filter, account, &entries)) return false;
        sources[account] = (struct source){ entries.at, entries.count };
    }
    *out = merge(tx->arena, sources, (size_t)filter->limit);
    return true;
}
