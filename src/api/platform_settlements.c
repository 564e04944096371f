/* What agencies paid the platform (api.md "platform"). */
#include "engine/platform.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "base/json.h"
#include "store/audit.h"
#include "store/platform_agencies.h"

#define SETTLEMENT_MAX (1000000000 * MICROS_PER_USD)

enum { NOTE_MAX_CHARS = 500 };

static const char list_name[] = "settlements";
static const char action[] = "agency.settled";

struct settlement_input {
    micros_t amount_usd;
    struct str note;
};

struct settlement_query {
    struct page page;
};

struct settlement_view {
    struct settlement settlement;
    struct str note;
    struct actor_view settled_by;
};

/* clang-format off */
static const struct field settlement_input_fields[] = {
    FIELD_MONEY(struct settlement_input, amount_usd, .min = 1, .max = SETTLEMENT_MAX, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct settlement_input, note, .min = 1, .max = NOTE_MAX_CHARS, .flags = FIELD_LINE),
    FIELD_END,
};

static const struct field settlement_query_fields[] = {
    PAGE_FIELDS(struct settlement_query),
    FIELD_END,
};

static const struct field settlement_fields[] = {
    FIELD_AS("id", struct settlement_view, settlement.posting, FIELD_IS_ID, .id_kind = ID_POSTING),
    FIELD_AS("agency", struct settlement_view, settlement.agency, FIELD_IS_ID, .id_kind = ID_AGENCY),
    FIELD_AS("amount_usd", struct settlement_view, settlement.amount, FIELD_IS_MONEY),
    FIELD_TEXT(struct settlement_view, note),
    FIELD_AS("settled_at", struct settlement_view, settlement.at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct settlement_view, settled_by, actor_fields),
    FIELD_AS("credit_usd", struct settlement_view, settlement.credit, FIELD_IS_MONEY),
    FIELD_END,
};

/* What the agency's trail keeps, and the list is read from: the note is nowhere else. */
static const struct field settled_record[] = {
    FIELD_AS("amount_usd", struct settlement_view, settlement.amount, FIELD_IS_MONEY),
    FIELD_TEXT(struct settlement_view, note, .flags = FIELD_NULLABLE),
    FIELD_AS("credit_usd", struct settlement_view, settlement.credit, FIELD_IS_MONEY),
    FIELD_END,
};
/* clang-format on */

static bool settle(struct request *r)
{
    const struct settlement_input *input = r->input;
    struct settlement_view view = {
        .note = input->note,
        .settled_by = staff_view(r->arena, r->caller.user, r->caller.name),
    };

    return agency_settle(r->tx, r->scope.agency, input->amount_usd, r->caller.user,
                         &view.settlement)
        && request_record_in(r, view.settlement.agency, action, ID_POSTING, view.settlement.posting,
                             STR_NONE, record_of(r, settled_record, &view))
        && request_reply(r, 201, settlement_fields, &view);
}

static bool read_settlement(struct request *r, const struct audit_event *event,
                            struct settlement_view *out)
{
    const struct cJSON *after;

    if (!json_parse(r->arena, event->after, &r->problem, &after)
        || !fields_from_json(settled_record, FIELDS_OPEN, r->arena, after, STR(""), &r->problem,
                             out, NULL))
        return false;
    out->settlement.posting = event->target_id;
    out->settlement.agency = event->agency_id;
    out->settlement.at = event->at;
    out->settled_by = staff_view(r->arena, event->user_id, event->actor_name);
    return true;
}

static bool list_settlements(struct request *r)
{
    const struct settlement_query *query = r->query;
    struct audit_filter filter = {
        .action = str_from_c(action),
        .from = INSTANT_NONE,
        .to = INSTANT_NONE,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!platform_agency_must_be_there(r->tx, r->scope.agency)
        || !page_before(r, &query->page, list_name, &filter.before)
        || !audit_list(r->tx, r->scope.agency, &filter, &rows))
        return false;

    const struct audit_event *events = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct settlement_view *views = ARENA_ARRAY(r->arena, struct settlement_view, n);

    for (size_t i = 0; i < n; i++) {
        if (!read_settlement(r, &events[i], &views[i])) return false;
    }
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? events[n - 1].id : ID_NONE);

    return request_reply_list(r, settlement_fields, &(struct list){ views, n }, sizeof(*views),
                              next, -1);
}

/* clang-format off */
const struct route platform_settlement_routes[] = {
    {GET, "/v1/platform/agencies/{agency}/settlements", CAN_PLATFORM_VIEW, {{READ, list_settlements}},
     .query = settlement_query_fields, .query_size = sizeof(struct settlement_query), .name = "listSettlements"},
    {POST, "/v1/platform/agencies/{agency}/settlements", CAN_PLATFORM_SETTLE, {{WRITE, settle}},
     .input = settlement_input_fields, .input_size = sizeof(struct settlement_input), .name = "settleAgency"},
    ROUTE_END,
};
/* clang-format on */
