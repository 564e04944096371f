#include "api/views.h"

#include "domain/prices.h"
#include "engine/mail.h"
#include "http/server.h"

static const char *const every_names[] = { "once", "month", NULL };

/* clang-format off */
static const struct field included_fields[] = {
    FIELD_INTEGER(struct plan_view, basic_seconds),
    FIELD_INTEGER(struct plan_view, premium_seconds),
    FIELD_NAME(struct plan_view, every, every_names),
    FIELD_END,
};

const struct field branding_fields[] = {
    FIELD_AS("name", struct agency, branding_name, FIELD_IS_TEXT),
    FIELD_AS("colour", struct agency, branding_colour, FIELD_IS_TEXT),
    FIELD_END,
};

struct agency_card_only {
    struct agency_card card;
};

const struct field agency_card_fields[] = {
    AGENCY_CARD_FIELDS(struct agency_card_only, card),
    FIELD_END,
};

const struct field plan_fields[] = {
    FIELD_TEXT(struct plan_view, code),
    FIELD_TEXT(struct plan_view, name),
    FIELD_NAME(struct plan_view, model, plan_model_names),
    FIELD_AS("monthly_fee_usd", struct plan_view, monthly_fee, FIELD_IS_MONEY),
    FIELD_JSON(struct plan_view, subaccount_cap),
    /* The members of "included" stand in the view itself. */
    {.name = "included", .type = FIELD_IS_OBJECT, .fields = included_fields},
    FIELD_AS("knowledge_pack_limit", struct plan_view, knowledge_packs, FIELD_IS_INTEGER),
    FIELD_END,
};

const struct field tier_amounts_fields[] = {
    FIELD_MONEY(struct tier_amounts, basic),
    FIELD_MONEY(struct tier_amounts, premium),
    FIELD_END,
};

const struct field prices_input_fields[] = {
    FIELD_MONEY(struct prices_input, basic, .min = 1, .max = PRICE_MAX),
    FIELD_MONEY(struct prices_input, premium, .min = 1, .max = PRICE_MAX),
    FIELD_BOOLEAN(struct prices_input, apply_base_price),
    FIELD_END,
};
/* clang-format on */

struct agency_card agency_card(const struct request *r, const struct agency *agency)
{
    return (struct agency_card){ *agency, server_settings(r->server)->demo, mail_is_configured() };
}

bool caller_sees_profits(const struct request *r)
{
    if (r->caller.api_key != ID_NONE) return r->caller.reach.all;
    return role_grant(r->caller.role, CAN_PROFITS_VIEW) != GRANT_NO;
}

enum reason caller_may_reach(const struct request *r, enum permission permission, id64_t subaccount)
{
    return may_reach(r->caller.role, permission, &r->caller.reach, subaccount);
}

struct str json_cap(struct arena *arena, int64_t cap)
{
    return cap < 0 ? STR("null") : str_format(arena, "%lld", (long long)cap);
}

struct plan_view plan_view(struct arena *arena, const struct plan *plan)
{
    return (struct plan_view){
        .code = plan->code,
        .name = plan->name,
        .model = plan->model,
        .monthly_fee = plan->monthly_fee,
        .subaccount_cap = json_cap(arena, plan->subaccount_cap),
        .basic_seconds = plan->included[TIER_BASIC],
        .premium_seconds = plan->included[TIER_PREMIUM],
        .every = plan->included_monthly,
        .knowledge_packs = plan->knowledge_packs,
    };
}

struct tier_amounts tier_amounts(const micros_t amounts[TIER_COUNT])
{
    return (struct tier_amounts){ amounts[TIER_BASIC], amounts[TIER_PREMIUM] };
}

bool prices_read(struct request *r, const struct prices_input *input, const char *path,
                 micros_t out[TIER_COUNT])
{
    bool any = input->basic != MICROS_NONE || input->premium != MICROS_NONE;
    const char *dot = path[0] == '\0' ? "" : ".";

    out[TIER_BASIC] = input->basic;
    out[TIER_PREMIUM] = input->premium;
    if (input->apply_base_price && any)
        return fail_field(&r->problem, REASON_EXCLUSIVE_FIELDS,
                          str_format(r->arena, "%s%sapply_base_price", path, dot),
                          "Give prices, or apply the base price, not both.");
    for (int tier = 0; !input->apply_base_price && tier < TIER_COUNT; tier++) {
        if (out[tier] == MICROS_NONE)
            return fail_field_as(&r->problem, REASON_REQUIRED,
                                 str_format(r->arena, "%s%s%s", path, dot, tier_names[tier]));
    }
    return true;
}
