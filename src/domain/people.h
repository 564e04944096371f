/* Users, roles and invitations (domain.md §12, §13): who may become what. Pure. */
#ifndef DOMAIN_PEOPLE_H
#define DOMAIN_PEOPLE_H

#include "base/reason.h"
#include "base/types.h"
#include "domain/roles.h"

/* An invitation's link is valid so long. */
#define INVITATION_VALID (7 * MICROS_PER_DAY)

/* How many sub-accounts one person can be granted by name; whoever needs more is given all. */
enum { GRANTS_MAX = 1000 };

enum invitation_state { INVITATION_PENDING, INVITATION_ACCEPTED, INVITATION_WITHDRAWN };
extern const char *const invitation_state_names[];

/* The roles that can be given to people: all but the owner's, which only set-up and transfer give. */
extern const char *const assignable_role_names[];

/* The role of a position in assignable_role_names. */
enum role assignable_role(int position);

/* Whether a role and a reach fit together: an Agency Admin reaches everything anyway, an Agency Member may have no
   grants beside the primary, client roles need some or all. `named` is how many accounts are named.
   REASON_NONE, REASON_SUBACCOUNTS_NEEDED or REASON_SUBACCOUNTS_UNUSED. */
enum reason may_reach_so_far(enum role role, bool all, size_t named);

/* Whether somebody's role or reach may be changed, or they be removed: not the owner's. */
enum reason may_change_user(enum role role);

/* Whether ownership may go to somebody of this role. */
enum reason may_become_owner(enum role role);

/* Whether a link opens at `now`: REASON_NONE, or why not. */
enum reason may_accept(enum invitation_state state, instant_t expires_at, instant_t now);

#endif
