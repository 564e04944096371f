/* The second factor of a sign-in (domain.md §12): codes of an authenticator app (RFC 6238 as all apps have it: SHA-1,
   6 digits, 30 seconds), and recovery codes for the day when the app is gone. Pure. */
#ifndef DOMAIN_SECOND_FACTOR_H
#define DOMAIN_SECOND_FACTOR_H

#include "base/reason.h"
#include "base/str.h"
#include "base/types.h"

enum {
    TOTP_SECRET_BYTES = 20, /* RFC 4226 §4: 160 bits */
    TOTP_DIGITS = 6,
    TOTP_STEP_SECONDS = 30,
    TOTP_WINDOW_STEPS =
        1, /* codes of so many steps before and after count, for clocks that differ */
    RECOVERY_CODES = 10,
    RECOVERY_CODE_BYTES = 10, /* 80 bits: nobody guesses one, so a plain hash of it may be kept */
    RECOVERY_CODE_CHARS = 16,
    CODE_MAX_CHARS = 40, /* of either, as people type them */
};

/* How long a secret that was shown waits for its first code. */
#define TOTP_SETUP_VALID MICROS_PER_HOUR

/* The time step that `code` is of; -1 when it is of none near `now` or of one that is not after `last_step`, as each
   code counts once. Takes the same time whatever is wrong. */
int64_t totp_step(struct bytes secret, struct str code, instant_t now, int64_t last_step);

/* The secret as people type it into an app (base32), and as a QR code holds it. */
struct str totp_secret_text(struct arena *arena, struct bytes secret);
struct str totp_url(struct arena *arena, struct bytes secret, struct str issuer,
                    struct str account);

/* Whether what somebody typed is meant as an app's code: TOTP_DIGITS digits, blanks apart, which `*digits` gets. */
bool code_is_totp(struct arena *arena, struct str typed, struct str *digits);

/* "k3v9-m2c5-x1qy-0abc" of RECOVERY_CODE_BYTES random bytes, and what is compared of such a text as people type it:
   without blanks and dashes, in lower case, O for 0, I and L for 1. */
struct str recovery_code_text(struct arena *arena, const unsigned char *random);
struct str recovery_code_key(struct arena *arena, struct str typed);

/* Whether somebody may do without: not when the agency asks for it. */
enum reason may_end_second_factor(bool is_on, bool is_required);

#endif
