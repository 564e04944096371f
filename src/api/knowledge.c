/* Knowledge credits (docs/how-it-works.md): bought, moved between sub-accounts, and the statement of one's own. */
#include "engine/knowledge.h"

#include "api/actors.h"
#include "api/moved.h"
#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "base/id.h"
#include "domain/purchases.h"
#include "store/agencies.h"
#include "store/knowledge.h"
#include "store/ledger.h"
#include "store/names.h"

static const char transfers_name[] = "knowledge transfers";
static const char statement_name[] = "knowledge statement";

struct transfer_input {
    id64_t from, to;
    int64_t credits;
};

struct transfer_query {
    struct page page;
    id64_t subaccount;
};

struct statement_query {
    struct page page;
};

struct purchase_input {
    int64_t credits;
    micros_t cost;
};

/* The credits of both after a transfer. */
struct balances_view {
    int64_t from, to;
};

struct transfer_view {
    struct knowledge_transfer transfer;
    struct str from_name, to_name;
    struct actor_view actor;
    struct balances_view *balances; /* NULL but in the reply that moved credits */
};

struct entry_view {
    struct statement_entry entry;
    struct str description, reference;
    struct actor_view actor;
};

/* clang-format off */
static const struct field transfer_input_fields[] = {
    FIELD_ID(struct transfer_input, from, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),
    FIELD_ID(struct transfer_input, to, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),
    FIELD_INTEGER(struct transfer_input, credits, .min = 1, .max = KNOWLEDGE_CREDITS_MAX, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field purchase_input_fields[] = {
    FIELD_INTEGER(struct purchase_input, credits, .min = 1, .max = KNOWLEDGE_CREDITS_MAX, .flags = FIELD_REQUIRED),
    FIELD_AS("cost_usd", struct purchase_input, cost, FIELD_IS_MONEY, .min = 1, .max = PURCHASE_AMOUNT_MAX,
             .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field transfer_query_fields[] = {
    FIELD_ID(struct transfer_query, subaccount, ID_SUBACCOUNT),
    PAGE_FIELDS(struct transfer_query),
    FIELD_END,
};

static const struct field statement_query_fields[] = {
    PAGE_FIELDS(struct statement_query),
    FIELD_END,
};

static const struct field balances_fields[] = {
    FIELD_INTEGER(struct balances_view, from),
    FIELD_INTEGER(struct balances_view, to),
    FIELD_END,
};

static const struct field transfer_fields[] = {
    FIELD_AS("id", struct transfer_view, transfer.id, FIELD_IS_ID, .id_kind = ID_KNOWLEDGE_TRANSFER),
    FIELD_AS("from", struct transfer_view, transfer.from_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("to", struct transfer_view, transfer.to_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("credits", struct transfer_view, transfer.credits, FIELD_IS_INTEGER),
    FIELD_TEXT(struct transfer_view, from_name),
    FIELD_TEXT(struct transfer_view, to_name),
    FIELD_OBJECT(struct transfer_view, actor, actor_fields),
    FIELD_AS("created_at", struct transfer_view, transfer.created_at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct transfer_view, balances, balances_fields, .flags = FIELD_POINTER | FIELD_OMIT_NULL,
                 .size = sizeof(struct balances_view)),
    FIELD_END,
};

const struct field knowledge_transfer_record[] = {
    FIELD_AS("from", struct knowledge_transfer, from_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("to", struct knowledge_transfer, to_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_INTEGER(struct knowledge_transfer, credits),
    FIELD_END,
};

static const struct field purchase_fields[] = {
    FIELD_AS("id", struct knowledge_purchase, posting_id, FIELD_IS_ID, .id_kind = ID_POSTING),
    FIELD_INTEGER(struct knowledge_purchase, credits),
    FIELD_AS("price_usd", struct knowledge_purchase, price, FIELD_IS_MONEY),
    FIELD_AS("cost_usd", struct knowledge_purchase, cost, FIELD_IS_MONEY),
    FIELD_AS("knowledge_credits", struct knowledge_purchase, balance, FIELD_IS_INTEGER),
    FIELD_AS("credit_usd", struct knowledge_purchase, credit, FIELD_IS_MONEY),
    FIELD_END,
};

static const struct field purchase_record_fields[] = {
    FIELD_INTEGER(struct knowledge_purchase, credits),
    FIELD_AS("price_usd", struct knowledge_purchase, price, FIELD_IS_MONEY),
    FIELD_AS("cost_usd", struct knowledge_purchase, cost, FIELD_IS_MONEY),
    FIELD_END,
};

static const struct field entry_fields[] = {
    FIELD_AS("id", struct entry_view, entry.posting_id, FIELD_IS_ID, .id_kind = ID_POSTING),
    FIELD_AS("at", struct entry_view, entry.posted_at, FIELD_IS_INSTANT),
    FIELD_AS("kind", struct entry_view, entry.kind, FIELD_IS_NAME, .names = posting_kind_names),
    FIELD_AS("credits", struct entry_view, entry.amount, FIELD_IS_INTEGER),
    FIELD_AS("balance", struct entry_view, entry.balance, FIELD_IS_INTEGER),
    FIELD_TEXT(struct entry_view, description),
    FIELD_TEXT(struct entry_view, reference),
    FIELD_OBJECT(struct entry_view, actor, actor_fields),
    FIELD_END,
};
/* clang-format on */

static const struct actor_place transfer_by = {
    .view = offsetof(struct transfer_view, actor),
    .user = offsetof(struct transfer_view, transfer.created_by),
};

static const struct actor_place entry_by = {
    .view = offsetof(struct entry_view, actor),
    .user = offsetof(struct entry_view, entry.user_id),
    .api_key = offsetof(struct entry_view, entry.api_key_id),
};

static bool buy(struct request *r)
{
    const struct purchase_input *input = r->input;
    struct knowledge_purchase purchase;

    return knowledge_bought(r->tx, r->caller.agency, input->credits, input->cost, request_actor(r),
                            &purchase)
        && request_record(r, "knowledge.bought", ID_SUBACCOUNT, r->caller.reach.primary, STR_NONE,
                          record_of(r, purchase_record_fields, &purchase))
        && request_reply(r, 201, purchase_fields, &purchase);
}

/* Names of both ends and of who did it. */
static bool view_transfers(struct request *r, const struct knowledge_transfer *transfers, size_t n,
                           struct transfer_view *views)
{
    id64_t *ends = ARENA_ARRAY(r->arena, id64_t, n * 2);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n * 2);

    for (size_t i = 0; i < n; i++) {
        ends[2 * i] = transfers[i].from_id;
        ends[2 * i + 1] = transfers[i].to_id;
    }
    if (!names_find(r->tx, r->caller.agency, ends, n * 2, names)) return false;
    for (size_t i = 0; i < n; i++)
        views[i] = (struct transfer_view){ .transfer = transfers[i],
                                           .from_name = names[2 * i],
                                           .to_name = names[2 * i + 1] };
    return actors_fill(r, views, n, sizeof(*views), &transfer_by);
}

static bool reply_with_balances(struct request *r, const struct knowledge_transfer *transfer)
{
    struct transfer_view view;

    if (!view_transfers(r, transfer, 1, &view)) return false;
    view.balances = ARENA_NEW(r->arena, struct balances_view);
    return ledger_balance(r->tx, r->caller.agency, LEDGER_KNOWLEDGE, transfer->from_id,
                          &view.balances->from)
        && ledger_balance(r->tx, r->caller.agency, LEDGER_KNOWLEDGE, transfer->to_id,
                          &view.balances->to)
        && request_reply(r, 201, transfer_fields, &view);
}

static bool make_transfer(struct request *r)
{
    const struct transfer_input *input = r->input;
    struct knowledge_transfer transfer = { .agency_id = r->caller.agency,
                                           .from_id = input->from,
                                           .to_id = input->to,
                                           .credits = input->credits };

    return knowledge_moved(r->tx, &transfer, request_actor(r))
        && request_record(r, "knowledge.moved", ID_SUBACCOUNT, transfer.from_id, STR_NONE,
                          record_of(r, knowledge_transfer_record, &transfer))
        && reply_with_balances(r, &transfer);
}

static bool list_transfers(struct request *r)
{
    const struct transfer_query *query = r->query;
    struct knowledge_filter filter = { .subaccount = query->subaccount,
                                       .limit = page_rows(&query->page) };
    struct list rows;

    if (!page_before(r, &query->page, transfers_name, &filter.before)
        || !knowledge_transfer_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct knowledge_transfer *transfers = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct transfer_view *views = ARENA_ARRAY(r->arena, struct transfer_view, n);
    struct str next =
        page_next(r, &query->page, transfers_name, &rows, n > 0 ? transfers[n - 1].id : ID_NONE);

    return view_transfers(r, transfers, n, views)
        && request_reply_list(r, transfer_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* What the postings say of themselves, and of a transfer where its credits came from or went to. */
static bool describe(struct request *r, struct entry_view *views, size_t n)
{
    id64_t *transfers = ARENA_ARRAY(r->arena, id64_t, n);
    struct minute_move_ends *ends = ARENA_ARRAY(r->arena, struct minute_move_ends, n);
    struct moved_entry *moved = ARENA_ARRAY(r->arena, struct moved_entry, n);

    for (size_t i = 0; i < n; i++)
        transfers[i] = views[i].entry.reference_id;
    if (!knowledge_transfers_ends(r->tx, r->caller.agency, transfers, n, ends)) return false;
    for (size_t i = 0; i < n; i++)
        moved[i] = (struct moved_entry){ .entry = &views[i].entry, .ends = ends[i] };
    if (!moved_describe(r, moved, n)) return false;
    for (size_t i = 0; i < n; i++) {
        enum posting_kind kind = (enum posting_kind)views[i].entry.kind;
        bool is_known = !str_is_absent(moved[i].description);

        views[i].description =
            is_known ? moved[i].description : str_from_c(posting_kind_sentence(kind));
        views[i].reference = kind == POSTING_KNOWLEDGE_TRANSFER
            ? id_format(r->arena, ID_KNOWLEDGE_TRANSFER, transfers[i])
            : STR_NONE;
    }
    return true;
}

/* Entries of one account are in order of their numbers, which are its cursors. */
static bool list_entries(struct request *r)
{
    const struct statement_query *query = r->query;
    struct statement_filter filter = { .account = LEDGER_KNOWLEDGE,
                                       .owner = r->scope.subaccount,
                                       .from = INSTANT_NONE,
                                       .to = INSTANT_NONE,
                                       .limit = page_rows(&query->page) };
    struct list rows;

    if (!page_before(r, &query->page, statement_name, &filter.before_seq)
        || !ledger_statement(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct statement_entry *entries = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct entry_view *views = ARENA_ARRAY(r->arena, struct entry_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct entry_view){ .entry = entries[i] };

    struct str next =
        page_next(r, &query->page, statement_name, &rows, n > 0 ? entries[n - 1].seq : ID_NONE);

    return describe(r, views, n) && actors_fill(r, views, n, sizeof(*views), &entry_by)
        && request_reply_list(r, entry_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* clang-format off */
const struct route knowledge_routes[] = {
    {POST, "/v1/knowledge_purchases", CAN_AGENCY_BILLING, {{WRITE, buy}}, .input = purchase_input_fields,
     .input_size = sizeof(struct purchase_input), .name = "buyKnowledgeCredits"},
    {POST, "/v1/knowledge_transfers", CAN_KNOWLEDGE_TRANSFER, {{WRITE, make_transfer}}, .input = transfer_input_fields,
     .input_size = sizeof(struct transfer_input), .name = "moveKnowledgeCredits"},
    {GET, "/v1/knowledge_transfers", CAN_KNOWLEDGE_TRANSFER, {{READ, list_transfers}}, .query = transfer_query_fields,
     .query_size = sizeof(struct transfer_query), .key_scopes = 1u << SCOPE_READ, .name = "listKnowledgeTransfers"},
    {GET, "/v1/subaccounts/{subaccount}/knowledge_statement", CAN_WALLET_VIEW, {{READ, list_entries}},
     .query = statement_query_fields, .query_size = sizeof(struct statement_query), .key_scopes = 1u << SCOPE_READ,
     .name = "getKnowledgeStatement"},
    ROUTE_END,
};
/* clang-format on */
