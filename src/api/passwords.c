/* Passwords: changing one's own, and a new one by mail for who forgot theirs (api.md "session"). */
#include "engine/user_links.h"

#include "api/proof.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "base/hash.h"
#include "base/id.h"
#include "http/server.h"
#include "store/agencies.h"

enum { ANSWER_ARENA_BYTES = 16 * 1024 };

struct password_input {
    struct proof_input proof;
    struct str new_password;
};

struct forgot_input {
    struct str email;
};

struct reset_input {
    struct str token, password;
};

/* clang-format off */
static const struct field password_fields[] = {
    PROOF_PASSWORD(struct password_input, "current_password"),
    FIELD_TEXT(struct password_input, new_password, .min = 1, .max = PASSWORD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field forgot_fields[] = {
    FIELD_TEXT(struct forgot_input, email, .min = 1, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field reset_fields[] = {
    FIELD_TEXT(struct reset_input, token, .min = 1, .max = LINK_TOKEN_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct reset_input, password, .min = 1, .max = PASSWORD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};
/* clang-format on */

/* What one stage leaves for the next. */
struct change {
    struct proof proof;
    struct str agency_name; /* absent: of the platform's staff */
    struct str hash;
};

static bool hash_new(struct request *r, struct str password, const char *field,
                     struct change *change)
{
    enum reason weakness =
        password_acceptable(r->arena, password, change->proof.user.email, change->agency_name);

    if (weakness != REASON_NONE) return fail_field_as(&r->problem, weakness, str_from_c(field));
    change->hash = password_hash(r->arena, password);
    return true;
}

static bool begin_change(struct request *r)
{
    struct change *change = ARENA_NEW(r->arena, struct change);
    struct agency agency;

    r->state = change;
    if (!proof_begin(r)) return false;
    if (caller_home(r) == ID_NONE) return true;
    if (!agency_load(r->tx, r->caller.agency, &agency)) return false;
    change->agency_name = agency.name;
    return true;
}

static bool check_and_hash(struct request *r)
{
    const struct password_input *input = r->input;

    return proof_check_password(r) && hash_new(r, input->new_password, "new_password", r->state);
}

/* Whoever else is signed in as this user is not any more. */
static bool change_password(struct request *r)
{
    const struct change *change = r->state;
    struct user user;

    return proof_hold(r, &user) && password_set(r->tx, &user, change->hash, r->caller.session)
        && session_renew(r) && account_record(r, &user, "user.password_changed")
        && request_reply_empty(r, 204);
}

/* --- forgotten --- */

static struct str account_of(struct request *r, struct str email)
{
    struct str key;

    return email_key(r->arena, email, &key) ? key : email;
}

/* The same for everybody: written down and answered, before anybody looks whether there is such a user. */
static bool note_forgotten(struct request *r)
{
    const struct forgot_input *input = r->input;
    const struct password_request request = {
        .id = id_new(r->now),
        .email_key = account_of(r, input->email),
        .address = r->client_address,
        .asked_at = r->now,
    };

    return proof_try_link(r, str_format(r->arena, "forgotten\n%.*s", STR_ARG(request.email_key)))
        && password_request_insert(r->tx, &request) && request_reply_empty(r, 202);
}

/* A job of its own, which nobody waits for. */
struct answering {
    struct job job;
    struct arena *arena;
    struct problem problem;
};

static bool answer_requests(struct tx *tx, struct job *job)
{
    int64_t answered;

    (void)job;
    return password_requests_answer(tx, &answered);
}

static void answering_done(struct job *job)
{
    struct answering *answering =
        (struct answering *)(void *)((char *)job - offsetof(struct answering, job));

    arena_free(answering->arena);
}

/* After the commit. Where the writer is too busy, the janitor comes by later. */
static bool answer_later(struct request *r)
{
    struct arena *arena = arena_new(ANSWER_ARENA_BYTES);
    struct answering *answering = ARENA_NEW(arena, struct answering);
    enum reason refused;

    answering->arena = arena;
    problem_init(&answering->problem, arena);
    answering->job = (struct job){ .arena = arena,
                                   .problem = &answering->problem,
                                   .run = answer_requests,
                                   .done = answering_done };
    if (!writer_submit(server_writer(r->server), &answering->job, &refused)) arena_free(arena);
    return true;
}

/* --- the link of the mail --- */

/* Each token is an account of its own: who guesses is slowed down by their address alone. */
static bool look_up_link(struct request *r)
{
    const struct reset_input *input = r->input;
    struct change *change = ARENA_NEW(r->arena, struct change);
    struct opened_link opened;
    struct agency agency;

    r->state = change;
    change->proof.account = input->token;
    if (!proof_try_link(r, input->token)
        || !user_link_open(r->tx, input->token, LINK_RESETS_PASSWORD, LINK_TO_LOOK, &opened)
        || !agency_load(r->tx, opened.user.agency_id, &agency))
        return false;
    change->proof.user = opened.user;
    change->agency_name = agency.name;
    return true;
}

static bool hash_reset(struct request *r)
{
    const struct reset_input *input = r->input;

    return hash_new(r, input->password, "password", r->state);
}

/* Nobody is signed in by it: a second factor is asked for at the sign-in that follows. */
static bool reset_password(struct request *r)
{
    const struct reset_input *input = r->input;
    const struct change *change = r->state;
    struct opened_link opened;

    if (!user_link_open(r->tx, input->token, LINK_RESETS_PASSWORD, LINK_TO_USE, &opened)
        || !user_link_use(r->tx, &opened)
        || !password_set(r->tx, &opened.user, change->hash, ID_NONE))
        return false;
    r->caller = (struct caller){ .agency = opened.user.agency_id,
                                 .user = opened.user.id,
                                 .name = opened.user.name };
    return request_record(r, "user.password_reset", ID_USER, opened.user.id, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route password_routes[] = {
    {POST, "/v1/me/password", CAN_SIGNED_IN,
     {{READ, begin_change}, {HASHING, check_and_hash}, {WRITE, change_password}, {INLINE, proof_succeeded}},
     .input = password_fields, .input_size = sizeof(struct password_input), .flags = ROUTE_NOT_KEPT | ROUTE_UNDOES,
     .name = "changePassword"},
    {POST, "/v1/auth/password/forgot", CAN_ANYONE, {{WRITE, note_forgotten}, {INLINE, answer_later}},
     .input = forgot_fields, .input_size = sizeof(struct forgot_input), .name = "forgotPassword"},
    {POST, "/v1/auth/password/reset", CAN_ANYONE,
     {{READ, look_up_link}, {HASHING, hash_reset}, {WRITE, reset_password}, {INLINE, proof_link_succeeded}},
     .input = reset_fields, .input_size = sizeof(struct reset_input), .flags = ROUTE_NOT_KEPT, .name = "resetPassword"},
    ROUTE_END,
};
/* clang-format on */
