/* Signing in and out (api.md "session"). */
#include "api/routes.h"
#include "api/sign_in.h"
#include "api/tries.h"
#include "base/id.h"
#include "base/time.h"
#include "domain/accounts.h"
#include "http/credentials.h"
#include "store/sessions.h"
#include "store/users.h"

struct login_input {
    struct str email, password;
};

/* What looking somebody up leaves for checking the password. */
struct login {
    struct str account; /* as tries are counted */
    struct user user;
    bool found;
};

/* clang-format off */
static const struct field login_fields[] = {
    FIELD_TEXT(struct login_input, email, .min = 1, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct login_input, password, .min = 1, .max = PASSWORD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};
/* clang-format on */

/* Failed tries of this process: they need not outlive it. */
static struct tries failed_tries = TRIES_EMPTY;

static bool begin_try(struct request *r, const struct login *login)
{
    int64_t wait_us;

    if (tries_begin(&failed_tries, login->account, r->client_address, clock_monotonic_us(),
                    &wait_us))
        return true;
    r->response.retry_after_seconds = (wait_us + MICROS_PER_SECOND - 1) / MICROS_PER_SECOND;
    return request_allow(r, REASON_TOO_MANY_TRIES, NULL);
}

/* What is no address is looked up all the same, so that it is told like any other wrong one. */
static bool find_user(struct request *r)
{
    const struct login_input *input = r->input;
    struct login *login = ARENA_NEW(r->arena, struct login);

    r->state = login;
    if (!email_key(r->arena, input->email, &login->account)) login->account = input->email;
    return user_find_by_email(r->tx, login->account, &login->user, &login->found)
        && begin_try(r, login);
}

/* An unknown address costs the same time as a wrong password. */
static bool check_password(struct request *r)
{
    const struct login_input *input = r->input;
    const struct login *login = r->state;
    struct str hash = login->found ? login->user.password_hash : password_decoy();
    bool matches = password_verify(hash, input->password);

    if (!matches || !login->found) return request_allow(r, REASON_WRONG_CREDENTIALS, NULL);
    tries_succeeded(&failed_tries, login->account, r->client_address, clock_monotonic_us());
    return true;
}

static bool start_session(struct request *r)
{
    const struct login *login = r->state;

    return sign_in(r, login->user.agency_id, login->user.id, 200);
}

bool sign_in(struct request *r, id64_t agency, id64_t user, int status)
{
    struct str secret = session_secret_new(r->arena, agency);
    struct hash secret_hash = hash_of(secret);
    id64_t session = id_new(r->now);
    struct user who;

    if (!user_load(r->tx, agency, user, &who)) return false;
    r->caller = (struct caller){
        .agency = agency, .user = user, .session = session, .name = who.name, .email = who.email
    };
    r->idempotency_key = STR_NONE; /* whoever is not known yet has no replies kept */
    r->response.set_cookie = request_session_cookie(r, secret);
    return session_insert(r->tx, &secret_hash, session, agency, user, r->client_address,
                          r->user_agent)
        && request_record(r, "session.created", ID_SESSION, session, STR_NONE, STR_NONE)
        && me_reply(r, agency, user, status);
}

static bool sign_out(struct request *r)
{
    r->response.set_cookie = request_session_cookie_cleared(r);
    return session_delete(r->tx, r->caller.agency, r->caller.user, r->caller.session)
        && request_record(r, "session.ended", ID_SESSION, r->caller.session, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route auth_routes[] = {
    {POST, "/v1/auth/login", CAN_ANYONE, {{READ, find_user}, {HASHING, check_password}, {WRITE, start_session}},
     .input = login_fields, .input_size = sizeof(struct login_input), .name = "login"},
    {POST, "/v1/auth/logout", CAN_SIGNED_IN, {{WRITE, sign_out}}, .flags = ROUTE_NO_BODY | ROUTE_UNDOES,
     .name = "logout"},
    ROUTE_END,
};
/* clang-format on */
