/* Proof of who somebody is: a password, and the code of a second factor where they have one. For signing in, and for
   what a session that somebody else got hold of must not be able to do.

   The stages of a route that asks for it:
       {READ, proof_begin} {HASHING, proof_check_password} {WRITE, its own, with proof_hold and proof_check_code}
       {INLINE, proof_succeeded}
   r->state is a struct proof, or begins with one; r->input begins with a struct proof_input. A password's try
   counts from when it is looked at, and is forgiven when it is right; a code's, by the last stage, after the commit. */
#ifndef API_PROOF_H
#define API_PROOF_H

#include "domain/accounts.h"
#include "domain/second_factor.h"
#include "http/request.h"
#include "store/users.h"

struct proof_input {
    struct str password, code;
};

/* Its fields within another input struct, whose first member `proof` it is. */
/* clang-format off */
#define PROOF_PASSWORD(input, name)                                                                          \
    FIELD_AS(name, input, proof.password, FIELD_IS_TEXT, .min = 1, .max = PASSWORD_MAX_CHARS,                \
             .flags = FIELD_REQUIRED)
#define PROOF_CODE(input) FIELD_AS("code", input, proof.code, FIELD_IS_TEXT, .min = 1, .max = CODE_MAX_CHARS)
/* clang-format on */

struct proof {
    struct str account; /* as tries are counted */
    struct user user;   /* when the password was looked at */
    bool found;         /* false: nobody has this address */
    bool code_tried;
};

/* Counts a try of a link by mail from here, which makes nobody wait who signs in: REASON_TOO_MANY_TRIES, with when to
   come again. */
bool proof_try_link(struct request *r, struct str account);

/* READ: whoever is signed in. Leaves a fresh struct proof in r->state if nothing is there yet. */
bool proof_begin(struct request *r);

/* HASHING: nobody's password costs the same time as a wrong one. Who has tried too often is told when to come again,
   and nothing is hashed for them. */
bool proof_check_password(struct request *r);

/* WRITE: the user, held until the transaction ends, with the password that was looked at. One that was changed
   meanwhile is a wrong one. */
bool proof_hold(struct request *r, struct user *out);

/* WRITE: the code, of who has a second factor; one that is used up is in the audit trail. */
bool proof_check_code(struct request *r, const struct user *user);

/* A try of a code of `account`, wherever it comes from: REASON_TOO_MANY_TRIES. */
bool proof_try_code(struct request *r, struct str account);
void proof_code_succeeded(struct str account);

/* INLINE, after the commit. */
bool proof_succeeded(struct request *r);
bool proof_link_succeeded(struct request *r);

#endif
