/* Agencies, plans and sub-accounts (domain.md §2). */
#include "domain/accounts.h"

const char *const subaccount_kind_names[] = { "primary", "secondary", NULL };
const char *const subaccount_status_names[] = { "active", "suspended", "removed", NULL };
const char *const agency_status_names[] = { "active", "deleting", "deleted", NULL };
const char *const plan_model_names[] = { "consumption", "partner_legacy", NULL };

enum reason may_delete_agency(const struct agency *agency, struct str name)
{
    if (agency->status != AGENCY_ACTIVE) return REASON_AGENCY_DELETING;
    return str_equal(str_trim(name), agency->name) ? REASON_NONE : REASON_NAME_DIFFERS;
}

enum reason may_undo_deletion(const struct agency *agency, instant_t now)
{
    if (agency->status != AGENCY_DELETING) return REASON_AGENCY_NOT_DELETING;
    return now < agency->deletes_at ? REASON_NONE : REASON_AGENCY_DELETING;
}

enum reason may_remove(const struct subaccount *account)
{
    if (account->kind == SUBACCOUNT_PRIMARY) return REASON_PRIMARY_STAYS;
    return account->status == SUBACCOUNT_REMOVED ? REASON_SUBACCOUNT_REMOVED : REASON_NONE;
}

enum reason may_suspend(const struct subaccount *account)
{
    if (account->kind == SUBACCOUNT_PRIMARY) return REASON_PRIMARY_STAYS_ACTIVE;
    if (account->status == SUBACCOUNT_REMOVED) return REASON_SUBACCOUNT_REMOVED;
    return account->status == SUBACCOUNT_ACTIVE ? REASON_NONE : REASON_ALREADY_SUSPENDED;
}

enum reason may_restore(const struct subaccount *account)
{
    if (account->status == SUBACCOUNT_REMOVED) return REASON_SUBACCOUNT_REMOVED;
    return account->status == SUBACCOUNT_SUSPENDED ? REASON_NONE : REASON_NOT_SUSPENDED;
}

enum reason may_add_subaccount(int64_t cap, int64_t secondaries)
{
    return cap < 0 || secondaries < cap ? REASON_NONE : REASON_SUBACCOUNT_CAP;
}

static bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool colour_is_valid(struct str colour)
{
    if (colour.len != 7 || colour.at[0] != '#') return false;
    for (size_t i = 1; i < colour.len; i++)
        if (!is_hex_digit(colour.at[i])) return false;
    return true;
}
