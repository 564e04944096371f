/* Users and invitations of an agency (domain.md §12, §13): inviting, accepting, changing roles and reach, removing,
   handing over ownership. Every change begins with the agency's lock, so that they come one after another. */
#ifndef ENGINE_PEOPLE_H
#define ENGINE_PEOPLE_H

#include "base/field.h"
#include "store/invitations.h"
#include "store/users.h"

/* A role with what it reaches. */
struct access {
    enum role role;
    struct id_set subaccounts;
};

/* The reach that fits the role (may_reach_so_far), every named account being a secondary one of the agency that was not
   removed: problems name the field "subaccounts". The ids come out ascending and once each. */
bool access_settle(struct tx *tx, id64_t agency, struct access *access);

/* A pending invitation and the secret of its link. REASON_EMAIL_TAKEN when anybody in the system has the address. */
bool person_invite(struct tx *tx, id64_t agency, id64_t inviter, struct str email,
                   struct access *access, struct invitation *out, struct str *token);

/* A new link for seven days more; the old one dies. */
bool invitation_resend(struct tx *tx, id64_t agency, id64_t id, struct invitation *out,
                       struct str *token);

/* The same for an invitation that was loaded in this transaction, when its mail is sent. */
bool invitation_renew_link(struct tx *tx, struct invitation *invitation, struct str *token);

/* What a link opens: REASON_INVITATION_… when it does not. `subaccounts` are those still there. */
struct opened_invitation {
    struct invitation invitation;
    const id64_t *subaccounts;
    size_t n_subaccounts;
};
bool invitation_open(struct tx *tx, struct str token, struct opened_invitation *out);

/* The invited person becomes a user. Of two at once one wins. */
bool invitation_accept(struct tx *tx, struct str token, struct str name, struct str password_hash,
                       struct user *out);

/* Role and reach from the next request on. */
bool person_change(struct tx *tx, const struct user *before, struct access *access,
                   struct user *after);

/* Sessions, grants and API keys that they made end with them. */
bool person_remove(struct tx *tx, const struct user *user);

/* The owner becomes an admin and the admin the owner, in one step: there is exactly one at any time. */
bool ownership_transfer(struct tx *tx, const struct user *owner, const struct user *heir);

#endif
