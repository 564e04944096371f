#include "engine/people.h"

#include "base/hash.h"
#include "base/id.h"
#include "domain/accounts.h"
#include "store/agencies.h"
#include "store/sessions.h"

#include <stdlib.h>

static int compare_ids(const void *a, const void *b)
{
    id64_t x = *(const id64_t *)a, y = *(const id64_t *)b;

    return (x > y) - (x < y);
}

/* Ascending, once each. */
static void sort_ids(struct arena *arena, struct id_set *set)
{
    id64_t *ids = ARENA_ARRAY(arena, id64_t, set->count + 1);
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++)
        ids[i] = set->at[i];
    qsort(ids, set->count, sizeof(*ids), compare_ids);
    for (size_t i = 0; i < set->count; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
    }
    *set = (struct id_set){ .is_all = set->is_all, .at = ids, .count = kept };
}

static bool lock(struct tx *tx, id64_t agency)
{
    int64_t version;

    return agency_next_version(tx, agency, &version);
}

bool access_settle(struct tx *tx, id64_t agency, struct access *access)
{
    struct id_set *set = &access->subaccounts;
    size_t grantable;

    sort_ids(tx->arena, set);
    enum reason reason = may_reach_so_far(access->role, set->is_all, set->count);
    if (reason != REASON_NONE) return fail_field_as(tx->problem, reason, STR("subaccounts"));
    if (access->role == ROLE_AGENCY_ADMIN) set->is_all = true;
    if (!grantable_count(tx, agency, set->at, set->count, &grantable)) return false;
    return grantable == set->count
        || fail_field_as(tx->problem, REASON_UNKNOWN_SUBACCOUNT, STR("subaccounts"));
}

static bool email_is_free(struct tx *tx, struct str key)
{
    bool is_taken;

    if (!email_is_taken(tx, key, &is_taken)) return false;
    return !is_taken || email_refuse_taken(tx);
}

bool person_invite(struct tx *tx, id64_t agency, id64_t inviter, struct str email,
                   struct access *access, struct invitation *out, struct str *token)
{
    struct str key;

    if (!email_key(tx->arena, email, &key))
        return fail_field_as(tx->problem, REASON_BAD_EMAIL, STR("email"));
    if (!lock(tx, agency) || !access_settle(tx, agency, access) || !email_is_free(tx, key))
        return false;
    *token = token_new(tx->arena);
    *out = (struct invitation){
        .agency_id = agency,
        .id = id_new(tx->now),
        .email = email,
        .email_key = key,
        .role = (int)access->role,
        .state = INVITATION_PENDING,
        .reaches_all = access->subaccounts.is_all,
        .invited_by = inviter,
        .created_at = tx->now,
        .sent_at = tx->now,
        .expires_at = tx->now + INVITATION_VALID,
    };
    struct hash hash = hash_of(*token);
    return invitation_insert(tx, out, &hash, access->subaccounts.at, access->subaccounts.count);
}

bool invitation_renew_link(struct tx *tx, struct invitation *invitation, struct str *token)
{
    *token = token_new(tx->arena);
    invitation->sent_at = tx->now;
    invitation->expires_at = tx->now + INVITATION_VALID;
    struct hash hash = hash_of(*token);
    return invitation_renew(tx, invitation, &hash);
}

bool invitation_resend(struct tx *tx, id64_t agency, id64_t id, struct invitation *out,
                       struct str *token)
{
    return lock(tx, agency) && invitation_load(tx, agency, id, out)
        && invitation_renew_link(tx, out, token);
}

/* A role that an invitation must not give is refused again here, whatever the row says. */
static enum reason judge(const struct opened_invitation *opened, instant_t now)
{
    const struct invitation *invitation = &opened->invitation;
    enum reason reason =
        may_accept((enum invitation_state)invitation->state, invitation->expires_at, now);

    if (reason != REASON_NONE) return reason;
    if (may_change_user((enum role)invitation->role) != REASON_NONE)
        return REASON_INVITATION_UNKNOWN;
    reason = may_reach_so_far((enum role)invitation->role, invitation->reaches_all,
                              opened->n_subaccounts);
    return reason == REASON_SUBACCOUNTS_NEEDED ? REASON_INVITATION_EMPTY : REASON_NONE;
}

bool invitation_open(struct tx *tx, struct str token, struct opened_invitation *out)
{
    struct hash hash = hash_of(token);
    bool found;

    if (!invitation_find(tx, &hash, &out->invitation, &found)) return false;
    if (!found) return fail_as(tx->problem, REASON_INVITATION_UNKNOWN, NULL);
    if (!invitation_grants(tx, out->invitation.agency_id, out->invitation.id, &out->subaccounts,
                           &out->n_subaccounts))
        return false;
    enum reason reason = judge(out, tx->now);
    return reason == REASON_NONE || fail_as(tx->problem, reason, NULL);
}

bool invitation_accept(struct tx *tx, struct str token, struct str name, struct str password_hash,
                       struct user *out)
{
    struct opened_invitation opened;

    if (!invitation_open(tx, token, &opened)) return false;
    const struct invitation *invitation = &opened.invitation;
    *out = (struct user){
        .agency_id = invitation->agency_id,
        .id = id_new(tx->now),
        .email = invitation->email,
        .name = name,
        .password_hash = password_hash,
        .role = invitation->role,
        .reaches_all = invitation->reaches_all,
        .created_at = tx->now,
        .last_seen_at = INSTANT_NONE,
        .two_factor_at = INSTANT_NONE,
    };
    return lock(tx, invitation->agency_id) && invitation_settle(tx, invitation, INVITATION_ACCEPTED)
        && user_insert(tx, out, invitation->email_key)
        && user_set_grants(tx, out->agency_id, out->id, opened.subaccounts, opened.n_subaccounts);
}

bool person_change(struct tx *tx, const struct user *before, struct access *access,
                   struct user *after)
{
    enum reason reason = may_change_user((enum role)before->role);

    if (reason != REASON_NONE) return fail_as(tx->problem, reason, NULL);
    if (!access_settle(tx, before->agency_id, access)) return false;
    *after = *before;
    after->role = (int)access->role;
    after->reaches_all = access->subaccounts.is_all;
    return user_set_role(tx, after)
        && user_set_grants(tx, after->agency_id, after->id, access->subaccounts.at,
                           access->subaccounts.count);
}

bool person_remove(struct tx *tx, const struct user *user)
{
    enum reason reason = may_change_user((enum role)user->role);

    if (reason != REASON_NONE) return fail_as(tx->problem, reason, NULL);
    return user_delete(tx, user->agency_id, user->id);
}

bool ownership_transfer(struct tx *tx, const struct user *owner, const struct user *heir)
{
    enum reason reason = may_become_owner((enum role)heir->role);
    struct user admin = *owner, new_owner = *heir;

    if (reason != REASON_NONE) return fail_as(tx->problem, reason, "user_id");
    admin.role = ROLE_AGENCY_ADMIN;
    new_owner.role = ROLE_AGENCY_OWNER;
    new_owner.reaches_all = admin.reaches_all = true;
    /* In this order: a unique index allows one owner at a time. */
    return user_set_role(tx, &admin) && user_set_role(tx, &new_owner)
        && user_set_grants(tx, heir->agency_id, heir->id, NULL, 0);
}
