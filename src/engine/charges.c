#include "engine/charges.h"

#include "engine/purchase_hooks.h"
#include "engine/purchases.h"
#include "engine/refunds.h"
#include "store/jobs.h"
#include "store/payment_methods.h"
#include "store/purchases.h"
#include "store/refunds.h"
#include "store/subaccounts.h"

/* --- before --- */

static bool order_of(struct tx *tx, const struct purchase *purchase, struct payment_charge *out)
{
    struct payment_method method;

    if (!payment_method_load(tx, purchase->agency_id, purchase->payment_method_id, &method))
        return false;
    *out = (struct payment_charge){
        .provider = purchase->provider,
        .key = payment_key(tx->arena, ID_PURCHASE, purchase->id),
        .token = method.card.token,
        .reference = purchase->charge_reference,
        .is_expired = card_is_expired(method.card.exp_year, method.card.exp_month, tx->now),
        .amount = purchase->paid,
    };
    return true;
}

bool charge_begin(struct tx *tx, id64_t agency, id64_t purchase_id, instant_t until,
                  enum charge_step *step, struct payment_charge *out)
{
    struct purchase purchase;

    *step = CHARGE_NOTHING;
    if (!purchase_load(tx, agency, purchase_id, &purchase)) return false;
    if (purchase.state == PURCHASE_REQUIRES_ACTION) {
        *step = tx->now < until ? CHARGE_WAIT : CHARGE_NOTHING;
        return *step == CHARGE_WAIT || charge_expire(tx, agency, purchase_id);
    }
    if (purchase_is_at_rest(&purchase)) return true;
    *step = CHARGE_ASK;
    purchase.state = PURCHASE_PROCESSING;
    return purchase_update(tx, &purchase) && order_of(tx, &purchase, out);
}

/* --- after --- */

static bool end(struct tx *tx, struct purchase *purchase, enum purchase_state state,
                struct str failure)
{
    purchase->state = state;
    purchase->failure = failure;
    return purchase_update(tx, purchase) && purchase_tell(tx, purchase);
}

static bool refuse(struct tx *tx, struct purchase *purchase, struct str failure)
{
    if (purchase->state != PURCHASE_PROCESSING) return true;
    return end(tx, purchase, PURCHASE_FAILED, failure);
}

/* Nobody is there to confirm what was bought automatically. */
static bool await_owner(struct tx *tx, struct purchase *purchase,
                        const struct payment_answer *answer, enum charge_step *step)
{
    if (purchase->state != PURCHASE_PROCESSING) return true;
    if (purchase->origin != ORIGIN_DIRECT)
        return end(tx, purchase, PURCHASE_FAILED, str_from_c(payment_action_required));
    *step = CHARGE_WAIT;
    purchase->charge_reference = answer->reference;
    return end(tx, purchase, PURCHASE_REQUIRES_ACTION, str_from_c(payment_action_required));
}

static bool give_back(struct tx *tx, struct purchase *purchase, struct str failure)
{
    return end(tx, purchase, PURCHASE_FAILED, failure)
        && job_post(tx, purchase->agency_id, JOB_PURCHASE_RETURN, purchase->id, tx->now);
}

static bool take_money(struct tx *tx, struct purchase *purchase,
                       const struct payment_answer *answer)
{
    struct subaccount account;
    bool is_told_already = purchase->state == PURCHASE_SUCCEEDED
        || purchase->state == PURCHASE_REFUNDED
        || (purchase->state == PURCHASE_FAILED && !str_is_absent(purchase->charge_reference));

    if (is_told_already) return true;
    if (!subaccount_load(tx, purchase->agency_id, purchase->subaccount_id, &account)) return false;
    purchase->charge_reference = answer->reference;
    if (account.status == SUBACCOUNT_REMOVED)
        return give_back(tx, purchase, str_from_c(payment_account_removed));
    if (purchase->state == PURCHASE_FAILED) return give_back(tx, purchase, purchase->failure);
    return purchase_collected(tx, purchase);
}

bool charge_answered(struct tx *tx, id64_t agency, id64_t purchase_id,
                     const struct payment_answer *answer, enum charge_step *step)
{
    struct purchase purchase;

    *step = CHARGE_NOTHING;
    if (!purchase_load(tx, agency, purchase_id, &purchase)) return false;
    switch (answer->outcome) {
    case PAYMENT_SUCCEEDED: return take_money(tx, &purchase, answer);
    case PAYMENT_FAILED: return refuse(tx, &purchase, answer->failure);
    case PAYMENT_NEEDS_ACTION: return await_owner(tx, &purchase, answer, step);
    case PAYMENT_UNREACHABLE: break;
    }
    return true;
}

bool charge_expire(struct tx *tx, id64_t agency, id64_t purchase_id)
{
    struct purchase purchase;

    if (!purchase_load(tx, agency, purchase_id, &purchase)) return false;
    if (purchase.state != PURCHASE_REQUIRES_ACTION) return true;
    purchase.charge_reference = STR_NONE; /* nothing was paid */
    return end(tx, &purchase, PURCHASE_FAILED, str_from_c(payment_action_expired));
}

/* --- back --- */

static bool back_to_card(struct tx *tx, const struct purchase *purchase, enum id_kind kind,
                         id64_t id, micros_t amount, struct payment_refund *out)
{
    struct payment_method method;

    if (!payment_method_load(tx, purchase->agency_id, purchase->payment_method_id, &method))
        return false;
    *out = (struct payment_refund){
        .provider = purchase->provider,
        .key = payment_key(tx->arena, kind, id),
        .token = method.card.token,
        .reference = purchase->charge_reference,
        .amount = amount,
    };
    return true;
}

bool charge_return(struct tx *tx, id64_t agency, id64_t purchase_id, struct payment_refund *out)
{
    struct purchase purchase;

    if (!purchase_find(tx, agency, purchase_id, &purchase)
        || !back_to_card(tx, &purchase, ID_PURCHASE, purchase.id, purchase.paid, out))
        return false;
    /* The charge has the purchase's own. */
    out->key = str_format(tx->arena, "%.*s-return", STR_ARG(out->key));
    return true;
}

bool refund_begin(struct tx *tx, id64_t agency, id64_t refund_id, struct payment_refund *out,
                  bool *is_waiting)
{
    struct purchase purchase;
    struct refund refund;

    if (!refund_find(tx, agency, refund_id, &refund)
        || !purchase_find(tx, agency, refund.purchase_id, &purchase))
        return false;
    *is_waiting = refund.state == REFUND_PENDING;
    return !*is_waiting || back_to_card(tx, &purchase, ID_REFUND, refund.id, refund.amount, out);
}

bool refund_answered(struct tx *tx, id64_t agency, id64_t refund,
                     const struct payment_answer *answer)
{
    return answer->outcome == PAYMENT_SUCCEEDED
        ? refund_arrived(tx, agency, refund)
        : refund_failed(tx, agency, refund, answer->failure);
}
