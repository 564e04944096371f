/* Another address to sign in with, confirmed by both (api.md "session"). */
#include "engine/user_links.h"

#include "api/email_changes.h"
#include "api/proof.h"
#include "api/records.h"
#include "api/routes.h"

struct email_input {
    struct proof_input proof;
    struct str email;
};

struct token_input {
    struct str token;
};

struct confirmation_view {
    bool is_done;
    struct email_change_view change;
};

/* clang-format off */
static const struct field email_input_fields[] = {
    PROOF_PASSWORD(struct email_input, "password"),
    FIELD_TEXT(struct email_input, email, .min = 3, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field token_fields[] = {
    FIELD_TEXT(struct token_input, token, .min = 1, .max = LINK_TOKEN_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

const struct field email_change_fields[] = {
    FIELD_TEXT(struct email_change_view, email),
    FIELD_BOOLEAN(struct email_change_view, old_confirmed),
    FIELD_BOOLEAN(struct email_change_view, new_confirmed),
    FIELD_INSTANT(struct email_change_view, expires_at),
    FIELD_END,
};

static const struct field confirmation_fields[] = {
    FIELD_AS("email", struct confirmation_view, change.email, FIELD_IS_TEXT),
    FIELD_AS("old_confirmed", struct confirmation_view, change.old_confirmed, FIELD_IS_BOOLEAN),
    FIELD_AS("new_confirmed", struct confirmation_view, change.new_confirmed, FIELD_IS_BOOLEAN),
    FIELD_BOOLEAN(struct confirmation_view, is_done),
    FIELD_END,
};

static const struct field address_record[] = {
    FIELD_TEXT(struct user, email),
    FIELD_END,
};
/* clang-format on */

struct email_change_view email_change_view(const struct email_change *change)
{
    return (struct email_change_view){
        .email = change->email,
        .old_confirmed = change->old_confirmed_at != INSTANT_NONE,
        .new_confirmed = change->new_confirmed_at != INSTANT_NONE,
        .expires_at = change->expires_at,
    };
}

static bool record_change(struct request *r, const char *action, const struct user *before,
                          struct str email)
{
    struct user after = *before;

    after.email = email;
    return request_record(r, action, ID_USER, before->id, record_of(r, address_record, before),
                          record_of(r, address_record, &after));
}

/* The addresses of the platform's staff are set on the command line. */
static bool begin_proof(struct request *r)
{
    return request_allow(r, r->caller.is_platform ? REASON_NOT_FOUND : REASON_NONE, NULL)
        && proof_begin(r);
}

static bool begin(struct request *r)
{
    const struct email_input *input = r->input;
    struct email_change change;
    struct user user;

    if (!proof_hold(r, &user) || !email_change_begin(r->tx, &user, input->email, &change)) {
        if (r->problem.reason == REASON_TOO_MANY_TRIES)
            r->response.retry_after_seconds = EMAIL_CHANGE_AGAIN_AFTER / MICROS_PER_SECOND;
        return false;
    }
    const struct email_change_view view = email_change_view(&change);
    return record_change(r, "user.email_change_requested", &user, change.email)
        && request_reply(r, 202, email_change_fields, &view);
}

static bool take_back(struct request *r)
{
    struct email_change change;
    struct user user;
    bool found;

    if (!user_lock(r->tx, r->caller.agency, r->caller.user, &user, NULL)
        || !email_change_find(r->tx, user.agency_id, user.id, &change, &found))
        return false;
    if (!found) return request_allow(r, REASON_NOT_FOUND, NULL);
    return email_change_delete(r->tx, user.agency_id, user.id)
        && request_record(r, "user.email_change_taken_back", ID_USER, user.id, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

static bool look_up_link(struct request *r)
{
    const struct token_input *input = r->input;
    struct proof *proof = ARENA_NEW(r->arena, struct proof);
    struct opened_link opened;

    r->state = proof;
    proof->account = input->token;
    return proof_try_link(r, input->token)
        && user_link_open(r->tx, input->token, LINK_CONFIRMS_EMAIL, LINK_TO_LOOK, &opened);
}

static bool confirm(struct request *r)
{
    const struct token_input *input = r->input;
    struct opened_link opened;
    struct email_change change;
    struct confirmation_view view;

    if (!user_link_open(r->tx, input->token, LINK_CONFIRMS_EMAIL, LINK_TO_USE, &opened)
        || !email_change_settle(r->tx, &opened, &change, &view.is_done))
        return false;
    const struct user *user = &opened.user;
    const char *action = view.is_done ? "user.email_changed" : "user.email_change_confirmed";
    view.change = email_change_view(&change);
    r->caller = (struct caller){ .agency = user->agency_id, .user = user->id, .name = user->name };
    return record_change(r, action, user, change.email)
        && request_reply(r, 200, confirmation_fields, &view);
}

/* clang-format off */
const struct route email_change_routes[] = {
    {POST, "/v1/me/email", CAN_SIGNED_IN,
     {{READ, begin_proof}, {HASHING, proof_check_password}, {WRITE, begin}, {INLINE, proof_succeeded}},
     .input = email_input_fields, .input_size = sizeof(struct email_input), .flags = ROUTE_NOT_KEPT,
     .name = "changeEmail"},
    {DELETE, "/v1/me/email", CAN_SIGNED_IN, {{WRITE, take_back}}, .name = "cancelEmailChange"},
    {POST, "/v1/auth/email/confirm", CAN_ANYONE,
     {{READ, look_up_link}, {WRITE, confirm}, {INLINE, proof_link_succeeded}}, .input = token_fields,
     .input_size = sizeof(struct token_input), .name = "confirmEmail"},
    ROUTE_END,
};
/* clang-format on */
