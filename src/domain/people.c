#include "domain/people.h"

#include <assert.h>
#include <stddef.h>

const char *const invitation_state_names[] = { "pending", "accepted", "revoked", NULL };

const char *const assignable_role_names[] = { "agency_admin", "agency_member", "subaccount_admin",
                                              "subaccount_member", NULL };

enum role assignable_role(int position)
{
    static const enum role roles[] = { ROLE_AGENCY_ADMIN, ROLE_AGENCY_MEMBER, ROLE_SUBACCOUNT_ADMIN,
                                       ROLE_SUBACCOUNT_MEMBER };

    assert(position >= 0 && (size_t)position < COUNT_OF(roles));
    return roles[position];
}

enum reason may_reach_so_far(enum role role, bool all, size_t named)
{
    if (role == ROLE_AGENCY_ADMIN && named > 0) return REASON_SUBACCOUNTS_UNUSED;
    if (role_is_client(role) && !all && named == 0) return REASON_SUBACCOUNTS_NEEDED;
    return REASON_NONE;
}

enum reason may_change_user(enum role role)
{
    return role == ROLE_AGENCY_OWNER ? REASON_OWNER_IS_FIXED : REASON_NONE;
}

enum reason may_become_owner(enum role role)
{
    return role == ROLE_AGENCY_ADMIN ? REASON_NONE : REASON_NOT_AN_ADMIN;
}

enum reason may_accept(enum invitation_state state, instant_t expires_at, instant_t now)
{
    if (state == INVITATION_ACCEPTED) return REASON_INVITATION_USED;
    if (state == INVITATION_WITHDRAWN) return REASON_INVITATION_REVOKED;
    return now < expires_at ? REASON_NONE : REASON_INVITATION_EXPIRED;
}
