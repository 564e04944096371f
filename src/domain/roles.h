/* Roles, permissions and scope (domain.md §12). Access = role's permission ∩ scope: outside
   one's scope is "not found", inside but not allowed is "not allowed". Pure. */
#ifndef DOMAIN_ROLES_H
#define DOMAIN_ROLES_H

#include "base/reason.h"
#include "base/types.h"

enum role {
    ROLE_AGENCY_OWNER,
    ROLE_AGENCY_ADMIN,
    ROLE_AGENCY_MEMBER,
    ROLE_SUBACCOUNT_ADMIN,
    ROLE_SUBACCOUNT_MEMBER,
    ROLE_COUNT,
    ROLE_PLATFORM_ADMIN = ROLE_COUNT, /* outside every agency: no role of a user, never stored */
};
extern const char *const role_names[]; /* of users */

/* Whether it is a role of a client's own people. */
bool role_is_client(enum role role);

enum permission {
#define PERMISSION(name, text, owner, admin, member, sub_admin, sub_member) CAN_##name,
#include "domain/permissions.def"
#undef PERMISSION
    PERMISSION_COUNT,
    CAN_ANYONE,    /* no sign-in needed: health, sign-in, set-up */
    CAN_SIGNED_IN, /* any user, about themselves */
};
extern const char *const permission_names[]; /* NULL-terminated, the matrix's only */

/* What the matrix says. */
enum grant {
    GRANT_NO,
    GRANT_YES,
    GRANT_ALL,     /* every sub-account */
    GRANT_GRANTED, /* the sub-accounts granted to the user (a member also lists the primary) */
    GRANT_SCOPE,   /* the primary and the granted ones */
    GRANT_OWN,     /* a reduced view */
};
enum grant role_grant(enum role role, enum permission permission);

/* What API keys may be allowed to do. */
enum key_scope { SCOPE_CALLS_WRITE, SCOPE_RESERVATIONS_WRITE, SCOPE_READ, SCOPE_COUNT };
extern const char *const key_scope_names[];

/* Which sub-accounts somebody reaches: all of the agency's, or a sorted list. */
struct reach {
    bool all;
    id64_t primary;        /* the agency's primary sub-account */
    const id64_t *granted; /* ascending */
    size_t n_granted;
};

/* Whether a permission reaches a sub-account: REASON_NONE, REASON_NOT_FOUND when it is outside the
   scope of everything the role may see, REASON_NOT_ALLOWED when it may be seen but not this. */
enum reason may_reach(enum role role, enum permission permission, const struct reach *reach,
                      id64_t subaccount);

/* Whether a role has a permission at all, for routes without a sub-account. */
enum reason may_do(enum role role, enum permission permission);

/* Whether a permission is the platform's: the agency's people have none of them. */
bool permission_is_platforms(enum permission permission);

/* Whether somebody may do what is the platform's: REASON_NONE, REASON_NOT_ALLOWED, or for whoever is not of its staff
   REASON_NOT_FOUND. Staff who entered an agency have a role there, and of the platform's only the way out. */
enum reason may_act_for_platform(enum role role, bool is_staff, enum permission permission);

#endif
