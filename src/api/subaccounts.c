/* Sub-accounts: the table of them, adding, reading, editing, prices (api.md "sub-accounts"). */
#include "api/subaccounts.h"

#include "api/records.h"
#include "api/routes.h"
#include "api/tables.h"
#include "api/views.h"
#include "api/wallets.h"
#include "base/zone.h"
#include "domain/prices.h"
#include "engine/directory.h"
#include "engine/setup.h"
#include "store/agencies.h"
#include "store/recharges.h"
#include "store/subaccounts.h"

static const char *const sort_names[] = {
    "name",
    "-name",
    "email",
    "-email",
    "status",
    "-status",
    "created_at",
    "-created_at",
    "basic_seconds",
    "-basic_seconds",
    "premium_seconds",
    "-premium_seconds",
    "balance_usd",
    "-balance_usd",
    "minutes_used_seconds",
    "-minutes_used_seconds",
    "spent_usd",
    "-spent_usd",
    "billing_date",
    "-billing_date",
    "knowledge_credits",
    "-knowledge_credits",
    NULL,
};

static const struct table table = { "subaccounts", sort_names };

struct list_query {
    struct page page;
    int sort, kind, status;
    struct str q;
};

struct subaccount_input {
    struct str name, email, reference, timezone;
    int64_t concurrency_limit; /* null: CONCURRENCY_UNLIMITED */
    struct prices_input *prices;
};

struct suspend_input {
    struct str note;
};

/* A sub-account as the API shows it: pieces that may be hidden or missing are pointers. */
struct suspension_view {
    struct str note;
    instant_t at;
};

struct prices_view {
    micros_t basic, premium;
    bool apply_base_price, raised_to_base;
};

struct period_view {
    instant_t start, end;
    seconds_t minutes_used_seconds;
    micros_t spent, purchased;
};

struct subaccount_view {
    struct subaccount account;
    struct suspension_view *suspension;
    struct prices_view prices;
    struct tier_amounts *base_prices, *markup_percent;
    struct wallet_view wallet;
    int64_t knowledge_credits;
    struct period_view period;
    struct str billing_date, health;
    struct str concurrency_limit; /* JSON: a number or null */
};

/* clang-format off */
static const struct field list_query_fields[] = {
    PAGE_FIELDS(struct list_query),
    FIELD_NAME(struct list_query, sort, sort_names),
    FIELD_NAME(struct list_query, kind, subaccount_kind_names),
    FIELD_NAME(struct list_query, status, subaccount_status_names),
    FIELD_TEXT(struct list_query, q, .min = 1, .max = 120),
    FIELD_END,
};

static const struct field subaccount_input_fields[] = {
    FIELD_TEXT(struct subaccount_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_TEXT(struct subaccount_input, email, .min = 3, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct subaccount_input, reference, .min = 1, .max = REFERENCE_MAX_CHARS,
               .flags = FIELD_NULLABLE | FIELD_CODE),
    FIELD_TEXT(struct subaccount_input, timezone, .min = 1, .max = 64, .flags = FIELD_NULLABLE),
    FIELD_OBJECT(struct subaccount_input, prices, prices_input_fields, .flags = FIELD_POINTER,
                 .size = sizeof(struct prices_input)),
    FIELD_END,
};

static const struct field subaccount_patch_fields[] = {
    FIELD_TEXT(struct subaccount_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_LINE),
    FIELD_TEXT(struct subaccount_input, email, .min = 3, .max = EMAIL_MAX_CHARS),
    FIELD_TEXT(struct subaccount_input, reference, .min = 1, .max = REFERENCE_MAX_CHARS,
               .flags = FIELD_NULLABLE | FIELD_CODE),
    FIELD_TEXT(struct subaccount_input, timezone, .min = 1, .max = 64, .flags = FIELD_NULLABLE),
    FIELD_INTEGER(struct subaccount_input, concurrency_limit, .min = 1, .max = CONCURRENCY_LIMIT_MAX,
                  .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field suspend_fields[] = {
    FIELD_TEXT(struct suspend_input, note, .max = SUSPENSION_NOTE_MAX, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field status_record[] = {
    FIELD_NAME(struct subaccount, status, subaccount_status_names),
    FIELD_AS("note", struct subaccount, suspension_note, FIELD_IS_TEXT),
    FIELD_END,
};

static const struct field suspension_fields[] = {
    FIELD_TEXT(struct suspension_view, note),
    FIELD_INSTANT(struct suspension_view, at),
    FIELD_END,
};

static const struct field prices_fields[] = {
    FIELD_MONEY(struct prices_view, basic),
    FIELD_MONEY(struct prices_view, premium),
    FIELD_BOOLEAN(struct prices_view, apply_base_price),
    FIELD_BOOLEAN(struct prices_view, raised_to_base),
    FIELD_END,
};

static const struct field period_fields[] = {
    FIELD_INSTANT(struct period_view, start),
    FIELD_INSTANT(struct period_view, end),
    FIELD_INTEGER(struct period_view, minutes_used_seconds),
    FIELD_AS("spent_usd", struct period_view, spent, FIELD_IS_MONEY),
    FIELD_AS("purchased_usd", struct period_view, purchased, FIELD_IS_MONEY),
    FIELD_END,
};

static const struct field subaccount_fields[] = {
    FIELD_AS("id", struct subaccount_view, account.id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("kind", struct subaccount_view, account.kind, FIELD_IS_NAME, .names = subaccount_kind_names),
    FIELD_AS("name", struct subaccount_view, account.name, FIELD_IS_TEXT),
    FIELD_AS("email", struct subaccount_view, account.email, FIELD_IS_TEXT),
    FIELD_AS("reference", struct subaccount_view, account.reference, FIELD_IS_TEXT),
    FIELD_AS("timezone", struct subaccount_view, account.timezone, FIELD_IS_TEXT),
    FIELD_AS("status", struct subaccount_view, account.status, FIELD_IS_NAME, .names = subaccount_status_names),
    FIELD_OBJECT(struct subaccount_view, suspension, suspension_fields, .flags = FIELD_POINTER),
    FIELD_OBJECT(struct subaccount_view, prices, prices_fields),
    FIELD_OBJECT(struct subaccount_view, base_prices, tier_amounts_fields, .flags = FIELD_POINTER),
    FIELD_OBJECT(struct subaccount_view, markup_percent, tier_amounts_fields, .flags = FIELD_POINTER),
    FIELD_OBJECT(struct subaccount_view, wallet, wallet_fields),
    FIELD_INTEGER(struct subaccount_view, knowledge_credits),
    FIELD_OBJECT(struct subaccount_view, period, period_fields),
    FIELD_TEXT(struct subaccount_view, billing_date),
    FIELD_JSON(struct subaccount_view, concurrency_limit),
    FIELD_JSON(struct subaccount_view, health),
    FIELD_AS("created_at", struct subaccount_view, account.created_at, FIELD_IS_INSTANT),
    FIELD_END,
};

/* What the audit trail keeps of an edit. */
const struct field subaccount_record[] = {
    FIELD_TEXT(struct subaccount, name),
    FIELD_TEXT(struct subaccount, email),
    FIELD_TEXT(struct subaccount, reference),
    FIELD_TEXT(struct subaccount, timezone),
    FIELD_INTEGER(struct subaccount, concurrency_limit),
    FIELD_END,
};
/* clang-format on */

static struct prices_view prices_view(const struct tier_prices *prices)
{
    struct prices_view view = { prices->effective[TIER_BASIC], prices->effective[TIER_PREMIUM],
                                true, false };

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (prices->set[tier] == MICROS_NONE) continue;
        view.apply_base_price = false;
        if (prices->set[tier] < prices->base[tier]) view.raised_to_base = true;
    }
    return view;
}

static struct tier_amounts *markup_view(struct arena *arena, const struct tier_prices *prices)
{
    struct tier_amounts *view = ARENA_NEW(arena, struct tier_amounts);

    view->basic = price_markup_percent(prices->effective[TIER_BASIC], prices->base[TIER_BASIC]);
    view->premium =
        price_markup_percent(prices->effective[TIER_PREMIUM], prices->base[TIER_PREMIUM]);
    return view;
}

static struct suspension_view *suspension_view(struct arena *arena,
                                               const struct subaccount *account)
{
    if (account->status != SUBACCOUNT_SUSPENDED) return NULL;
    struct suspension_view *view = ARENA_NEW(arena, struct suspension_view);
    *view = (struct suspension_view){ account->suspension_note, account->suspended_at };
    return view;
}

static bool fill_view(struct request *r, const struct directory_row *row,
                      struct subaccount_view *out)
{
    *out = (struct subaccount_view){
        .account = row->account,
        .suspension = suspension_view(r->arena, &row->account),
        .prices = prices_view(&row->prices),
        .knowledge_credits = row->knowledge,
        .concurrency_limit = json_limit(r->arena, row->account.concurrency_limit),
        .period = { row->period.start, row->period.end, row->usage.billed_seconds, row->usage.spent,
                    row->usage.purchased },
        .billing_date = date_format(r->arena, zone_date(r->caller.zone, row->period.end)),
    };
    if (caller_sees_profits(r)) {
        out->base_prices = ARENA_NEW(r->arena, struct tier_amounts);
        *out->base_prices = tier_amounts(row->prices.base);
        out->markup_percent = markup_view(r->arena, &row->prices);
    }
    return wallet_view(&row->wallet, row->prices.effective, &out->wallet)
        || fail_as(&r->problem, REASON_OVERFLOW, NULL);
}

static bool view_many(struct request *r, const id64_t *ids, size_t n, struct subaccount_view **out)
{
    struct directory_row *rows = ARENA_ARRAY(r->arena, struct directory_row, n + 1);

    if (!directory_rows(r->tx, r->caller.agency, r->caller.zone, ids, n, rows)) return false;
    *out = ARENA_ARRAY(r->arena, struct subaccount_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!fill_view(r, &rows[i], &(*out)[i])) return false;
    }
    return true;
}

bool subaccount_reply(struct request *r, int status, id64_t id)
{
    struct subaccount_view *view;

    return view_many(r, &id, 1, &view) && request_reply(r, status, subaccount_fields, view);
}

static bool list_subaccounts(struct request *r)
{
    const struct list_query *query = r->query;
    struct table_ask ask;
    struct directory_page page;
    struct subaccount_view *views;

    if (!table_ask(r, &table, query->sort, &query->page, &ask)) return false;
    const struct directory_filter filter = {
        .kind = query->kind,
        .status = query->status,
        .search = query->q,
        .reach = &r->caller.reach,
        .shows_primary =
            caller_may_reach(r, CAN_SUBACCOUNT_LIST, r->caller.reach.primary) == REASON_NONE,
        .sort = (enum directory_sort)ask.column,
        .page = ask.page,
    };
    if (!directory_page(r->tx, r->caller.agency, r->caller.zone, &filter, &page)
        || !view_many(r, page.ids, page.n, &views))
        return false;
    struct str next = page.has_more ? table_next(r, &ask, &page.last) : STR_NONE;
    return request_reply_list(r, subaccount_fields, &(struct list){ views, page.n }, sizeof(*views),
                              next, (int64_t)page.total);
}

static bool read_subaccount(struct request *r)
{
    return subaccount_reply(r, 200, r->scope.subaccount);
}

static bool create_subaccount(struct request *r)
{
    const struct subaccount_input *input = r->input;
    struct new_subaccount new_account = {
        .name = input->name,
        .email = input->email,
        .reference = input->reference,
        .timezone = input->timezone,
        .prices = { MICROS_NONE, MICROS_NONE },
        .applies_base_price = input->prices != NULL && input->prices->apply_base_price,
    };
    struct subaccount account;

    return (input->prices == NULL || prices_read(r, input->prices, "prices", new_account.prices))
        && subaccount_create(r->tx, r->caller.agency, &new_account, &account)
        && request_record(r, "subaccount.created", ID_SUBACCOUNT, account.id, STR_NONE,
                          record_of(r, subaccount_record, &account))
        && subaccount_reply(r, 201, account.id);
}

/* A merge patch: what is given replaces, null takes away. */
static void patch(const struct request *r, struct subaccount *account)
{
    const struct subaccount_input *input = r->input;

    if (request_has(r, "name")) account->name = input->name;
    if (request_has(r, "email")) account->email = input->email;
    if (request_has(r, "reference")) account->reference = input->reference;
    if (request_has(r, "timezone")) account->timezone = input->timezone;
    if (request_has(r, "concurrency_limit")) account->concurrency_limit = input->concurrency_limit;
}

static bool allow_edit(struct request *r, const struct subaccount *account)
{
    const struct subaccount_input *input = r->input;

    if (account->status == SUBACCOUNT_REMOVED)
        return request_allow(r, REASON_SUBACCOUNT_REMOVED, NULL);
    if (str_is_absent(input->timezone) || zone_find(input->timezone) != NULL) return true;
    return fail_field_as(&r->problem, REASON_BAD_TIMEZONE, STR("timezone"));
}

static bool update_subaccount(struct request *r)
{
    struct subaccount before, account;
    int64_t version;

    if (!agency_next_version(r->tx, r->caller.agency, &version)
        || !subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, &before)
        || !allow_edit(r, &before))
        return false;
    account = before;
    patch(r, &account);
    return subaccount_update(r->tx, &account, version)
        && request_record(r, "subaccount.updated", ID_SUBACCOUNT, account.id,
                          record_of(r, subaccount_record, &before),
                          record_of(r, subaccount_record, &account))
        && subaccount_reply(r, 200, account.id);
}

static struct str prices_record(struct request *r, const micros_t prices[TIER_COUNT])
{
    const struct tier_amounts amounts = tier_amounts(prices);

    return record_of(r, tier_amounts_fields, &amounts);
}

static bool set_prices(struct request *r)
{
    struct subaccount account;
    struct tier_prices before;
    micros_t prices[TIER_COUNT];

    return prices_read(r, r->input, "", prices) && agency_hold(r->tx, r->caller.agency)
        && subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, &account)
        && subaccount_prices(r->tx, r->caller.agency, account.id, r->tx->now, &before)
        && subaccount_set_prices(r->tx, &account, prices)
        && request_record(r, "subaccount.prices_set", ID_SUBACCOUNT, account.id,
                          prices_record(r, before.set), prices_record(r, prices))
        && subaccount_reply(r, 200, account.id);
}

/* The version first: it locks the agency's row, so that two at once see one another. */
static bool load_for_status(struct request *r, struct subaccount *out, int64_t *version)
{
    return agency_next_version(r->tx, r->caller.agency, version)
        && subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, out);
}

static bool set_status(struct request *r, const char *action, const struct subaccount *before,
                       const struct subaccount *after, int64_t version)
{
    return subaccount_set_status(r->tx, after, version)
        && request_record(r, action, ID_SUBACCOUNT, after->id, record_of(r, status_record, before),
                          record_of(r, status_record, after))
        && subaccount_reply(r, 200, after->id);
}

static bool suspend_subaccount(struct request *r)
{
    const struct suspend_input *input = r->input;
    struct str note = str_is_absent(input->note) ? STR_NONE : str_trim(input->note);
    struct subaccount before, after;
    int64_t version;

    if (!load_for_status(r, &before, &version) || !request_allow(r, may_suspend(&before), NULL))
        return false;
    after = before;
    after.status = SUBACCOUNT_SUSPENDED;
    after.suspension_note = note.len > 0 ? note : STR_NONE;
    after.suspended_at = r->now;
    return set_status(r, "subaccount.suspended", &before, &after, version);
}

/* Nothing else was changed by suspending it, so nothing else has to come back (domain.md §7). */
static bool restore_subaccount(struct request *r)
{
    struct subaccount before, after;
    int64_t version;

    if (!load_for_status(r, &before, &version) || !request_allow(r, may_restore(&before), NULL))
        return false;
    after = before;
    after.status = SUBACCOUNT_ACTIVE;
    after.suspension_note = STR_NONE;
    after.suspended_at = INSTANT_NONE;
    return set_status(r, "subaccount.restored", &before, &after, version)
        && recharge_order_look(r->tx, after.agency_id, after.id);
}

/* clang-format off */
const struct route subaccount_routes[] = {
    {GET, "/v1/subaccounts", CAN_SUBACCOUNT_LIST, {{READ, list_subaccounts}}, .query = list_query_fields,
     .query_size = sizeof(struct list_query), .key_scopes = 1u << SCOPE_READ, .name = "listSubaccounts"},
    {POST, "/v1/subaccounts", CAN_SUBACCOUNT_CREATE, {{WRITE, create_subaccount}}, .input = subaccount_input_fields,
     .input_size = sizeof(struct subaccount_input), .name = "createSubaccount"},
    {GET, "/v1/subaccounts/{subaccount}", CAN_SUBACCOUNT_LIST, {{READ, read_subaccount}},
     .key_scopes = 1u << SCOPE_READ, .name = "getSubaccount"},
    {PATCH, "/v1/subaccounts/{subaccount}", CAN_SUBACCOUNT_UPDATE, {{WRITE, update_subaccount}},
     .input = subaccount_patch_fields, .input_size = sizeof(struct subaccount_input), .name = "updateSubaccount"},
    {PUT, "/v1/subaccounts/{subaccount}/prices", CAN_SUBACCOUNT_PRICING, {{WRITE, set_prices}},
     .input = prices_input_fields, .input_size = sizeof(struct prices_input), .name = "setSubaccountPrices"},
    {POST, "/v1/subaccounts/{subaccount}/suspend", CAN_SUBACCOUNT_SUSPEND, {{WRITE, suspend_subaccount}},
     .input = suspend_fields, .input_size = sizeof(struct suspend_input), .name = "suspendSubaccount"},
    {POST, "/v1/subaccounts/{subaccount}/restore", CAN_SUBACCOUNT_SUSPEND, {{WRITE, restore_subaccount}},
     .flags = ROUTE_NO_BODY, .name = "restoreSubaccount"},
    ROUTE_END,
};
/* clang-format on */
