#include "engine/knowledge.h"

#include "base/decimal.h"
#include "base/id.h"
#include "engine/credit.h"
#include "store/agencies.h"
#include "store/knowledge.h"
#include "store/ledger.h"
#include "store/plans.h"
#include "store/subaccounts.h"

bool knowledge_grant_plan(struct tx *tx, id64_t agency, id64_t primary, const struct plan *plan)
{
    int64_t granted;

    if (!knowledge_granted(tx, agency, &granted)) return false;
    int64_t credits = knowledge_to_grant(plan->knowledge_packs, granted);
    if (credits == 0) return true;
    struct posting posting =
        posting_for_knowledge_grant(id_new(tx->now), agency, primary, credits, granted, tx->now);

    return ledger_post_one(tx, &posting);
}

static bool price_purchase(struct tx *tx, const struct agency *agency, micros_t agreed,
                           struct knowledge_purchase *out)
{
    struct plan plan;

    if (!plan_find(tx, agency->plan_code, &plan, NULL)) return false;
    if (plan.knowledge_price == MICROS_NONE)
        return fail(tx->problem, REASON_KNOWLEDGE_NOT_SOLD, NULL,
                    "The plan %.*s sells no more knowledge credits than it includes.",
                    STR_ARG(plan.name));
    out->price = plan.knowledge_price;
    if (!int64_multiply(out->credits, out->price, &out->cost))
        return fail_as(tx->problem, REASON_OVERFLOW, "credits");
    return out->cost == agreed || fail_as(tx->problem, REASON_QUOTE_CHANGED, NULL);
}

bool knowledge_bought(struct tx *tx, id64_t agency_id, int64_t credits, micros_t cost,
                      struct actor actor, struct knowledge_purchase *out)
{
    struct agency agency;
    struct credit credit;

    *out = (struct knowledge_purchase){ .posting_id = id_new(tx->now), .credits = credits };
    if (!credit_lock(tx, agency_id, &credit) || !agency_load(tx, agency_id, &agency)
        || !price_purchase(tx, &agency, cost, out) || !credit_require(tx, &credit, -out->cost))
        return false;
    struct posting posting = posting_for_knowledge_purchase(
        out->posting_id, agency_id, agency.primary_id, credits, out->cost, tx->now);
    posting.actor = actor;
    return ledger_post_one(tx, &posting)
        && ledger_balance(tx, agency_id, LEDGER_KNOWLEDGE, agency.primary_id, &out->balance)
        && ledger_balance(tx, agency_id, LEDGER_CREDIT, agency_id, &out->credit);
}

/* One end: there, and not removed. A suspended account gives and receives. */
static bool allow_end(struct tx *tx, id64_t agency, id64_t id, const char *field)
{
    struct subaccount account;
    bool found;

    if (!subaccount_find(tx, agency, id, &account, &found)) return false;
    if (!found) return fail_field_as(tx->problem, REASON_UNKNOWN_SUBACCOUNT, str_from_c(field));
    return account.status != SUBACCOUNT_REMOVED
        || fail(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL, "%.*s was removed.",
                STR_ARG(account.name));
}

static bool require_credits(struct tx *tx, const struct knowledge_transfer *transfer)
{
    int64_t left;

    if (!ledger_balance(tx, transfer->agency_id, LEDGER_KNOWLEDGE, transfer->from_id, &left))
        return false;
    return left >= transfer->credits
        || fail(tx->problem, REASON_INSUFFICIENT_KNOWLEDGE, NULL,
                "%lld knowledge credits are there.", (long long)left);
}

static bool post(struct tx *tx, struct knowledge_transfer *transfer, struct actor actor)
{
    transfer->id = id_new(tx->now);
    transfer->posting_id = id_new(tx->now);
    transfer->created_by = actor.user;
    transfer->created_at = tx->now;
    struct posting posting = posting_for_knowledge_transfer(transfer);

    posting.actor = actor;
    return ledger_post_one(tx, &posting) && knowledge_transfer_insert(tx, transfer);
}

/* Under the agency's row, so that no two transfers rest on the same credits. */
bool knowledge_moved(struct tx *tx, struct knowledge_transfer *transfer, struct actor actor)
{
    struct credit credit;

    if (transfer->from_id == transfer->to_id)
        return fail_field(tx->problem, REASON_SAME_SUBACCOUNT, STR("to"),
                          "Credits move between two different sub-accounts.");
    return credit_lock(tx, transfer->agency_id, &credit)
        && allow_end(tx, transfer->agency_id, transfer->from_id, "from")
        && allow_end(tx, transfer->agency_id, transfer->to_id, "to")
        && require_credits(tx, transfer) && post(tx, transfer, actor);
}

bool knowledge_returned(struct tx *tx, struct knowledge_transfer *transfer, struct actor actor)
{
    return ledger_balance(tx, transfer->agency_id, LEDGER_KNOWLEDGE, transfer->from_id,
                          &transfer->credits)
        && (transfer->credits == 0 || post(tx, transfer, actor));
}
