/* The permission matrix and scope (domain.md §12). */
#include "domain/roles.h"

#include <assert.h>

const char *const role_names[] = {
    "agency_owner", "agency_admin", "agency_member", "subaccount_admin", "subaccount_member", NULL,
};

const char *const permission_names[] = {
#define PERMISSION(name, text, owner, admin, member, sub_admin, sub_member) text,
#include "domain/permissions.def"
#undef PERMISSION
    NULL,
};

const char *const key_scope_names[] = { "calls:write", "reservations:write", "read", NULL };

/* One byte a cell: the matrix stays within a few cache lines, and every request looks at it. */
static const unsigned char matrix[PERMISSION_COUNT][ROLE_COUNT] = {
#define PERMISSION(name, text, owner, admin, member, sub_admin, sub_member) \
    { GRANT_##owner, GRANT_##admin, GRANT_##member, GRANT_##sub_admin, GRANT_##sub_member },
#include "domain/permissions.def"
#undef PERMISSION
};

bool permission_is_platforms(enum permission permission)
{
    return permission == CAN_PLATFORM_VIEW || permission == CAN_PLATFORM_PLANS
        || permission == CAN_PLATFORM_SETTLE || permission == CAN_PLATFORM_OPERATE
        || permission == CAN_PLATFORM_ENTER || permission == CAN_PLATFORM_LEAVE;
}

/* Outside every agency there is none to leave. */
static enum grant platform_admin_grant(enum permission permission)
{
    return permission_is_platforms(permission) && permission != CAN_PLATFORM_LEAVE ? GRANT_YES
                                                                                   : GRANT_NO;
}

bool role_is_client(enum role role)
{
    return role == ROLE_SUBACCOUNT_ADMIN || role == ROLE_SUBACCOUNT_MEMBER;
}

enum grant role_grant(enum role role, enum permission permission)
{
    if (permission == CAN_ANYONE || permission == CAN_SIGNED_IN) return GRANT_YES;
    assert(permission < PERMISSION_COUNT);
    if (role == ROLE_PLATFORM_ADMIN) return platform_admin_grant(permission);
    assert(role < ROLE_COUNT);
    return (enum grant)matrix[permission][role];
}

static bool is_granted(const struct reach *reach, id64_t subaccount)
{
    size_t low = 0, high = reach->n_granted;

    if (reach->all) return true;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (reach->granted[middle] == subaccount) return true;
        if (reach->granted[middle] < subaccount)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Whoever sees a sub-account at all may view its workspace: that row of the matrix is the role's
   scope. */
static bool is_in_scope(enum role role, const struct reach *reach, id64_t subaccount)
{
    switch (role_grant(role, CAN_WORKSPACE_VIEW)) {
    case GRANT_ALL: return true;
    case GRANT_SCOPE: return subaccount == reach->primary || is_granted(reach, subaccount);
    /* A client's person who reaches all accounts reaches those of clients: the primary is the agency's. */
    case GRANT_GRANTED:
        return is_granted(reach, subaccount) && !(reach->all && subaccount == reach->primary);
    case GRANT_NO:
    case GRANT_YES:
    case GRANT_OWN: break;
    }
    return false;
}

enum reason may_do(enum role role, enum permission permission)
{
    return role_grant(role, permission) == GRANT_NO ? REASON_NOT_ALLOWED : REASON_NONE;
}

enum reason may_reach(enum role role, enum permission permission, const struct reach *reach,
                      id64_t subaccount)
{
    if (subaccount == ID_NONE || !is_in_scope(role, reach, subaccount)) return REASON_NOT_FOUND;
    return may_do(role, permission);
}

enum reason may_act_for_platform(enum role role, bool is_staff, enum permission permission)
{
    if (!is_staff) return REASON_NOT_FOUND;
    if (role == ROLE_PLATFORM_ADMIN) return may_do(role, permission);
    return permission == CAN_PLATFORM_LEAVE ? REASON_NONE : REASON_NOT_FOUND;
}
