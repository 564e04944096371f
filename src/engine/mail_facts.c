/* What mails say, looked up when they are sent, and where their links come from. */
#include "engine/mail.h"

#include "base/hash.h"
#include "domain/people.h"
#include "engine/people.h"
#include "engine/user_links.h"
#include "store/agencies.h"
#include "store/invitations.h"
#include "store/names.h"
#include "store/payouts.h"
#include "store/renewals.h"
#include "store/users.h"

/* What one template needs beyond what all have. A template with a link makes its token here, stores the token's hash,
   and says when it expires. Sets is_void when there is nothing to send any more. */
typedef bool (*filler)(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts);

static bool fill_invitation(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts)
{
    struct invitation invitation;
    const id64_t *ids;

    if (!invitation_load(tx, item->agency_id, item->about_id, &invitation)) return false;
    if (invitation.state != INVITATION_PENDING) {
        facts->is_void = true;
        return true;
    }
    facts->address = invitation.email;
    facts->role = (enum role)invitation.role;
    facts->reaches_all = invitation.reaches_all;
    if (!invitation_renew_link(tx, &invitation, &facts->token)
        || !invitation_grants(tx, item->agency_id, invitation.id, &ids, &facts->n_accounts))
        return false;
    facts->expires_at = invitation.expires_at;
    struct str *names = ARENA_ARRAY(tx->arena, struct str, facts->n_accounts + 1);
    facts->accounts = names;
    return names_find(tx, item->agency_id, ids, facts->n_accounts, names);
}

/* Nobody waits for it any more when the password was changed meanwhile. */
static bool fill_reset(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts)
{
    return user_link_make(tx, item->agency_id, item->user_id, LINK_RESET_PASSWORD, &facts->token,
                          &facts->expires_at);
}

/* One of the two links of a change of address, which may have been taken back meanwhile, or be one to another. */
static bool fill_change(struct tx *tx, const struct outbox_item *item, enum link_purpose purpose,
                        struct mail_facts *facts, struct email_change *change)
{
    bool found;

    if (!email_change_find(tx, item->agency_id, item->user_id, change, &found)) return false;
    facts->is_void = !found;
    if (!found) return true;
    if (!user_link_make(tx, item->agency_id, item->user_id, purpose, &facts->token,
                        &facts->expires_at))
        return false;
    if (facts->expires_at > change->expires_at) facts->expires_at = change->expires_at;
    return true;
}

static bool fill_change_confirm(struct tx *tx, const struct outbox_item *item,
                                struct mail_facts *facts)
{
    struct email_change change;

    if (!fill_change(tx, item, LINK_CONFIRM_NEW_EMAIL, facts, &change)) return false;
    if (!facts->is_void) facts->address = change.email;
    return true;
}

static bool fill_change_notice(struct tx *tx, const struct outbox_item *item,
                               struct mail_facts *facts)
{
    struct email_change change;

    if (!fill_change(tx, item, LINK_CONFIRM_OLD_EMAIL, facts, &change)) return false;
    if (!facts->is_void) facts->detail = change.email;
    return true;
}

/* What a renewal would have paid out; the next one looks again. */
static bool fill_kept(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts)
{
    struct renewal renewal;
    bool found;

    if (!renewal_find(tx, item->agency_id, item->about_id, &renewal, &found)) return false;
    facts->is_void = !found;
    if (!found) return true;
    facts->amount = renewal.payable;
    facts->due_at = renewal.end_at;
    return true;
}

static bool fill_payout(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts)
{
    struct payout payout;
    bool found;

    if (!payout_find(tx, item->about_id, &payout, &found)) return false;
    facts->is_void = !found;
    if (!found) return true;
    facts->amount = payout.amount;
    facts->detail = payout.failure;
    return true;
}

/* Who builds a flow with a link adds its row here; a template without a link that needs nothing of its own has none. */
static const filler fillers[MAIL_TEMPLATE_COUNT] = {
    [MAIL_INVITATION] = fill_invitation,               /* about: the invitation */
    [MAIL_PASSWORD_RESET] = fill_reset,                /* to, about: the user */
    [MAIL_EMAIL_CHANGE_CONFIRM] = fill_change_confirm, /* the same; goes to the new address */
    [MAIL_EMAIL_CHANGE_NOTICE] = fill_change_notice,   /* the same */
    [MAIL_PAYOUT_KEPT] = fill_kept,                    /* about: the renewal */
    [MAIL_PAYOUT_FAILED] = fill_payout,                /* about: the payout */
};

static bool fill_agency(struct tx *tx, id64_t id, struct mail_facts *facts)
{
    struct agency agency;

    if (!agency_load(tx, id, &agency)) return false;
    facts->agency_name = str_is_absent(agency.branding_name) ? agency.name : agency.branding_name;
    facts->colour = agency.branding_colour;
    facts->zone = zone_find(agency.timezone);
    return true;
}

/* A person who has left gets no mail, unless it goes to an address of its own. */
static bool fill_recipient(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts)
{
    struct user user = { 0 };
    bool found = true;

    facts->address = item->address;
    if (item->user_id == ID_NONE) return true;
    if (!user_find(tx, item->agency_id, item->user_id, &user, &found)) return false;
    facts->name = user.name;
    if (str_is_absent(facts->address)) facts->address = user.email;
    facts->is_void = str_is_absent(facts->address);
    return true;
}

static bool fill_names(struct tx *tx, const struct outbox_item *item, struct mail_facts *facts)
{
    const id64_t ids[] = { item->by_id, item->about_id };
    struct str names[COUNT_OF(ids)];

    if (!names_find(tx, item->agency_id, ids, COUNT_OF(ids), names)) return false;
    facts->by = names[0];
    facts->about = names[1];
    return true;
}

bool mail_facts_load(struct tx *tx, const struct outbox_item *item, struct mail_facts *out)
{
    *out = (struct mail_facts){
        .template = (enum mail_template)item->template,
        .expires_at = INSTANT_NONE,
        .happened_at = item->created_at,
        .due_at = item->due_at,
        .detail = item->detail,
        .is_about_recipient = item->about_id != ID_NONE && item->about_id == item->user_id,
    };
    if (!fill_agency(tx, item->agency_id, out) || !fill_names(tx, item, out)
        || !fill_recipient(tx, item, out))
        return false;
    filler fill = fillers[item->template];
    if (!out->is_void && fill != NULL && !fill(tx, item, out)) return false;
    /* A link that nobody makes yet, or nobody to write to. */
    if ((mail_link_page(out->template) != NULL && str_is_absent(out->token))
        || str_is_absent(out->address))
        out->is_void = true;
    return true;
}
