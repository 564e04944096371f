/* What users and invitations show alike: a role with what it reaches. */
#ifndef API_PEOPLE_H
#define API_PEOPLE_H

#include "engine/people.h"
#include "http/request.h"

/* Role and reach as they are sent; `role` is a position in assignable_role_names. */
struct access_input {
    int role;
    struct id_set subaccounts;
};

/* Its fields within another input struct, whose member `access` it is. */
/* clang-format off */
#define ACCESS_INPUT_FIELDS(input, access, is_required)                                                      \
    FIELD_AS("role", input, access.role, FIELD_IS_NAME, .names = assignable_role_names, .flags = (is_required)), \
    FIELD_AS("subaccounts", input, access.subaccounts, FIELD_IS_ID_SET, .id_kind = ID_SUBACCOUNT,            \
             .max = GRANTS_MAX)
/* clang-format on */

struct access access_of(const struct access_input *input);

/* Reach as JSON: "all", or an array of {id, name}. */
struct named_subaccount {
    id64_t id;
    struct str name;
};
struct str reach_json(struct arena *arena, bool is_all, const struct named_subaccount *accounts,
                      size_t n);

/* Role and reach for the audit trail. */
struct str access_record(struct request *r, struct str email, enum role role, bool is_all,
                         const id64_t *subaccounts, size_t n);

#endif
