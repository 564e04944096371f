/* The platform's staff: signing in, entering an agency and leaving it (api.md "platform"). */
#include "api/platform_sessions.h"

#include "api/routes.h"
#include "base/id.h"
#include "http/credentials.h"
#include "store/agencies.h"
#include "store/platform.h"
#include "store/platform_agencies.h"

bool staff_record(struct request *r, id64_t user, const char *action)
{
    const struct platform_event event = {
        .action = action,
        .user = user,
        .address = r->client_address,
        .user_agent = r->user_agent,
        .request_id = r->id,
    };

    return platform_event_insert(r->tx, &event);
}

bool staff_record_plan(struct request *r, const char *action, struct str code, struct str before,
                       struct str after)
{
    const struct platform_event event = {
        .action = action,
        .user = r->caller.user,
        .address = r->client_address,
        .user_agent = r->user_agent,
        .request_id = r->id,
        .target = code,
        .before = before,
        .after = after,
    };

    return platform_event_insert(r->tx, &event);
}

/* A secret of an agency or of none, sent as the cookie. Its reply is not kept: whoever repeats the request has the old
   one. */
static struct hash renew_cookie(struct request *r, id64_t agency)
{
    struct str secret = session_secret_new(r->arena, agency);

    r->idempotency_key = STR_NONE;
    r->response.set_cookie = request_session_cookie(r, secret);
    return hash_of(secret);
}

bool staff_sign_in(struct request *r, id64_t user, int status)
{
    id64_t session = id_new(r->now);
    struct hash secret_hash = renew_cookie(r, ID_NONE);

    r->caller = (struct caller){
        .user = user, .is_platform = true, .session = session, .role = ROLE_PLATFORM_ADMIN
    };
    return platform_session_insert(r->tx, &secret_hash, session, user, r->client_address,
                                   r->user_agent)
        && staff_record(r, user, "session.created") && staff_me_reply(r, status);
}

/* The agency that somebody was in sees them leave. */
static bool end(struct request *r, id64_t session, const char *action)
{
    id64_t entered;

    return platform_session_delete(r->tx, r->caller.user, session, &entered)
        && (entered == ID_NONE
            || request_record_in(r, entered, "platform.left", ID_AGENCY, entered, STR_NONE,
                                 STR_NONE))
        && staff_record(r, r->caller.user, action) && request_reply_empty(r, 204);
}

bool staff_sign_out(struct request *r)
{
    r->response.set_cookie = request_session_cookie_cleared(r);
    return end(r, r->caller.session, "session.ended");
}

bool staff_end_session(struct request *r, id64_t session)
{
    if (session == r->caller.session) r->response.set_cookie = request_session_cookie_cleared(r);
    return end(r, session, "session.revoked");
}

/* The session goes on under a new secret: an old cookie is neither inside nor out. */
static bool move_to(struct request *r, id64_t agency)
{
    struct hash secret_hash = renew_cookie(r, agency);

    r->caller.agency = agency;
    r->caller.role = agency != ID_NONE ? ROLE_AGENCY_ADMIN : ROLE_PLATFORM_ADMIN;
    return platform_session_move(r->tx, r->caller.session, &secret_hash, agency);
}

static bool enter(struct request *r)
{
    struct agency agency;

    return platform_agency_must_be_there(r->tx, r->scope.agency)
        && agency_load(r->tx, r->scope.agency, &agency) && move_to(r, agency.id)
        && request_record(r, "platform.entered", ID_AGENCY, agency.id, STR_NONE, STR_NONE)
        && staff_me_reply(r, 200);
}

static bool leave(struct request *r)
{
    return request_record(r, "platform.left", ID_AGENCY, r->caller.agency, STR_NONE, STR_NONE)
        && move_to(r, ID_NONE) && staff_me_reply(r, 200);
}

/* clang-format off */
const struct route platform_session_routes[] = {
    {POST, "/v1/platform/agencies/{agency}/enter", CAN_PLATFORM_ENTER, {{WRITE, enter}}, .flags = ROUTE_NO_BODY,
     .name = "enterAgency"},
    {POST, "/v1/platform/leave", CAN_PLATFORM_LEAVE, {{WRITE, leave}}, .flags = ROUTE_NO_BODY, .name = "leaveAgency"},
    ROUTE_END,
};
/* clang-format on */
