/* The agency's plan: what it has, what it may change to and what that would bring, and changing (api.md "agency"). */
#include "engine/plan_options.h"

#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "store/agencies.h"

struct plan_input {
    struct str plan;
};

struct slots_view {
    int64_t used;
    struct str cap; /* JSON: a number or null */
};

struct ordered_view {
    struct plan_view plan;
    struct tier_amounts base_prices;
    instant_t at;
};

struct granted_view {
    seconds_t basic_seconds, premium_seconds;
    int64_t knowledge_credits;
};

struct choice_view {
    struct plan_view plan;
    struct tier_amounts base_prices;
    int change;
    instant_t counts_at;
    struct granted_view grants;
    struct account_names excess, below_base;
};

struct upcoming_view {
    instant_t at;
    struct tier_amounts base_prices;
    struct account_names below_base;
};

struct agency_plan_view {
    struct plan_view plan;
    struct tier_amounts base_prices;
    struct slots_view slots;
    instant_t renewal_at;
    struct ordered_view *ordered;
    struct list upcoming, choices;
};

/* clang-format off */
static const struct field plan_input_fields[] = {
    FIELD_TEXT(struct plan_input, plan, .min = 1, .max = PLAN_CODE_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field slots_fields[] = {
    FIELD_INTEGER(struct slots_view, used),
    FIELD_JSON(struct slots_view, cap),
    FIELD_END,
};

static const struct field ordered_fields[] = {
    FIELD_OBJECT(struct ordered_view, plan, plan_fields),
    FIELD_OBJECT(struct ordered_view, base_prices, tier_amounts_fields),
    FIELD_INSTANT(struct ordered_view, at),
    FIELD_END,
};

static const struct field granted_fields[] = {
    FIELD_INTEGER(struct granted_view, basic_seconds),
    FIELD_INTEGER(struct granted_view, premium_seconds),
    FIELD_INTEGER(struct granted_view, knowledge_credits),
    FIELD_END,
};

static const struct field choice_fields[] = {
    FIELD_OBJECT(struct choice_view, plan, plan_fields),
    FIELD_OBJECT(struct choice_view, base_prices, tier_amounts_fields),
    FIELD_AS("counts", struct choice_view, change, FIELD_IS_NAME, .names = plan_change_names),
    FIELD_INSTANT(struct choice_view, counts_at),
    FIELD_OBJECT(struct choice_view, grants, granted_fields),
    FIELD_OBJECT(struct choice_view, excess, account_names_fields),
    FIELD_OBJECT(struct choice_view, below_base, account_names_fields),
    FIELD_END,
};

static const struct field upcoming_fields[] = {
    FIELD_INSTANT(struct upcoming_view, at),
    FIELD_OBJECT(struct upcoming_view, base_prices, tier_amounts_fields),
    FIELD_OBJECT(struct upcoming_view, below_base, account_names_fields),
    FIELD_END,
};

static const struct field agency_plan_fields[] = {
    FIELD_OBJECT(struct agency_plan_view, plan, plan_fields),
    FIELD_OBJECT(struct agency_plan_view, base_prices, tier_amounts_fields),
    FIELD_OBJECT(struct agency_plan_view, slots, slots_fields),
    FIELD_INSTANT(struct agency_plan_view, renewal_at),
    FIELD_OBJECT(struct agency_plan_view, ordered, ordered_fields, .flags = FIELD_POINTER),
    FIELD_LIST(struct agency_plan_view, upcoming, upcoming_fields, struct upcoming_view),
    FIELD_LIST(struct agency_plan_view, choices, choice_fields, struct choice_view),
    FIELD_END,
};

/* What the audit trail keeps of a change. */
static const struct field change_record[] = {
    FIELD_AS("plan", struct agency, plan_code, FIELD_IS_TEXT),
    FIELD_AS("next_plan", struct agency, next_plan_code, FIELD_IS_TEXT),
    FIELD_AS("next_plan_at", struct agency, next_plan_at, FIELD_IS_INSTANT),
    FIELD_END,
};
/* clang-format on */

static struct choice_view choice_view(struct arena *arena, const struct plan_option *option)
{
    return (struct choice_view){
        .plan = plan_view(arena, &option->of.plan),
        .base_prices = tier_amounts(option->of.base_prices),
        .change = option->change,
        .counts_at = option->counts_at,
        .grants = { option->grants[TIER_BASIC], option->grants[TIER_PREMIUM],
                    option->knowledge_credits },
        .excess = option->excess,
        .below_base = option->below,
    };
}

static struct list choices_view(struct arena *arena, const struct list *rows)
{
    const struct plan_option *options = rows->at;
    struct choice_view *views = ARENA_ARRAY(arena, struct choice_view, rows->count + 1);

    for (size_t i = 0; i < rows->count; i++)
        views[i] = choice_view(arena, &options[i]);
    return (struct list){ views, rows->count };
}

static struct list upcoming_view(struct arena *arena, const struct list *rows)
{
    const struct upcoming_prices *upcoming = rows->at;
    struct upcoming_view *views = ARENA_ARRAY(arena, struct upcoming_view, rows->count + 1);

    for (size_t i = 0; i < rows->count; i++)
        views[i] = (struct upcoming_view){ upcoming[i].at, tier_amounts(upcoming[i].base_prices),
                                           upcoming[i].below };
    return (struct list){ views, rows->count };
}

static struct ordered_view *ordered_view(struct arena *arena, const struct agency *agency,
                                         const struct plan_state *state)
{
    if (!state->is_ordered) return NULL;
    struct ordered_view *view = ARENA_NEW(arena, struct ordered_view);

    *view = (struct ordered_view){ plan_view(arena, &state->ordered.plan),
                                   tier_amounts(state->ordered.base_prices), agency->next_plan_at };
    return view;
}

static bool reply_with_plan(struct request *r, const struct agency *agency)
{
    struct plan_state state;

    if (!plan_state_load(r->tx, agency, &state)) return false;
    const struct agency_plan_view view = {
        .plan = plan_view(r->arena, &state.of.plan),
        .base_prices = tier_amounts(state.of.base_prices),
        .slots = { state.used, json_cap(r->arena, state.of.plan.subaccount_cap) },
        .renewal_at = state.renewal_at,
        .ordered = ordered_view(r->arena, agency, &state),
        .upcoming = upcoming_view(r->arena, &state.upcoming),
        .choices = choices_view(r->arena, &state.options),
    };
    return request_reply(r, 200, agency_plan_fields, &view);
}

static bool read_plan(struct request *r)
{
    struct agency agency;

    return agency_load(r->tx, r->caller.agency, &agency) && reply_with_plan(r, &agency);
}

/* Choosing what one has, with nothing ordered, changes nothing and is not worth a line in the trail. */
static bool record_choice(struct request *r, const struct plan_choice *choice)
{
    const char *action = choice->change == PLAN_CHANGES_NOW ? "agency.plan_changed"
        : choice->change == PLAN_CHANGES_AT_RENEWAL         ? "agency.plan_ordered"
                                                            : "agency.plan_order_taken_back";

    if (choice->change == PLAN_UNCHANGED && str_is_absent(choice->before.next_plan_code))
        return true;
    return request_record(r, action, ID_AGENCY, r->caller.agency,
                          record_of(r, change_record, &choice->before),
                          record_of(r, change_record, &choice->after));
}

static bool choose_plan(struct request *r)
{
    const struct plan_input *input = r->input;
    struct plan_choice choice;

    return plan_choose(r->tx, r->caller.agency, input->plan, request_actor(r), &choice)
        && record_choice(r, &choice) && reply_with_plan(r, &choice.after);
}

/* clang-format off */
const struct route plan_routes[] = {
    {GET, "/v1/agency/plan", CAN_AGENCY_BILLING, {{READ, read_plan}}, .name = "getAgencyPlan"},
    {PUT, "/v1/agency/plan", CAN_AGENCY_BILLING, {{WRITE, choose_plan}}, .input = plan_input_fields,
     .input_size = sizeof(struct plan_input), .name = "chooseAgencyPlan"},
    ROUTE_END,
};
/* clang-format on */
