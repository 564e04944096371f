/* Signing in and out (api.md "session"). */
#include "api/platform_sessions.h"
#include "api/proof.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "base/hash.h"
#include "base/id.h"
#include "domain/devices.h"
#include "engine/mail.h"
#include "http/credentials.h"
#include "store/known_devices.h"
#include "store/platform.h"
#include "store/principals.h"
#include "store/sessions.h"

struct login_input {
    struct proof_input proof;
    struct str email;
};

/* clang-format off */
static const struct field login_fields[] = {
    FIELD_TEXT(struct login_input, email, .min = 1, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    PROOF_PASSWORD(struct login_input, "password"),
    PROOF_CODE(struct login_input),
    FIELD_END,
};
/* clang-format on */

/* What is no address is looked up all the same, so that it is told like any other wrong one. */
static bool find_user(struct request *r)
{
    const struct login_input *input = r->input;
    struct proof *proof = ARENA_NEW(r->arena, struct proof);

    r->state = proof;
    if (!email_key(r->arena, input->email, &proof->account)) proof->account = input->email;
    return principal_find_by_email(r->tx, proof->account, &proof->user, &proof->found);
}

/* Whoever's every account was removed has nothing to come in for (domain.md §8), until somebody grants them another. It is
   told to who proved who they are alone. */
static bool refuse_deactivated(struct request *r, const struct user *user)
{
    const id64_t *ids;
    size_t n;

    if (user->reaches_all || !role_is_client((enum role)user->role)) return true;
    return user_grants(r->tx, user->agency_id, user->id, &ids, &n)
        && request_allow(r, n > 0 ? REASON_NONE : REASON_DEACTIVATED, NULL);
}

static bool start_session(struct request *r)
{
    struct user user;

    return proof_hold(r, &user) && proof_check_code(r, &user)
        && (user.agency_id == ID_NONE
                ? staff_sign_in(r, user.id, 200)
                : refuse_deactivated(r, &user) && sign_in(r, user.agency_id, user.id, 200));
}

id64_t caller_home(const struct request *r)
{
    return r->caller.is_platform ? ID_NONE : r->caller.agency;
}

bool account_record(struct request *r, const struct user *who, const char *action)
{
    if (who->agency_id == ID_NONE) return staff_record(r, who->id, action);
    return request_record(r, action, ID_USER, who->id, STR_NONE, STR_NONE);
}

/* A browser that signs in again leaves no session behind. */
static bool end_session_held(struct request *r, id64_t agency, id64_t user)
{
    struct hash held;

    return !request_session_held(r, &held) || session_delete_held(r->tx, agency, user, &held);
}

/* Somebody who has signed in before is told of a device that they have not. */
static bool note_device(struct request *r, id64_t agency, id64_t user)
{
    const struct mail_order order = {
        .to = user,
        .about = user,
        .detail = device_text(r->arena, r->user_agent, r->client_address),
    };
    int64_t device = device_number(r->arena, r->user_agent, r->client_address);
    bool is_new;

    return known_device_note(r->tx, agency, user, device, &is_new)
        && (!is_new || mail_post(r->tx, agency, MAIL_NEW_DEVICE, &order));
}

bool sign_in(struct request *r, id64_t agency, id64_t user, int status)
{
    struct str secret = session_secret_new(r->arena, agency);
    struct hash secret_hash = hash_of(secret);
    id64_t session = id_new(r->now);
    struct user who;

    if (!user_load(r->tx, agency, user, &who) || !end_session_held(r, agency, user)) return false;
    r->caller = (struct caller){
        .agency = agency, .user = user, .session = session, .name = who.name, .email = who.email
    };
    r->idempotency_key = STR_NONE; /* whoever is not known yet has no replies kept */
    r->response.set_cookie = request_session_cookie(r, secret);
    return session_insert(r->tx, &secret_hash, session, agency, user, r->client_address,
                          r->user_agent)
        && note_device(r, agency, user)
        && request_record(r, "session.created", ID_SESSION, session, STR_NONE, STR_NONE)
        && me_reply(r, agency, user, status);
}

/* Whoever had the old secret, the rightful browser or a thief, has nothing any more; this reply alone has the new one. */
bool session_renew(struct request *r)
{
    struct str secret = session_secret_new(r->arena, r->caller.agency);
    struct hash secret_hash = hash_of(secret);

    r->response.set_cookie = request_session_cookie(r, secret);
    if (r->caller.is_platform)
        return platform_session_move(r->tx, r->caller.session, &secret_hash, r->caller.agency);
    return session_rotate(r->tx, r->caller.agency, r->caller.user, r->caller.session, &secret_hash);
}

static bool sign_out(struct request *r)
{
    if (r->caller.is_platform) return staff_sign_out(r);
    r->response.set_cookie = request_session_cookie_cleared(r);
    return session_delete(r->tx, r->caller.agency, r->caller.user, r->caller.session)
        && request_record(r, "session.ended", ID_SESSION, r->caller.session, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route auth_routes[] = {
    {POST, "/v1/auth/login", CAN_ANYONE,
     {{READ, find_user}, {HASHING, proof_check_password}, {WRITE, start_session}, {INLINE, proof_succeeded}},
     .input = login_fields, .input_size = sizeof(struct login_input), .flags = ROUTE_NOT_KEPT, .name = "login"},
    {POST, "/v1/auth/logout", CAN_SIGNED_IN, {{WRITE, sign_out}},
     .flags = ROUTE_NO_BODY | ROUTE_UNDOES | ROUTE_BEFORE_TWO_FACTOR,
     .name = "logout"},
    ROUTE_END,
};
/* clang-format on */
