/* The set-up page of an empty store: an agency and its owner, by the one-time link that the server prints. */
#include "engine/setup.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "base/hash.h"
#include "engine/mail.h"
#include "http/server.h"
#include "store/agencies.h"

struct setup_input {
    struct str token, agency, name, email, password, timezone, plan;
};

struct setup_view {
    bool needed, demo, sends_mail;
};

/* clang-format off */
static const struct field setup_input_fields[] = {
    FIELD_TEXT(struct setup_input, token, .min = 1, .max = 100, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct setup_input, agency, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_TEXT(struct setup_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_TEXT(struct setup_input, email, .min = 3, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct setup_input, password, .min = 1, .max = PASSWORD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct setup_input, timezone, .min = 1, .max = 64),
    FIELD_TEXT(struct setup_input, plan, .min = 1, .max = 40),
    FIELD_END,
};

static const struct field setup_fields[] = {
    FIELD_BOOLEAN(struct setup_view, needed),
    FIELD_BOOLEAN(struct setup_view, demo),
    FIELD_BOOLEAN(struct setup_view, sends_mail),
    FIELD_END,
};
/* clang-format on */

static bool read_setup(struct request *r)
{
    struct str demo;
    int64_t agencies;

    if (!agencies_count(r->tx, &agencies) || !store_fact_find(r->tx, STR("demo"), &demo))
        return false;
    const struct setup_view view = { agencies == 0, !str_is_absent(demo), mail_is_configured() };
    return request_reply(r, 200, setup_fields, &view);
}

/* Nothing is hashed for somebody without the link. */
static bool hash_password(struct request *r)
{
    const struct setup_input *input = r->input;
    struct str *hash = ARENA_NEW(r->arena, struct str);

    if (!server_setup_token_matches(r->server, input->token))
        return request_allow(r, REASON_BAD_SETUP_TOKEN, NULL);
    enum reason weakness =
        password_acceptable(r->arena, input->password, input->email, input->agency);
    if (weakness != REASON_NONE) return fail_field_as(&r->problem, weakness, STR("password"));
    *hash = password_hash(r->arena, input->password);
    r->state = hash;
    return true;
}

static struct str or_else(struct str text, const char *fallback)
{
    return str_is_absent(text) ? str_from_c(fallback) : text;
}

static bool set_up(struct request *r)
{
    const struct setup_input *input = r->input;
    const struct setup setup = {
        .agency_name = input->agency,
        .owner_name = input->name,
        .email = input->email,
        .password_hash = *(const struct str *)r->state,
        .timezone = or_else(input->timezone, "UTC"),
        .plan_code = or_else(input->plan, "agency_unlimited"),
    };
    struct setup_result result;
    int64_t agencies;

    if (!agencies_count(r->tx, &agencies)) return false;
    if (agencies > 0) return request_allow(r, REASON_ALREADY_SET_UP, NULL);
    if (!agency_set_up(r->tx, &setup, &result)) return false;
    r->caller.agency = result.agency;
    r->caller.user = result.owner;
    r->caller.name = input->name;
    return request_record(r, "agency.created", ID_AGENCY, result.agency, STR_NONE, STR_NONE)
        && sign_in(r, result.agency, result.owner, 201);
}

/* After the commit: the link has served. */
static bool close_link(struct request *r)
{
    server_setup_done(r->server);
    return true;
}

/* clang-format off */
const struct route setup_routes[] = {
    {GET, "/v1/setup", CAN_ANYONE, {{READ, read_setup}}, .name = "getSetup"},
    {POST, "/v1/setup", CAN_ANYONE, {{HASHING, hash_password}, {WRITE, set_up}, {INLINE, close_link}}, .input = setup_input_fields,
     .input_size = sizeof(struct setup_input), .name = "completeSetup"},
    ROUTE_END,
};
/* clang-format on */
