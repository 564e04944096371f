#include "engine/user_links.h"

#include "base/id.h"
#include "domain/accounts.h"
#include "engine/mail.h"
#include "store/audit.h"
#include "store/principals.h"
#include "store/sessions.h"

static instant_t valid_for(enum link_purpose purpose)
{
    return purpose == LINK_RESET_PASSWORD ? RESET_VALID : EMAIL_CHANGE_VALID;
}

bool user_link_make(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose,
                    struct str *token, instant_t *expires_at)
{
    struct str fresh = token_new(tx->arena);
    struct hash hash = hash_of(fresh);
    const struct user_link link = {
        .agency_id = agency,
        .user_id = user,
        .purpose = (int)purpose,
        .expires_at = tx->now + valid_for(purpose),
    };
    bool wanted;

    if (!user_link_set(tx, &link, &hash, &wanted)) return false;
    *token = wanted ? fresh : STR_NONE;
    *expires_at = link.expires_at;
    return true;
}

/* A link of one kind opens nothing of another. */
static bool is_for(const struct user_link *link, enum link_use use)
{
    return (link->purpose == LINK_RESET_PASSWORD) == (use == LINK_RESETS_PASSWORD);
}

bool user_link_open(struct tx *tx, struct str token, enum link_use use, enum link_opening opening,
                    struct opened_link *out)
{
    bool found;

    out->token_hash = hash_of(token);
    if (!user_link_find(tx, &out->token_hash, &out->link, &found)) return false;
    if (!found || !is_for(&out->link, use)) return fail_as(tx->problem, REASON_LINK_UNKNOWN, NULL);
    bool loaded = opening == LINK_TO_USE
        ? user_lock(tx, out->link.agency_id, out->link.user_id, &out->user, &found)
        : user_find(tx, out->link.agency_id, out->link.user_id, &out->user, &found);
    if (!loaded) return false;
    if (!found) return fail_as(tx->problem, REASON_LINK_UNKNOWN, NULL);
    return tx->now < out->link.expires_at || fail_as(tx->problem, REASON_LINK_EXPIRED, NULL);
}

bool user_link_use(struct tx *tx, const struct opened_link *opened)
{
    bool taken;

    return user_link_take(tx, &opened->link, &opened->token_hash, &taken)
        && (taken || fail_as(tx->problem, REASON_LINK_UNKNOWN, NULL));
}

bool password_set(struct tx *tx, const struct user *user, struct str hash, id64_t kept_session)
{
    const struct mail_order order = { .to = user->id, .about = user->id };

    return mail_post(tx, user->agency_id, MAIL_PASSWORD_CHANGED, &order)
        && principal_set_password(tx, user, hash)
        && principal_sessions_delete_others(tx, user->agency_id, user->id, kept_session)
        && user_links_delete(tx, user->agency_id, user->id)
        && email_change_delete(tx, user->agency_id, user->id);
}

/* --- who forgot their password --- */

static bool record_request(struct tx *tx, const struct password_request *request,
                           const struct user *user)
{
    struct audit_event event = {
        .agency_id = user->agency_id,
        .id = id_new(tx->now),
        .at = tx->now,
        .action = STR("user.password_reset_requested"),
        .actor_name = STR("Somebody"),
        .target_kind = STR("usr"),
        .target_id = user->id,
        .address = request->address,
    };

    return audit_insert(tx, &event);
}

/* Wanted a moment ago already. */
static bool find_recent(struct tx *tx, const struct user *user, enum link_purpose purpose,
                        int64_t recent_us, bool *is_recent)
{
    instant_t wanted_at;

    if (!user_link_wanted_at(tx, user->agency_id, user->id, purpose, &wanted_at)) return false;
    *is_recent = wanted_at != INSTANT_NONE && tx->now - wanted_at < recent_us;
    return true;
}

/* The order of a mail is written before what its link is about, here and below, as whoever sends takes the two in that
   order: on PostgreSQL they lock rows. */
static bool answer(struct tx *tx, const struct password_request *request)
{
    struct user user;
    bool found, is_recent;

    if (!user_find_by_email(tx, request->email_key, &user, &found)) return false;
    if (!found || !mail_is_configured()) return true;
    if (!find_recent(tx, &user, LINK_RESET_PASSWORD, RESET_AGAIN_AFTER, &is_recent)) return false;
    const struct mail_order order = { .to = user.id, .about = user.id };
    return is_recent
        || (mail_post(tx, user.agency_id, MAIL_PASSWORD_RESET, &order)
            && user_link_want(tx, user.agency_id, user.id, LINK_RESET_PASSWORD, LINK_BEFORE_COUNTS)
            && record_request(tx, request, &user));
}

/* One in a transaction: two that answer at once must not lock agencies in different orders. */
bool password_requests_answer(struct tx *tx, int64_t *answered)
{
    struct password_request request;
    bool found;

    if (!password_request_take(tx, &request, &found)) return false;
    *answered = found;
    return !found || answer(tx, &request);
}

/* --- a new address --- */

static bool judge_address(struct tx *tx, const struct user *user, struct str email, struct str *key)
{
    struct str own;
    bool is_taken;

    if (!email_key(tx->arena, email, key))
        return fail_field_as(tx->problem, REASON_BAD_EMAIL, STR("email"));
    if (email_key(tx->arena, user->email, &own) && str_equal(own, *key))
        return fail_as(tx->problem, REASON_SAME_EMAIL, "email");
    if (!email_is_taken(tx, *key, &is_taken)) return false;
    return !is_taken || fail_as(tx->problem, REASON_EMAIL_TAKEN, "email");
}

/* The old one's owner confirms too: else whoever sits down at an unlocked screen would take the account away. */
static bool order_mails(struct tx *tx, const struct email_change *change)
{
    const struct mail_order confirm = { .to = change->user_id,
                                        .about = change->user_id,
                                        .address = change->email };
    const struct mail_order notice = { .to = change->user_id,
                                       .about = change->user_id,
                                       .detail = change->email };

    return mail_post(tx, change->agency_id, MAIL_EMAIL_CHANGE_CONFIRM, &confirm)
        && mail_post(tx, change->agency_id, MAIL_EMAIL_CHANGE_NOTICE, &notice);
}

/* Links of a change before this one confirm nothing about another address. */
static bool want_links(struct tx *tx, const struct user *user)
{
    return user_link_want(tx, user->agency_id, user->id, LINK_CONFIRM_OLD_EMAIL, LINK_BEFORE_DIES)
        && user_link_want(tx, user->agency_id, user->id, LINK_CONFIRM_NEW_EMAIL, LINK_BEFORE_DIES);
}

bool email_change_begin(struct tx *tx, const struct user *user, struct str email,
                        struct email_change *out)
{
    struct str key;
    bool is_recent;

    if (!mail_is_configured()) return fail_as(tx->problem, REASON_MAIL_NOT_CONFIGURED, NULL);
    if (!judge_address(tx, user, email, &key)
        || !find_recent(tx, user, LINK_CONFIRM_NEW_EMAIL, EMAIL_CHANGE_AGAIN_AFTER, &is_recent))
        return false;
    if (is_recent) return fail_as(tx->problem, REASON_TOO_MANY_TRIES, NULL);
    *out = (struct email_change){
        .agency_id = user->agency_id,
        .user_id = user->id,
        .email = email,
        .email_key = key,
        .old_confirmed_at = INSTANT_NONE,
        .new_confirmed_at = INSTANT_NONE,
        .created_at = tx->now,
        .expires_at = tx->now + EMAIL_CHANGE_VALID,
    };
    return order_mails(tx, out) && want_links(tx, user) && email_change_put(tx, out);
}

bool email_change_settle(struct tx *tx, const struct opened_link *opened, struct email_change *out,
                         bool *is_done)
{
    const struct user *user = &opened->user;
    bool found;

    *is_done = false;
    if (!user_link_use(tx, opened)
        || !email_change_find(tx, user->agency_id, user->id, out, &found))
        return false;
    if (!found) return fail_as(tx->problem, REASON_LINK_EXPIRED, NULL);
    if (opened->link.purpose == LINK_CONFIRM_OLD_EMAIL) out->old_confirmed_at = tx->now;
    if (opened->link.purpose == LINK_CONFIRM_NEW_EMAIL) out->new_confirmed_at = tx->now;
    if (out->old_confirmed_at == INSTANT_NONE || out->new_confirmed_at == INSTANT_NONE)
        return email_change_confirm(tx, out);
    *is_done = true;
    return user_set_email(tx, user, out->email, out->email_key)
        && user_links_delete(tx, user->agency_id, user->id)
        && email_change_delete(tx, user->agency_id, user->id);
}
