#include "engine/platform.h"

#include "base/id.h"
#include "domain/accounts.h"
#include "domain/ledger.h"
#include "engine/credit.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/platform.h"
#include "store/platform_agencies.h"
#include "store/second_factors.h"

static bool read_address(struct tx *tx, const struct platform_admin *admin, struct str *key)
{
    if (!email_key(tx->arena, admin->email, key))
        return fail_as(tx->problem, REASON_BAD_EMAIL, "email");
    if (str_is_absent(admin->name)) return true;
    size_t length = str_code_points(admin->name);
    return (length > 0 && length <= NAME_MAX_CHARS)
        || fail(tx->problem, REASON_TOO_LONG, "name", "A name has 1 to %d characters.",
                NAME_MAX_CHARS);
}

static struct str name_of(const struct platform_admin *admin)
{
    struct str rest = admin->email, local;

    if (!str_is_absent(admin->name)) return admin->name;
    return str_split(&rest, '@', &local) && local.len <= NAME_MAX_CHARS ? local
                                                                        : STR("Platform admin");
}

static bool add(struct tx *tx, const struct platform_admin *admin, struct str key, id64_t *id)
{
    const struct platform_user user = {
        .id = id_new(tx->now),
        .email = admin->email,
        .name = name_of(admin),
        .password_hash = admin->password_hash,
        .created_at = tx->now,
    };

    *id = user.id;
    return platform_user_insert(tx, &user, key);
}

static bool change(struct tx *tx, const struct platform_admin *admin, id64_t id)
{
    return platform_user_set_password(tx, id, admin->password_hash)
        && (str_is_absent(admin->name) || platform_user_rename(tx, id, admin->name))
        && platform_sessions_delete_others(tx, id, ID_NONE);
}

bool platform_admin_set(struct tx *tx, const struct platform_admin *admin, id64_t *id, bool *is_new)
{
    struct platform_user there;
    struct str key;
    bool found;

    if (!read_address(tx, admin, &key) || !platform_user_find_by_email(tx, key, &there, &found))
        return false;
    *is_new = !found;
    *id = found ? there.id : ID_NONE;
    if (!(found ? change(tx, admin, *id) : add(tx, admin, key, id))) return false;
    const struct platform_event event = {
        .action = found ? "platform_admin.password_set" : "platform_admin.created",
        .user = *id,
    };
    return platform_event_insert(tx, &event);
}

bool platform_admin_reset_two_factor(struct tx *tx, struct str email, id64_t *id)
{
    struct platform_user there;
    struct str key;
    bool found = false;

    if (email_key(tx->arena, email, &key) && !platform_user_find_by_email(tx, key, &there, &found))
        return false;
    if (!found)
        return fail(tx->problem, REASON_NOT_FOUND, NULL, "nobody of the platform has this address");
    *id = there.id;
    const struct platform_event event = { .action = "user.two_factor_disabled", .user = *id };
    return platform_user_lock(tx, *id, &there, NULL) && second_factor_delete(tx, ID_NONE, *id)
        && platform_sessions_delete_others(tx, *id, ID_NONE) && platform_event_insert(tx, &event);
}

bool agency_terms_lock(struct tx *tx, id64_t agency_id, struct agency_terms *out)
{
    struct agency agency;
    struct credit credit;

    if (!platform_agency_must_be_there(tx, agency_id) || !credit_lock(tx, agency_id, &credit)
        || !agency_load(tx, agency_id, &agency))
        return false;
    *out = (struct agency_terms){ agency.credit_limit, agency.payout_threshold,
                                  agency.requests_per_second, agency.queue_share };
    return true;
}

bool agency_terms_set(struct tx *tx, id64_t agency, const struct agency_terms *terms)
{
    return agency_set_terms(tx,
                            &(struct agency){
                                .id = agency,
                                .credit_limit = terms->credit_limit,
                                .payout_threshold = terms->payout_threshold,
                                .requests_per_second = terms->requests_per_second,
                                .queue_share = terms->queue_share,
                            });
}

/* Locked, so that nothing rests on a credit that is being changed. */
bool agency_settle(struct tx *tx, id64_t agency_id, micros_t amount, id64_t by,
                   struct settlement *out)
{
    struct agency agency;
    struct credit credit;

    if (!platform_agency_must_be_there(tx, agency_id) || !agency_load(tx, agency_id, &agency)
        || !credit_lock(tx, agency_id, &credit))
        return false;
    struct posting posting =
        posting_for_settlement(id_new(tx->now), agency_id, agency.primary_id, amount, tx->now);
    posting.actor = (struct actor){ .user = by };
    *out = (struct settlement){
        .posting = posting.id, .agency = agency_id, .amount = amount, .at = tx->now
    };
    return ledger_post_one(tx, &posting)
        && ledger_balance(tx, agency_id, LEDGER_CREDIT, agency_id, &out->credit);
}
