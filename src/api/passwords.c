/* Passwords: changing one's own (api.md "session"). */
#include "api/proof.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "base/hash.h"
#include "store/agencies.h"
#include "store/sessions.h"

struct password_input {
    struct proof_input proof;
    struct str new_password;
};

/* clang-format off */
static const struct field password_fields[] = {
    PROOF_PASSWORD(struct password_input, "current_password"),
    FIELD_TEXT(struct password_input, new_password, .min = 1, .max = PASSWORD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};
/* clang-format on */

/* What one stage leaves for the next. */
struct change {
    struct proof proof;
    struct str agency_name, hash;
};

static bool hash_new(struct request *r, struct str password, const char *field,
                     struct change *change)
{
    enum reason weakness =
        password_acceptable(r->arena, password, change->proof.user.email, change->agency_name);

    if (weakness != REASON_NONE)
        return fail_field(&r->problem, weakness, str_from_c(field), "%s",
                          reason_sentence(weakness));
    change->hash = password_hash(r->arena, password);
    return true;
}

static bool begin_change(struct request *r)
{
    struct change *change = ARENA_NEW(r->arena, struct change);
    struct agency agency;

    r->state = change;
    if (!agency_load(r->tx, r->caller.agency, &agency) || !proof_begin(r)) return false;
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

    return proof_hold(r, &user) && user_set_password(r->tx, user.agency_id, user.id, change->hash)
        && sessions_delete_others(r->tx, user.agency_id, user.id, r->caller.session)
        && session_renew(r)
        && request_record(r, "user.password_changed", ID_USER, user.id, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route password_routes[] = {
    {POST, "/v1/me/password", CAN_SIGNED_IN,
     {{READ, begin_change}, {HASHING, check_and_hash}, {WRITE, change_password}, {INLINE, proof_succeeded}},
     .input = password_fields, .input_size = sizeof(struct password_input), .flags = ROUTE_NOT_KEPT,
     .name = "changePassword"},
    ROUTE_END,
};
/* clang-format on */
