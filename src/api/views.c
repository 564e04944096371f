#include "api/views.h"

#include "domain/prices.h"
#include "engine/mail.h"
#include "http/server.h"
#include "store/subaccounts.h"

#define MARKUP_MAX (INT64_C(1000000) * MICROS_PER_USD) /* percent, in fixed point */

const char *const plan_every_names[] = { "once", "month", NULL };

/* clang-format off */
static const struct field included_fields[] = {
    FIELD_INTEGER(struct plan_view, basic_seconds),
    FIELD_INTEGER(struct plan_view, premium_seconds),
    FIELD_NAME(struct plan_view, every, plan_every_names),
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
    FIELD_AS("knowledge_price_usd", struct plan_view, knowledge_price, FIELD_IS_MONEY),
    FIELD_END,
};

static const struct field account_name_fields[] = {
    FIELD_ID(struct account_name, id, ID_SUBACCOUNT),
    FIELD_TEXT(struct account_name, name),
    FIELD_END,
};

const struct field account_names_fields[] = {
    FIELD_INTEGER(struct account_names, count),
    FIELD_AS("accounts", struct account_names, named, FIELD_IS_LIST, .fields = account_name_fields,
             .size = sizeof(struct account_name)),
    FIELD_END,
};

const struct field tier_amounts_fields[] = {
    FIELD_MONEY(struct tier_amounts, basic),
    FIELD_MONEY(struct tier_amounts, premium),
    FIELD_END,
};

static const struct field markup_input_fields[] = {
    FIELD_MONEY(struct tier_amounts, basic, .min = 0, .max = MARKUP_MAX),
    FIELD_MONEY(struct tier_amounts, premium, .min = 0, .max = MARKUP_MAX),
    FIELD_END,
};

const struct field prices_input_fields[] = {
    FIELD_MONEY(struct prices_input, basic, .min = 1, .max = PRICE_MAX),
    FIELD_MONEY(struct prices_input, premium, .min = 1, .max = PRICE_MAX),
    FIELD_OBJECT(struct prices_input, markup_percent, markup_input_fields, .flags = FIELD_POINTER,
                 .size = sizeof(struct tier_amounts)),
    FIELD_BOOLEAN(struct prices_input, apply_base_price),
    FIELD_END,
};
/* clang-format on */

struct agency_card agency_card(const struct request *r, const struct agency *agency)
{
    const struct server_settings *settings = server_settings(r->server);

    return (struct agency_card){
        .agency = *agency,
        .demo = settings->demo,
        .sends_mail = mail_is_configured(),
        .takes_cards = settings->test_clock,
    };
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

bool refuse_suspended_client(struct request *r, id64_t subaccount)
{
    struct subaccount account;

    if (!role_is_client(r->caller.role)) return true;
    return subaccount_load(r->tx, r->caller.agency, subaccount, &account)
        && request_allow(r,
                         account.status == SUBACCOUNT_SUSPENDED ? REASON_SUBACCOUNT_SUSPENDED
                                                                : REASON_NONE,
                         NULL);
}

struct str json_cap(struct arena *arena, int64_t cap)
{
    return cap < 0 ? STR("null") : str_format(arena, "%lld", (long long)cap);
}

struct str json_limit(struct arena *arena, int64_t limit)
{
    return json_cap(arena, limit > 0 ? limit : -1);
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
        .knowledge_price = plan->knowledge_price,
    };
}

struct tier_amounts tier_amounts(const micros_t amounts[TIER_COUNT])
{
    return (struct tier_amounts){ amounts[TIER_BASIC], amounts[TIER_PREMIUM] };
}

/* The agency's row keeps base as it is: whoever changes it takes the row. */
static bool price_marked_up(struct request *r, enum tier tier, micros_t percent, struct str field,
                            micros_t *out)
{
    const id64_t agency = r->caller.agency;
    micros_t limit, base;

    return agency_credit_lock(r->tx, agency, &limit)
        && price_in_force_find(r->tx, agency, agency, tier, r->now, &base)
        && (price_from_markup(base, percent, out)
            || fail_field_as(&r->problem, REASON_TOO_LARGE, field));
}

static bool read_tier(struct request *r, const struct prices_input *input, enum tier tier,
                      struct str field, micros_t *out)
{
    const struct tier_amounts *markup = input->markup_percent;
    micros_t price = tier == TIER_BASIC ? input->basic : input->premium;
    micros_t percent = markup == NULL ? MICROS_NONE
        : tier == TIER_BASIC          ? markup->basic
                                      : markup->premium;

    *out = price;
    if (price != MICROS_NONE && percent != MICROS_NONE)
        return fail_field(&r->problem, REASON_EXCLUSIVE_FIELDS, field,
                          "Give a price or a markup, not both.");
    if (price == MICROS_NONE && percent == MICROS_NONE)
        return fail_field_as(&r->problem, REASON_REQUIRED, field);
    return price != MICROS_NONE || price_marked_up(r, tier, percent, field, out);
}

bool prices_read(struct request *r, const struct prices_input *input, const char *path,
                 micros_t out[TIER_COUNT])
{
    bool any = input->basic != MICROS_NONE || input->premium != MICROS_NONE
        || input->markup_percent != NULL;
    const char *dot = path[0] == '\0' ? "" : ".";
    bool all_fine = true;

    out[TIER_BASIC] = out[TIER_PREMIUM] = MICROS_NONE;
    if (input->apply_base_price && any)
        return fail_field(&r->problem, REASON_EXCLUSIVE_FIELDS,
                          str_format(r->arena, "%s%sapply_base_price", path, dot),
                          "Give prices, or apply the base price, not both.");
    for (int tier = 0; !input->apply_base_price && tier < TIER_COUNT; tier++) {
        struct str field = str_format(r->arena, "%s%s%s", path, dot, tier_names[tier]);

        if (!read_tier(r, input, (enum tier)tier, field, &out[tier])) all_fine = false;
    }
    return all_fine;
}
