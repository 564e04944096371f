/* Agencies and sub-accounts (domain.md §2): what they are and what their people may enter. Pure. */
#ifndef DOMAIN_ACCOUNTS_H
#define DOMAIN_ACCOUNTS_H

#include "base/field.h"
#include "base/zone.h"
#include "domain/hold_settings.h"
#include "domain/money.h"
#include "domain/tier.h"

enum {
    NAME_MAX_CHARS = 120,
    EMAIL_MAX_CHARS = 254,
    REFERENCE_MAX_CHARS = 64,
    SUSPENSION_NOTE_MAX = 150
};
enum { PASSWORD_MIN_CHARS = 12, PASSWORD_MAX_CHARS = 200 };

enum subaccount_kind { SUBACCOUNT_PRIMARY, SUBACCOUNT_SECONDARY };
extern const char *const subaccount_kind_names[];
enum subaccount_status { SUBACCOUNT_ACTIVE, SUBACCOUNT_SUSPENDED, SUBACCOUNT_REMOVED };
extern const char *const subaccount_status_names[];
enum agency_status { AGENCY_ACTIVE, AGENCY_DELETING, AGENCY_DELETED };
extern const char *const agency_status_names[];
enum plan_model { PLAN_CONSUMPTION, PLAN_PARTNER_LEGACY };
extern const char *const plan_model_names[];

struct plan {
    struct str code, name;
    int model;
    micros_t monthly_fee;
    int64_t subaccount_cap; /* secondary accounts; -1: no cap */
    seconds_t included[TIER_COUNT];
    bool included_monthly;    /* else once, at the start */
    int64_t knowledge_packs;  /* credits that it includes */
    micros_t knowledge_price; /* of one more; MICROS_NONE: none are sold */
    micros_t base_prices[TIER_COUNT];
    bool white_label;
    bool offered; /* agencies may change to it */
};

enum { AGENCY_SHARE_MAX = 16, AGENCY_REQUESTS_MAX = 1000000 };

struct agency {
    id64_t id;
    struct str name, timezone, plan_code;
    struct str next_plan_code; /* the plan from next_plan_at on; absent: no change is ordered */
    instant_t next_plan_at;
    int status;
    struct date subscription_start;            /* the billing anchor */
    struct str branding_name, branding_colour; /* absent: none */
    struct increment increment;                /* now in force */
    micros_t default_prices[TIER_COUNT];       /* of new sub-accounts; MICROS_NONE: base price */
    micros_t payout_threshold, credit_limit;   /* MICROS_NONE: no limit */
    id64_t primary_id;
    instant_t deletes_at;        /* when its data goes; INSTANT_NONE: it is not being deleted */
    int64_t requests_per_second; /* 0: as the operator has it for all */
    int64_t queue_share; /* so many times the turns and places of others: 1 to AGENCY_SHARE_MAX */
    bool two_factor_required; /* of all its people */
    struct hold_settings holds;
    int64_t version; /* goes up with every change to accounts, prices, status */
    instant_t created_at;
};

struct subaccount {
    id64_t agency_id, id;
    int kind, status;
    struct str name, email, reference, timezone; /* reference, timezone: absent when not set */
    struct str suspension_note;
    instant_t suspended_at;
    struct date billing_anchor;
    int64_t concurrency_limit; /* calls at once; CONCURRENCY_UNLIMITED: the agency's counts */
    instant_t created_at, removed_at;
};

/* How long the owner can take the deletion of an agency back. */
#define AGENCY_UNDO_TIME (14 * MICROS_PER_DAY)

/* Whether an agency may be deleted by somebody who typed `name`. */
enum reason may_delete_agency(const struct agency *agency, struct str name);

/* Whether its deletion may be taken back at `now`. */
enum reason may_undo_deletion(const struct agency *agency, instant_t now);

/* Whether a sub-account may be removed, suspended or restored (domain.md §7): REASON_NONE, REASON_PRIMARY_STAYS_ACTIVE,
   REASON_SUBACCOUNT_REMOVED, REASON_ALREADY_SUSPENDED or REASON_NOT_SUSPENDED. */
enum reason may_remove(const struct subaccount *account); /* §8: also REASON_PRIMARY_STAYS */
enum reason may_suspend(const struct subaccount *account);
enum reason may_restore(const struct subaccount *account);

/* Whether one more secondary account fits the plan: REASON_NONE or REASON_SUBACCOUNT_CAP. */
enum reason may_add_subaccount(int64_t cap, int64_t secondaries);

/* Whether the text is an address we can write to (local@domain.tld, IDN allowed), and its
   comparison key: NFKC, case-folded, domain in its ASCII (IDNA 2008) form. */
bool email_key(struct arena *arena, struct str email, struct str *key);

/* The address as mail is sent to it: the local part as it was given, the domain in ASCII. False when email_key is. */
bool email_to_send(struct arena *arena, struct str email, struct str *out);

/* "#rrggbb" */
bool colour_is_valid(struct str colour);

/* Long enough in code points, and no common word, pattern, or the user's address or agency's
   name with a little added: REASON_NONE, REASON_TOO_SHORT, REASON_TOO_LONG,
   REASON_WEAK_PASSWORD, or REASON_BAD_TEXT. `email` and `agency_name` may be absent. */
enum reason password_acceptable(struct arena *arena, struct str password, struct str email,
                                struct str agency_name);

#endif
