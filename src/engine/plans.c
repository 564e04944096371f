#include "engine/plans.h"

#include "base/id.h"
#include "domain/cycles.h"
#include "engine/base_prices.h"
#include "engine/knowledge.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/plans.h"
#include "store/subaccounts.h"

enum { NAMES_TOLD = 10 };

static bool grant(struct tx *tx, const struct agency *agency, const struct plan *plan,
                  struct actor actor)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (plan->included[tier] == 0) continue;
        struct posting posting =
            posting_for_plan_grant(id_new(tx->now), agency->id, agency->primary_id, (enum tier)tier,
                                   plan->included[tier], tx->now);
        posting.actor = actor;
        if (!ledger_post_one(tx, &posting)) return false;
    }
    return true;
}

bool plan_begin(struct tx *tx, const struct agency *agency, const struct plan *plan,
                enum plan_begin how, struct actor actor)
{
    bool is_first;

    if (!plan_start(tx, agency->id, plan->code, &is_first)
        || !knowledge_grant_plan(tx, agency->id, agency->primary_id, plan))
        return false;
    if (!is_first || (plan->included_monthly && how == PLAN_BEGINS_BY_CHANGE)) return true;
    return grant(tx, agency, plan, actor);
}

/* Counting is left out where nothing depends on it: an agency without a cap may have very many accounts. */
static bool count_used(struct tx *tx, const struct agency *agency, int64_t cap, int64_t *used)
{
    int64_t suspended;

    *used = 0;
    return cap < 0 || subaccounts_count_secondaries(tx, agency->id, used, &suspended);
}

bool plan_room_load(struct tx *tx, const struct agency *agency, struct plan_room *out)
{
    struct plan plan, next;
    bool has_next = !str_is_absent(agency->next_plan_code);

    if (!plan_find(tx, agency->plan_code, &plan, NULL)
        || (has_next && !plan_find(tx, agency->next_plan_code, &next, NULL)))
        return false;
    const struct plan *narrower = plan_narrower(&plan, has_next ? &next : NULL);

    *out = (struct plan_room){ .cap = narrower->subaccount_cap,
                               .plan_name = narrower->name,
                               .is_ordered = narrower != &plan };
    return count_used(tx, agency, out->cap, &out->used);
}

/* "Agency Lite has room for 3 sub-accounts, and there are 5. 2 would have to go, such as what was added last: A, B." */
static bool refuse_excess(struct tx *tx, const struct agency *agency, const struct plan *plan,
                          int64_t used)
{
    int64_t excess = plan_excess(plan->subaccount_cap, used);
    struct buffer names = buffer_new(tx->arena, 256);
    struct account_names last;

    if (!subaccounts_added_last(tx, agency->id, excess, NAMES_TOLD, &last)) return false;
    const struct account_name *accounts = last.named.at;
    for (size_t i = 0; i < last.named.count; i++)
        buffer_add_format(&names, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(accounts[i].name));
    return fail(
        tx->problem, REASON_OVER_CAP, NULL,
        "%.*s has room for %lld sub-account%s, and there are %lld. %lld would have to go, such"
        " as what was added last: %.*s%s.",
        STR_ARG(plan->name), (long long)plan->subaccount_cap, plan->subaccount_cap == 1 ? "" : "s",
        (long long)used, (long long)excess, STR_ARG(buffer_str(&names)),
        excess > NAMES_TOLD ? " and more" : "");
}

static bool allow(struct tx *tx, const struct agency *agency, const struct plan *from,
                  const struct plan *to)
{
    int64_t used;

    if (!count_used(tx, agency, to->subaccount_cap, &used)) return false;
    enum reason refused = may_change_plan(from, to, used);

    if (refused == REASON_OVER_CAP) return refuse_excess(tx, agency, to, used);
    return refused == REASON_NONE || fail_as(tx->problem, refused, NULL);
}

static void forget_order(struct agency *agency)
{
    agency->next_plan_code = STR_NONE;
    agency->next_plan_at = INSTANT_NONE;
}

static bool order_for_renewal(struct tx *tx, struct agency *agency, struct str code)
{
    const struct zone *zone = zone_find(agency->timezone);

    if (zone == NULL)
        return fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
    agency->next_plan_code = code;
    agency->next_plan_at = cycle_at(agency->subscription_start, zone, tx->now).end;
    return agency_set_plan(tx, agency) && base_prices_schedule(tx, agency);
}

/* What is due already waits for the renewal alone. */
bool plan_order_follow_zone(struct tx *tx, const struct agency *agency)
{
    struct agency moved = *agency;

    if (agency->next_plan_at == INSTANT_NONE || agency->next_plan_at <= tx->now) return true;
    return order_for_renewal(tx, &moved, agency->next_plan_code);
}

static bool take_effect(struct tx *tx, struct agency *agency, const struct plan *plan,
                        struct actor actor)
{
    agency->plan_code = plan->code;
    forget_order(agency);
    return agency_set_plan(tx, agency) && base_prices_schedule(tx, agency)
        && plan_begin(tx, agency, plan, PLAN_BEGINS_BY_CHANGE, actor);
}

static bool take_back(struct tx *tx, struct agency *agency)
{
    if (str_is_absent(agency->next_plan_code)) return true;
    forget_order(agency);
    return agency_set_plan(tx, agency) && base_prices_schedule(tx, agency);
}

static bool find_plan(struct tx *tx, struct str code, struct plan *out)
{
    bool found;

    if (!plan_find(tx, code, out, &found)) return false;
    return found || fail_field_as(tx->problem, REASON_UNKNOWN_PLAN, STR("plan"));
}

/* The version first: it locks the agency's row, so that no account is added meanwhile. */
bool plan_choose(struct tx *tx, id64_t agency, struct str code, struct actor actor,
                 struct plan_choice *out)
{
    struct plan from, to;
    int64_t version;

    if (!agency_next_version(tx, agency, &version) || !agency_load(tx, agency, &out->before)
        || !plan_find(tx, out->before.plan_code, &from, NULL) || !find_plan(tx, code, &to)
        || !allow(tx, &out->before, &from, &to))
        return false;
    out->after = out->before;
    out->change = plan_change_between(&from, &to);
    switch (out->change) {
    case PLAN_CHANGES_NOW: return take_effect(tx, &out->after, &to, actor);
    case PLAN_CHANGES_AT_RENEWAL: return order_for_renewal(tx, &out->after, to.code);
    case PLAN_UNCHANGED: return take_back(tx, &out->after);
    }
    return false;
}

bool plan_change_apply(struct tx *tx, id64_t agency, instant_t at, struct plan_choice *out,
                       bool *changed)
{
    static const struct actor nobody = { ID_NONE, ID_NONE };
    struct plan plan;
    int64_t version;

    if (!agency_next_version(tx, agency, &version) || !agency_load(tx, agency, &out->before))
        return false;
    out->after = out->before;
    *changed = out->before.next_plan_at != INSTANT_NONE && out->before.next_plan_at <= at;
    out->change = *changed ? PLAN_CHANGES_NOW : PLAN_UNCHANGED;
    return !*changed
        || (plan_find(tx, out->before.next_plan_code, &plan, NULL)
            && take_effect(tx, &out->after, &plan, nobody));
}
