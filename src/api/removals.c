/* Removing a sub-account (domain.md §8): first what would go and where to, then all of it at once. */
#include "engine/removals.h"

#include "api/minute_moves.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/subaccounts.h"
#include "store/names.h"

struct removal_query {
    id64_t minutes_to;
};

struct received_input {
    seconds_t basic_seconds, premium_seconds;
};

struct removal_input {
    id64_t minutes_to;
    struct received_input *received;
    bool force;
};

struct removal_view {
    struct removal removal;
    struct str minutes_to_name;
    struct list moves;
};

/* What the audit trail keeps of it. */
struct removal_record {
    struct str status;
    id64_t minutes_to;
    int64_t knowledge;
    seconds_t basic_sent, basic_received, premium_sent, premium_received;
    int64_t calls_in_progress;
    seconds_t basic_held, premium_held;
    struct ties ties;
};

/* clang-format off */
static const struct field removal_query_fields[] = {
    FIELD_ID(struct removal_query, minutes_to, ID_SUBACCOUNT),
    FIELD_END,
};

static const struct field received_fields[] = {
    FIELD_INTEGER(struct received_input, basic_seconds, .min = 0, .max = INT64_C(1) << 53),
    FIELD_INTEGER(struct received_input, premium_seconds, .min = 0, .max = INT64_C(1) << 53),
    FIELD_END,
};

static const struct field removal_input_fields[] = {
    FIELD_ID(struct removal_input, minutes_to, ID_SUBACCOUNT, .flags = FIELD_NULLABLE),
    FIELD_OBJECT(struct removal_input, received, received_fields, .flags = FIELD_POINTER | FIELD_NULLABLE,
                 .size = sizeof(struct received_input)),
    FIELD_BOOLEAN(struct removal_input, force),
    FIELD_END,
};

#define TIES_FIELDS(s, member)                                                      \
    FIELD_AS("people", s, member.people, FIELD_IS_INTEGER),                         \
    FIELD_AS("people_deactivated", s, member.deactivated, FIELD_IS_INTEGER),        \
    FIELD_AS("invitations", s, member.invitations, FIELD_IS_INTEGER),               \
    FIELD_AS("invitations_revoked", s, member.revoked, FIELD_IS_INTEGER),           \
    FIELD_AS("api_keys", s, member.api_keys, FIELD_IS_INTEGER)

static const struct field removal_fields[] = {
    FIELD_AS("subaccount", struct removal_view, removal.account.id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("name", struct removal_view, removal.account.name, FIELD_IS_TEXT),
    FIELD_AS("minutes_to", struct removal_view, removal.minutes_to, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_TEXT(struct removal_view, minutes_to_name),
    FIELD_LIST(struct removal_view, moves, minute_move_quote_fields, struct move_view),
    FIELD_AS("knowledge_credits", struct removal_view, removal.knowledge, FIELD_IS_INTEGER),
    TIES_FIELDS(struct removal_view, removal.ties),
    FIELD_AS("calls_in_progress", struct removal_view, removal.calls_in_progress, FIELD_IS_INTEGER),
    FIELD_AS("held_basic_seconds", struct removal_view, removal.held[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("held_premium_seconds", struct removal_view, removal.held[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_END,
};

static const struct field before_record[] = {
    FIELD_NAME(struct subaccount, status, subaccount_status_names),
    FIELD_END,
};

static const struct field after_record[] = {
    FIELD_TEXT(struct removal_record, status),
    FIELD_ID(struct removal_record, minutes_to, ID_SUBACCOUNT),
    FIELD_AS("basic_sent_seconds", struct removal_record, basic_sent, FIELD_IS_INTEGER),
    FIELD_AS("basic_received_seconds", struct removal_record, basic_received, FIELD_IS_INTEGER),
    FIELD_AS("premium_sent_seconds", struct removal_record, premium_sent, FIELD_IS_INTEGER),
    FIELD_AS("premium_received_seconds", struct removal_record, premium_received, FIELD_IS_INTEGER),
    FIELD_AS("knowledge_credits", struct removal_record, knowledge, FIELD_IS_INTEGER),
    FIELD_INTEGER(struct removal_record, calls_in_progress),
    FIELD_AS("basic_released_seconds", struct removal_record, basic_held, FIELD_IS_INTEGER),
    FIELD_AS("premium_released_seconds", struct removal_record, premium_held, FIELD_IS_INTEGER),
    TIES_FIELDS(struct removal_record, ties),
    FIELD_END,
};
/* clang-format on */

static bool fill_moves(struct request *r, const struct removal *removal, struct list *out)
{
    struct move_view *views = ARENA_ARRAY(r->arena, struct move_view, TIER_COUNT);
    size_t n = 0;

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (removal->moves[tier].sent == 0) continue;
        if (!move_view_fill(r, &removal->moves[tier], &views[n++])) return false;
    }
    *out = (struct list){ views, n };
    return true;
}

static bool look(struct request *r)
{
    const struct removal_query *query = r->query;
    struct removal_view view = { .minutes_to_name = STR_NONE };

    return removal_look(r->tx, r->caller.agency, r->scope.subaccount, query->minutes_to,
                        &view.removal)
        && fill_moves(r, &view.removal, &view.moves)
        && names_find(r->tx, r->caller.agency, &view.removal.minutes_to, 1, &view.minutes_to_name)
        && request_reply(r, 200, removal_fields, &view);
}

static struct str after_of(struct request *r, const struct removal *removal)
{
    const struct minute_move *basic = &removal->moves[TIER_BASIC];
    const struct minute_move *premium = &removal->moves[TIER_PREMIUM];

    return record_of(r, after_record,
                     &(struct removal_record){
                         .status = STR("removed"),
                         .minutes_to = removal->minutes_to,
                         .basic_sent = basic->sent,
                         .basic_received = basic->received,
                         .premium_sent = premium->sent,
                         .premium_received = premium->received,
                         .knowledge = removal->knowledge,
                         .calls_in_progress = removal->calls_in_progress,
                         .basic_held = removal->held[TIER_BASIC],
                         .premium_held = removal->held[TIER_PREMIUM],
                         .ties = removal->ties,
                     });
}

static bool remove_subaccount(struct request *r)
{
    const struct removal_input *input = r->input;
    const struct received_input none = { 0 };
    const struct received_input *given = input->received != NULL ? input->received : &none;
    const seconds_t received[TIER_COUNT] = {
        [TIER_BASIC] = given->basic_seconds, [TIER_PREMIUM] = given->premium_seconds
    };
    struct removal removal;

    return subaccount_remove(r->tx, r->caller.agency, r->scope.subaccount, input->minutes_to,
                             received, input->force ? REMOVAL_FORCED : REMOVAL_WAITS,
                             request_actor(r), &removal)
        && request_record(r, "subaccount.removed", ID_SUBACCOUNT, r->scope.subaccount,
                          record_of(r, before_record, &removal.account), after_of(r, &removal))
        && subaccount_reply(r, 200, r->scope.subaccount);
}

/* clang-format off */
const struct route removal_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/removal", CAN_SUBACCOUNT_REMOVE, {{READ, look}}, .query = removal_query_fields,
     .query_size = sizeof(struct removal_query), .name = "getSubaccountRemoval"},
    {POST, "/v1/subaccounts/{subaccount}/remove", CAN_SUBACCOUNT_REMOVE, {{WRITE, remove_subaccount}},
     .input = removal_input_fields, .input_size = sizeof(struct removal_input), .name = "removeSubaccount"},
    ROUTE_END,
};
/* clang-format on */
