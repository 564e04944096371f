#include "api/proof.h"

#include "engine/second_factor.h"

#include "api/sign_in.h"
#include "api/tries.h"
#include "base/hash.h"
#include "base/time.h"
#include "http/server.h"
#include "store/principals.h"

/* Failed tries of this process: they need not outlive it. */
static struct tries failed_tries = TRIES_EMPTY, link_tries = TRIES_EMPTY;

/* Who signs in is told less, and nothing by field. */
static bool is_sign_in(const struct request *r)
{
    return r->route->permission == CAN_ANYONE;
}

static bool refuse(struct request *r, enum reason at_sign_in, enum reason later, const char *field)
{
    return is_sign_in(r) ? request_allow(r, at_sign_in, NULL) : request_allow(r, later, field);
}

/* What the route calls it. */
static const char *password_name(const struct request *r)
{
    const struct field *field = r->route->input;

    while (field->name != NULL && field->offset != offsetof(struct proof_input, password))
        field++;
    return field->name;
}

static bool refuse_password(struct request *r)
{
    return refuse(r, REASON_WRONG_CREDENTIALS, REASON_WRONG_PASSWORD, password_name(r));
}

static bool wait_first(struct request *r, int64_t wait_us)
{
    r->response.retry_after_seconds = (wait_us + MICROS_PER_SECOND - 1) / MICROS_PER_SECOND;
    return request_allow(r, REASON_TOO_MANY_TRIES, NULL);
}

static bool try_in(struct request *r, struct tries *tries, struct str account)
{
    int64_t wait_us;

    return tries_begin(tries, account, r->client_address, clock_monotonic_us(), &wait_us)
        || wait_first(r, wait_us);
}

bool proof_try_link(struct request *r, struct str account)
{
    return try_in(r, &link_tries, account);
}

bool proof_begin(struct request *r)
{
    if (r->state == NULL) r->state = ARENA_NEW(r->arena, struct proof);

    struct proof *proof = r->state;

    if (!principal_load(r->tx, caller_home(r), r->caller.user, &proof->user)) return false;
    proof->found = true;
    if (!email_key(r->arena, proof->user.email, &proof->account))
        proof->account = proof->user.email;
    return true;
}

/* A try begins once a thread has time for it, and a right password ends it, whatever comes after: neither a busy server
   nor what else is refused makes anybody wait who knows theirs. */
bool proof_check_password(struct request *r)
{
    const struct proof_input *input = r->input;
    const struct proof *proof = r->state;

    if (!try_in(r, &failed_tries, proof->account)) return false;

    struct str hash = proof->found ? proof->user.password_hash : password_decoy();
    bool matches = password_verify(hash, input->password);

    if (!matches || !proof->found) return refuse_password(r);
    tries_succeeded(&failed_tries, proof->account, r->client_address, clock_monotonic_us());
    return true;
}

bool proof_hold(struct request *r, struct user *out)
{
    const struct proof *proof = r->state;
    const struct user *user = &proof->user;

    bool found;

    if (!principal_lock(r->tx, user->agency_id, user->id, out, &found)) return false;
    return (found && str_equal(out->password_hash, user->password_hash)) || refuse_password(r);
}

/* With the password's hash: see tries.h. */
static struct str code_account(struct request *r)
{
    const struct proof *proof = r->state;

    return str_format(r->arena, "%.*s\n%.*s", STR_ARG(proof->account),
                      STR_ARG(proof->user.password_hash));
}

bool proof_try_code(struct request *r, struct str account)
{
    int64_t wait_us;

    return tries_begin_code(&failed_tries, account, clock_monotonic_us(), &wait_us)
        || wait_first(r, wait_us);
}

void proof_code_succeeded(struct str account)
{
    tries_code_succeeded(&failed_tries, account, clock_monotonic_us());
}

static bool try_code(struct request *r)
{
    struct proof *proof = r->state;

    proof->code_tried = true;
    return proof_try_code(r, code_account(r));
}

static bool record_recovery_code(struct request *r, const struct user *user)
{
    if (is_sign_in(r))
        r->caller =
            (struct caller){ .agency = user->agency_id, .user = user->id, .name = user->name };
    return account_record(r, user, "user.recovery_code_used")
        && second_factor_tell(r->tx, user, "used with a recovery code");
}

/* A recovery code is too long to be guessed: those who have one need not wait for anybody. */
bool proof_check_code(struct request *r, const struct user *user)
{
    const struct proof_input *input = r->input;
    enum second_factor_answer answer;
    struct str digits;

    if (user->two_factor_at == INSTANT_NONE) return true;
    if (str_is_absent(input->code))
        return refuse(r, REASON_SIGN_IN_CODE_REQUIRED, REASON_CODE_REQUIRED, "code");
    if (code_is_totp(r->arena, input->code, &digits) && !try_code(r)) return false;
    if (!second_factor_check(r->tx, server_settings(r->server)->secret_key, user, input->code,
                             &answer))
        return false;
    if (answer == ANSWER_WRONG)
        return refuse(r, REASON_SIGN_IN_CODE_INVALID, REASON_CODE_INVALID, "code");
    return answer == ANSWER_CODE || record_recovery_code(r, user);
}

bool proof_succeeded(struct request *r)
{
    const struct proof *proof = r->state;

    if (proof->code_tried) proof_code_succeeded(code_account(r));
    return true;
}

bool proof_link_succeeded(struct request *r)
{
    const struct proof *proof = r->state;

    tries_succeeded(&link_tries, proof->account, r->client_address, clock_monotonic_us());
    return true;
}
