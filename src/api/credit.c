/* The agency's credit with the platform (domain.md §5): how it stands, and every entry that made it so. */
#include "engine/credit.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/routes.h"
#include "api/sentences.h"
#include "base/id.h"
#include "store/agencies.h"

static const char list_name[] = "credit entries";

struct credit_view {
    micros_t balance, owed, limit, available, profit, payable, collected, payout_threshold;
};

struct entry_query {
    struct page page;
    instant_t from, to;
};

struct entry_view {
    struct statement_entry entry;
    struct sentence sentence;
    struct actor_view actor;
};

/* clang-format off */
static const struct field credit_fields[] = {
    FIELD_AS("balance_usd", struct credit_view, balance, FIELD_IS_MONEY),
    FIELD_AS("owed_usd", struct credit_view, owed, FIELD_IS_MONEY),
    FIELD_AS("limit_usd", struct credit_view, limit, FIELD_IS_MONEY),
    FIELD_AS("available_usd", struct credit_view, available, FIELD_IS_MONEY),
    FIELD_AS("profit_usd", struct credit_view, profit, FIELD_IS_MONEY),
    FIELD_AS("payable_usd", struct credit_view, payable, FIELD_IS_MONEY),
    FIELD_AS("collected_usd", struct credit_view, collected, FIELD_IS_MONEY),
    FIELD_AS("payout_threshold_usd", struct credit_view, payout_threshold, FIELD_IS_MONEY),
    FIELD_END,
};

static const struct field entry_query_fields[] = {
    FIELD_INSTANT(struct entry_query, from),
    FIELD_INSTANT(struct entry_query, to),
    PAGE_FIELDS(struct entry_query),
    FIELD_END,
};

static const struct field entry_fields[] = {
    FIELD_AS("id", struct entry_view, entry.posting_id, FIELD_IS_ID, .id_kind = ID_POSTING),
    FIELD_AS("at", struct entry_view, entry.posted_at, FIELD_IS_INSTANT),
    FIELD_AS("kind", struct entry_view, entry.kind, FIELD_IS_NAME, .names = posting_kind_names),
    FIELD_AS("amount_usd", struct entry_view, entry.amount, FIELD_IS_MONEY),
    FIELD_AS("balance_usd", struct entry_view, entry.balance, FIELD_IS_MONEY),
    FIELD_AS("subaccount", struct entry_view, entry.subject_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("description", struct entry_view, sentence.description, FIELD_IS_TEXT),
    FIELD_AS("reference", struct entry_view, sentence.reference, FIELD_IS_TEXT),
    FIELD_OBJECT(struct entry_view, actor, actor_fields),
    FIELD_END,
};
/* clang-format on */

static const struct actor_place entry_by = {
    .view = offsetof(struct entry_view, actor),
    .user = offsetof(struct entry_view, entry.user_id),
    .api_key = offsetof(struct entry_view, entry.api_key_id),
};

static bool read_credit(struct request *r)
{
    struct credit credit;
    struct agency agency;
    micros_t collected;

    if (!credit_load(r->tx, r->caller.agency, &credit)
        || !agency_load(r->tx, r->caller.agency, &agency)
        || !ledger_balance(r->tx, r->caller.agency, LEDGER_COLLECTED, r->caller.agency, &collected))
        return false;
    const struct credit_view view = {
        .balance = credit.balance,
        .owed = credit.balance < 0 ? -credit.balance : 0,
        .limit = credit.limit,
        .available = credit_available(&credit),
        .profit = credit.profit,
        .payable = credit_payable(&credit),
        .collected = collected,
        .payout_threshold = agency.payout_threshold,
    };

    return request_reply(r, 200, credit_fields, &view);
}

static bool tell(struct request *r, const struct statement_entry *entries, struct entry_view *views,
                 size_t n)
{
    struct sentence *sentences = ARENA_ARRAY(r->arena, struct sentence, n);

    if (!sentences_of(r, SIDE_CREDIT, entries, n, sentences)) return false;
    for (size_t i = 0; i < n; i++)
        views[i] = (struct entry_view){ .entry = entries[i], .sentence = sentences[i] };
    return actors_fill(r, views, n, sizeof(*views), &entry_by);
}

static bool list_entries(struct request *r)
{
    const struct entry_query *query = r->query;
    struct statement_filter filter = {
        .account = LEDGER_CREDIT,
        .owner = r->caller.agency,
        .from = query->from,
        .to = query->to,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!range_allow(r, query->from, query->to)
        || !page_before(r, &query->page, list_name, &filter.before_seq)
        || !ledger_statement(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct statement_entry *entries = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct entry_view *views = ARENA_ARRAY(r->arena, struct entry_view, n);
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? entries[n - 1].seq : ID_NONE);

    return tell(r, entries, views, n)
        && request_reply_list(r, entry_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* clang-format off */
const struct route credit_routes[] = {
    {GET, "/v1/agency/credit", CAN_PROFITS_VIEW, {{READ, read_credit}}, .key_scopes = 1u << SCOPE_READ,
     .name = "getCredit"},
    {GET, "/v1/agency/credit/entries", CAN_PROFITS_VIEW, {{READ, list_entries}}, .query = entry_query_fields,
     .query_size = sizeof(struct entry_query), .key_scopes = 1u << SCOPE_READ, .name = "listCreditEntries"},
    ROUTE_END,
};
/* clang-format on */
