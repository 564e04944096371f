#include "engine/second_factor.h"

#include "base/rng.h"
#include "base/seal.h"
#include "engine/mail.h"
#include "store/second_factors.h"

#define PURPOSE "totp-key"

/* Sealed for one user: another's row does not open it. */
static struct str context_of(struct tx *tx, const struct user *user)
{
    return str_format(tx->arena, "totp %lld %lld", (long long)user->agency_id, (long long)user->id);
}

static bool key_of(struct tx *tx, struct str secret_key, struct seal_key *out)
{
    if (str_is_absent(secret_key)) return fail_as(tx->problem, REASON_SECRET_KEY_MISSING, NULL);
    *out = seal_key_of(secret_key, PURPOSE);
    return true;
}

static bool open_secret(struct tx *tx, struct str secret_key, const struct user *user,
                        struct bytes sealed, struct bytes *out)
{
    struct seal_key key;

    return key_of(tx, secret_key, &key)
        && (seal_open(tx->arena, &key, sealed, context_of(tx, user), out)
            || fail(tx->problem, REASON_INTERNAL, NULL,
                    "an authenticator's secret does not open with this server's secret key"));
}

bool second_factor_begin(struct tx *tx, struct str secret_key, const struct user *user,
                         struct bytes *secret)
{
    unsigned char *fresh = arena_alloc_raw(tx->arena, TOTP_SECRET_BYTES);
    struct seal_key key;

    if (!key_of(tx, secret_key, &key)) return false;
    rng_secure(fresh, TOTP_SECRET_BYTES);
    *secret = (struct bytes){ fresh, TOTP_SECRET_BYTES };
    return user_totp_set_pending(tx, user->agency_id, user->id,
                                 seal(tx->arena, &key, *secret, context_of(tx, user)));
}

static bool is_pending(const struct tx *tx, const struct user_totp *totp, bool found)
{
    return found && totp->pending_sealed.at != NULL
        && tx->now - totp->pending_at < TOTP_SETUP_VALID;
}

bool second_factor_confirm(struct tx *tx, struct str secret_key, const struct user *user,
                           struct str code, struct str *recovery_codes)
{
    struct user_totp totp;
    struct bytes secret;
    struct str digits;
    bool found;

    if (!user_totp_find(tx, user->agency_id, user->id, &totp, &found)) return false;
    if (!is_pending(tx, &totp, found))
        return fail_as(tx->problem, REASON_TWO_FACTOR_NOT_PENDING, NULL);
    if (!open_secret(tx, secret_key, user, totp.pending_sealed, &secret)) return false;

    int64_t step =
        code_is_totp(tx->arena, code, &digits) ? totp_step(secret, digits, tx->now, 0) : -1;

    if (step < 0) return fail_as(tx->problem, REASON_CODE_INVALID, "code");
    return user_totp_confirm(tx, user->agency_id, user->id, step)
        && recovery_codes_renew(tx, user, recovery_codes);
}

static bool check_totp(struct tx *tx, struct str secret_key, const struct user *user,
                       struct str digits, bool *right)
{
    struct user_totp totp;
    struct bytes secret;
    bool found;

    *right = false;
    if (!user_totp_find(tx, user->agency_id, user->id, &totp, &found)) return false;
    if (!found || totp.sealed.at == NULL) return true;
    if (!open_secret(tx, secret_key, user, totp.sealed, &secret)) return false;

    int64_t step = totp_step(secret, digits, tx->now, totp.last_step);

    return step < 0 || user_totp_take_step(tx, user->agency_id, user->id, step, right);
}

bool second_factor_check(struct tx *tx, struct str secret_key, const struct user *user,
                         struct str code, enum second_factor_answer *out)
{
    bool right = false;
    struct str digits;
    bool is_totp = code_is_totp(tx->arena, code, &digits);
    struct hash hash = hash_of(recovery_code_key(tx->arena, code));
    bool checked = is_totp ? check_totp(tx, secret_key, user, digits, &right)
                           : recovery_code_take(tx, user->agency_id, user->id, &hash, &right);

    *out = !right ? ANSWER_WRONG : is_totp ? ANSWER_CODE : ANSWER_RECOVERY_CODE;
    return checked;
}

bool recovery_codes_renew(struct tx *tx, const struct user *user, struct str *out)
{
    struct hash hashes[RECOVERY_CODES];

    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        unsigned char random[RECOVERY_CODE_BYTES];

        rng_secure(random, sizeof(random));
        out[i] = recovery_code_text(tx->arena, random);
        hashes[i] = hash_of(recovery_code_key(tx->arena, out[i]));
    }
    return recovery_codes_replace(tx, user->agency_id, user->id, hashes, RECOVERY_CODES);
}

/* One transaction may do two things that are told. */
bool second_factor_tell(struct tx *tx, const struct user *user, const char *what)
{
    const struct mail_order order = {
        .to = user->id,
        .about = user->id,
        .detail = str_from_c(what),
        .once =
            str_format(tx->arena, "%lld %s %lld", (long long)user->id, what, (long long)tx->now),
    };

    return mail_post(tx, user->agency_id, MAIL_TWO_FACTOR_CHANGED, &order);
}
