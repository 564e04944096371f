/* What several resources show and ask: who may see cost, and the pieces of sub-accounts, plans and prices. */
#ifndef API_VIEWS_H
#define API_VIEWS_H

#include "http/request.h"
#include "store/agencies.h"
#include "store/plans.h"

/* Whether base prices, cost, margin and profit are shown to the caller: agency people with profits.view, and keys
   that are not bound to one sub-account. */
bool caller_sees_profits(const struct request *r);

/* may_reach for the caller. */
enum reason caller_may_reach(const struct request *r, enum permission permission,
                             id64_t subaccount);

/* A suspended account's own people change nothing, payments included; its agency's may (domain.md §7):
   REASON_SUBACCOUNT_SUSPENDED. */
bool refuse_suspended_client(struct request *r, id64_t subaccount);

/* The agency as all of its people may see it. */
struct agency_card {
    struct agency agency;
    bool demo;        /* the store's data is made up */
    bool sends_mail;  /* else whoever invites passes the link on */
    bool takes_cards; /* else every purchase is paid outside */
};
struct agency_card agency_card(const struct request *r, const struct agency *agency);
extern const struct field agency_card_fields[];
extern const struct field branding_fields[]; /* of a struct agency */

/* Its fields within another view, whose member `card` it is. */
/* clang-format off */
#define AGENCY_CARD_FIELDS(view, card)                                                                     \
    FIELD_AS("id", view, card.agency.id, FIELD_IS_ID, .id_kind = ID_AGENCY),                               \
    FIELD_AS("name", view, card.agency.name, FIELD_IS_TEXT),                                               \
    FIELD_AS("status", view, card.agency.status, FIELD_IS_NAME, .names = agency_status_names),             \
    FIELD_AS("timezone", view, card.agency.timezone, FIELD_IS_TEXT),                                       \
    FIELD_AS("branding", view, card.agency, FIELD_IS_OBJECT, .fields = branding_fields),                   \
    FIELD_AS("deletes_at", view, card.agency.deletes_at, FIELD_IS_INSTANT),                                \
    FIELD_AS("demo", view, card.demo, FIELD_IS_BOOLEAN),                                                   \
    FIELD_AS("sends_mail", view, card.sends_mail, FIELD_IS_BOOLEAN),                                       \
    FIELD_AS("takes_cards", view, card.takes_cards, FIELD_IS_BOOLEAN)
/* clang-format on */

/* A plan as the API shows it. */
struct plan_view {
    struct str code, name;
    int model;
    micros_t monthly_fee;
    struct str subaccount_cap; /* JSON: a number or null */
    seconds_t basic_seconds, premium_seconds;
    int every;
    int64_t knowledge_packs;
    micros_t knowledge_price;
};
extern const struct field plan_fields[];

/* Its "every": how often included minutes come. */
enum plan_every { PLAN_EVERY_ONCE, PLAN_EVERY_MONTH };
extern const char *const plan_every_names[];
struct plan_view plan_view(struct arena *arena, const struct plan *plan);

/* {count, accounts: [{id, name}]} of struct account_names. */
extern const struct field account_names_fields[];

/* A number as JSON text, null when it is negative: for caps. */
struct str json_cap(struct arena *arena, int64_t cap);

/* Likewise, null when it is 0: for limits that nobody set. */
struct str json_limit(struct arena *arena, int64_t limit);

/* {basic, premium} of prices; MICROS_NONE shows as null. */
struct tier_amounts {
    micros_t basic, premium;
};
extern const struct field tier_amounts_fields[];
struct tier_amounts tier_amounts(const micros_t amounts[TIER_COUNT]);

/* Prices as they are sent: of both tiers, each as a price or as a markup over base in percent; or base. */
struct prices_input {
    micros_t basic, premium;
    struct tier_amounts *markup_percent; /* NULL: none */
    bool apply_base_price;
};
extern const struct field prices_input_fields[];

/* As prices; MICROS_NONE for base. Both or neither: REASON_REQUIRED or REASON_EXCLUSIVE_FIELDS at `path` ("" or "prices").
   For a WRITE stage: a markup is over the base price of now, which is held until the transaction ends. */
bool prices_read(struct request *r, const struct prices_input *input, const char *path,
                 micros_t out[TIER_COUNT]);

#endif
