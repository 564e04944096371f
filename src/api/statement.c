/* The ledger of a sub-account (api.md "minutes"): entries with the running balance, as sentences. */
#include "engine/statement.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/routes.h"
#include "api/sentences.h"

static const char list_name[] = "statement";

struct statement_query {
    struct page page;
    instant_t from, to;
    int account;
};

struct entry_view {
    struct statement_entry entry;
    int tier;
    struct str description, reference;
    struct actor_view actor;
};

/* The accounts that a statement may be asked for: the ledger's first. */
static const char *const account_names[] = { "wallet.basic", "wallet.premium", "held.basic",
                                             "held.premium", NULL };

/* clang-format off */
static const struct field statement_query_fields[] = {
    FIELD_INSTANT(struct statement_query, from),
    FIELD_INSTANT(struct statement_query, to),
    FIELD_NAME(struct statement_query, account, account_names),
    PAGE_FIELDS(struct statement_query),
    FIELD_END,
};

static const struct field entry_fields[] = {
    FIELD_AS("id", struct entry_view, entry.posting_id, FIELD_IS_ID, .id_kind = ID_POSTING),
    FIELD_AS("at", struct entry_view, entry.posted_at, FIELD_IS_INSTANT),
    FIELD_AS("kind", struct entry_view, entry.kind, FIELD_IS_NAME, .names = posting_kind_names),
    FIELD_AS("account", struct entry_view, entry.account, FIELD_IS_NAME, .names = ledger_account_names),
    FIELD_NAME(struct entry_view, tier, tier_names),
    FIELD_AS("amount_seconds", struct entry_view, entry.amount, FIELD_IS_INTEGER),
    FIELD_AS("balance_seconds", struct entry_view, entry.balance, FIELD_IS_INTEGER),
    FIELD_TEXT(struct entry_view, description),
    FIELD_TEXT(struct entry_view, reference),
    FIELD_OBJECT(struct entry_view, actor, actor_fields),
    FIELD_END,
};
/* clang-format on */

static const struct actor_place entry_by = {
    .view = offsetof(struct entry_view, actor),
    .user = offsetof(struct entry_view, entry.user_id),
    .api_key = offsetof(struct entry_view, entry.api_key_id),
};

/* A place as a cursor: the time, and the number of the entry with its account. */
static struct str cursor_of(struct request *r, const struct statement_entry *last)
{
    return cursor_encode(r->arena,
                         &(struct cursor){
                             .list = list_name,
                             .number = last->posted_at,
                             .id = last->seq * STATEMENT_ACCOUNTS + last->account,
                         });
}

static bool read_place(struct request *r, const struct page *page, struct statement_place *place)
{
    struct cursor cursor;

    *place = (struct statement_place){ .at = INSTANT_NONE };
    if (!page_cursor(r, page->cursor, list_name, &cursor)) return false;
    if (str_is_absent(page->cursor)) return true;
    if (cursor.id < STATEMENT_ACCOUNTS) return page_cursor_refuse(r);
    *place = (struct statement_place){
        .at = cursor.number,
        .account = (int)(cursor.id % STATEMENT_ACCOUNTS),
        .seq = cursor.id / STATEMENT_ACCOUNTS,
    };
    return true;
}

static bool read_filter(struct request *r, const struct statement_query *query,
                        struct account_statement_filter *filter)
{
    *filter = (struct account_statement_filter){
        .subaccount = r->scope.subaccount,
        .account = query->account,
        .from = query->from,
        .to = query->to,
        .limit = page_rows(&query->page),
    };
    return range_allow(r, query->from, query->to) && read_place(r, &query->page, &filter->after);
}

static bool describe(struct request *r, const struct statement_entry *entries,
                     struct entry_view *views, size_t n)
{
    struct sentence *sentences = ARENA_ARRAY(r->arena, struct sentence, n);

    if (!sentences_of(r, SIDE_WALLET, entries, n, sentences)) return false;
    for (size_t i = 0; i < n; i++) {
        views[i].description = sentences[i].description;
        views[i].reference = sentences[i].reference;
    }
    return true;
}

static enum tier tier_of(int account)
{
    bool is_premium = ledger_account_unit((enum ledger_account)account)
        == ledger_account_unit(LEDGER_WALLET_PREMIUM);

    return is_premium ? TIER_PREMIUM : TIER_BASIC;
}

static bool list_entries(struct request *r)
{
    const struct statement_query *query = r->query;
    struct account_statement_filter filter;
    struct list rows;

    if (!read_filter(r, query, &filter)
        || !account_statement(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct statement_entry *entries = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct entry_view *views = ARENA_ARRAY(r->arena, struct entry_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct entry_view){ .entry = entries[i], .tier = tier_of(entries[i].account) };

    struct str next = rows.count > n ? cursor_of(r, &entries[n - 1]) : STR_NONE;

    return describe(r, entries, views, n) && actors_fill(r, views, n, sizeof(*views), &entry_by)
        && request_reply_list(r, entry_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* clang-format off */
const struct route statement_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/statement", CAN_WALLET_VIEW, {{READ, list_entries}},
     .query = statement_query_fields, .query_size = sizeof(struct statement_query),
     .key_scopes = 1u << SCOPE_READ, .name = "getStatement"},
    ROUTE_END,
};
/* clang-format on */
