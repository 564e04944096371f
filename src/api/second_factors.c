/* One's own second factor: set up, confirmed by its first code, set up anew, given up (api.md "session"). */
#include "engine/second_factor.h"

#include "api/proof.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "http/server.h"
#include "store/agencies.h"
#include "store/principals.h"
#include "store/second_factors.h"

enum { CODE_JSON_BYTES = 32 };

struct prove_input {
    struct proof_input proof;
};

struct confirm_input {
    struct str code;
};

struct secret_view {
    struct str secret, otpauth_url;
};

struct codes_view {
    struct str recovery_codes; /* JSON: an array of texts */
};

/* clang-format off */
static const struct field prove_fields[] = {
    PROOF_PASSWORD(struct prove_input, "password"),
    PROOF_CODE(struct prove_input),
    FIELD_END,
};

static const struct field confirm_fields[] = {
    FIELD_TEXT(struct confirm_input, code, .min = 1, .max = CODE_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field secret_fields[] = {
    FIELD_TEXT(struct secret_view, secret),
    FIELD_TEXT(struct secret_view, otpauth_url),
    FIELD_END,
};

static const struct field codes_fields[] = {
    FIELD_JSON(struct codes_view, recovery_codes),
    FIELD_END,
};
/* clang-format on */

/* What happened, for the audit trail and for the user's mail: "two-factor sign-in … was turned on". */
static const struct event {
    const char *action, *told;
} turned_on = { "user.two_factor_enabled", "turned on" },
  replaced = { "user.two_factor_replaced", "set up anew" },
  turned_off = { "user.two_factor_disabled", "turned off" },
  codes_renewed = { "user.recovery_codes_renewed", "given new recovery codes" };

static bool record_and_tell(struct request *r, const struct user *user, struct event event)
{
    return account_record(r, user, event.action) && second_factor_tell(r->tx, user, event.told);
}

static struct str secret_key(const struct request *r)
{
    return server_settings(r->server)->secret_key;
}

/* An app shows codes under the name that people know the console by. */
static bool find_issuer(struct request *r, const struct user *user, struct str *out)
{
    struct agency agency;

    *out = STR("Minutebank");
    if (user->agency_id == ID_NONE) return true;
    if (!agency_load(r->tx, user->agency_id, &agency)) return false;
    *out = str_is_absent(agency.branding_name) ? agency.name : agency.branding_name;
    return true;
}

static bool reply_secret(struct request *r, const struct user *user, struct bytes secret)
{
    struct str issuer;

    if (!find_issuer(r, user, &issuer)) return false;
    const struct secret_view view = {
        .secret = totp_secret_text(r->arena, secret),
        .otpauth_url = totp_url(r->arena, secret, issuer, user->email),
    };
    return request_reply(r, 200, secret_fields, &view);
}

static bool set_up(struct request *r)
{
    struct user user;
    struct bytes secret;

    return proof_hold(r, &user) && proof_check_code(r, &user)
        && second_factor_begin(r->tx, secret_key(r), &user, &secret)
        && account_record(r, &user, "user.two_factor_begun") && reply_secret(r, &user, secret);
}

static bool reply_codes(struct request *r, const struct str *codes)
{
    struct buffer json = buffer_new(r->arena, RECOVERY_CODES * CODE_JSON_BYTES);

    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        buffer_add_c(&json, i == 0 ? "[" : ",");
        json_write_string(&json, codes[i]);
    }
    buffer_add_byte(&json, ']');
    return request_reply(r, 200, codes_fields, &(struct codes_view){ buffer_str(&json) });
}

/* Whoever got hold of the session, but not of the secret on the screen, must not find the code out by trying. */
static struct str confirming(const struct request *r)
{
    return str_format(r->arena, "confirm %lld", (long long)r->caller.user);
}

/* Sessions from before it was asked for end: whoever is signed in from now on has it. */
static bool confirm(struct request *r)
{
    const struct confirm_input *input = r->input;
    struct str codes[RECOVERY_CODES];
    struct user user;

    if (!proof_try_code(r, confirming(r))
        || !principal_lock(r->tx, caller_home(r), r->caller.user, &user, NULL)
        || !second_factor_confirm(r->tx, secret_key(r), &user, input->code, codes))
        return false;
    return principal_sessions_delete_others(r->tx, user.agency_id, user.id, r->caller.session)
        && session_renew(r)
        && record_and_tell(r, &user, user.two_factor_at == INSTANT_NONE ? turned_on : replaced)
        && reply_codes(r, codes);
}

static bool confirmed(struct request *r)
{
    proof_code_succeeded(confirming(r));
    return true;
}

/* Agencies ask it of their people; nobody asks it of the platform's staff. */
static bool find_requirement(struct request *r, const struct user *user, bool *out)
{
    struct agency agency;

    *out = false;
    if (user->agency_id == ID_NONE) return true;
    if (!agency_load(r->tx, user->agency_id, &agency)) return false;
    *out = agency.two_factor_required;
    return true;
}

static bool give_up(struct request *r)
{
    struct user user;
    bool is_required;

    if (!proof_hold(r, &user) || !find_requirement(r, &user, &is_required)) return false;
    enum reason reason = may_end_second_factor(user.two_factor_at != INSTANT_NONE, is_required);
    return request_allow(r, reason, NULL) && proof_check_code(r, &user)
        && second_factor_delete(r->tx, user.agency_id, user.id) && session_renew(r)
        && record_and_tell(r, &user, turned_off) && request_reply_empty(r, 204);
}

static bool renew_codes(struct request *r)
{
    struct str codes[RECOVERY_CODES];
    struct user user;

    if (!proof_hold(r, &user)) return false;
    if (user.two_factor_at == INSTANT_NONE) return request_allow(r, REASON_TWO_FACTOR_OFF, NULL);
    return proof_check_code(r, &user) && recovery_codes_renew(r->tx, &user, codes)
        && record_and_tell(r, &user, codes_renewed) && reply_codes(r, codes);
}

/* Also while the agency is being deleted: whoever is to take that back may have to set it up first, and nobody's own
   account is left open meanwhile. */
/* clang-format off */
#define PROOF_STAGES(own) {{READ, proof_begin}, {HASHING, proof_check_password}, {WRITE, own}, {INLINE, proof_succeeded}}

const struct route second_factor_routes[] = {
    {POST, "/v1/me/totp", CAN_SIGNED_IN, PROOF_STAGES(set_up), .input = prove_fields,
     .input_size = sizeof(struct prove_input), .flags = ROUTE_NOT_KEPT | ROUTE_UNDOES | ROUTE_BEFORE_TWO_FACTOR, .name = "setUpTotp"},
    {POST, "/v1/me/totp/confirm", CAN_SIGNED_IN, {{WRITE, confirm}, {INLINE, confirmed}}, .input = confirm_fields,
     .input_size = sizeof(struct confirm_input), .flags = ROUTE_NOT_KEPT | ROUTE_UNDOES | ROUTE_BEFORE_TWO_FACTOR,
     .name = "confirmTotp"},
    {DELETE, "/v1/me/totp", CAN_SIGNED_IN, PROOF_STAGES(give_up), .input = prove_fields,
     .input_size = sizeof(struct prove_input), .flags = ROUTE_UNDOES | ROUTE_BEFORE_TWO_FACTOR, .name = "removeTotp"},
    {POST, "/v1/me/recovery_codes", CAN_SIGNED_IN, PROOF_STAGES(renew_codes), .input = prove_fields,
     .input_size = sizeof(struct prove_input), .flags = ROUTE_NOT_KEPT | ROUTE_UNDOES, .name = "renewRecoveryCodes"},
    ROUTE_END,
};
/* clang-format on */
