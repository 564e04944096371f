/* The agency's people: who they are, their roles and what they reach (api.md "users"). */
#include "engine/people_list.h"

#include "api/people.h"
#include "api/proof.h"
#include "api/routes.h"
#include "api/tables.h"
#include "engine/mail.h"
#include "store/agencies.h"
#include "store/sessions.h"

static const char *const sort_names[] = {
    "name", "-name", "email", "-email", "role", "-role", "last_seen_at", "-last_seen_at", NULL,
};

static const char *const factor_names[] = { "on", "off", NULL }; /* as enum people_factor */

static const struct table table = { "users", sort_names };

struct user_query {
    struct page page;
    int sort, role, two_factor;
    struct str q;
};

struct user_patch {
    struct access_input access;
};

struct transfer_input {
    struct proof_input proof;
    id64_t user_id;
};

struct user_view {
    struct user user;
    struct str subaccounts;
    bool two_factor, is_you;
};

/* clang-format off */
static const struct field user_query_fields[] = {
    PAGE_FIELDS(struct user_query),
    FIELD_NAME(struct user_query, sort, sort_names),
    FIELD_NAME(struct user_query, role, role_names),
    FIELD_NAME(struct user_query, two_factor, factor_names),
    FIELD_TEXT(struct user_query, q, .min = 1, .max = 120),
    FIELD_END,
};

static const struct field user_patch_fields[] = {
    ACCESS_INPUT_FIELDS(struct user_patch, access, FIELD_REQUIRED),
    FIELD_END,
};

static const struct field transfer_fields[] = {
    FIELD_ID(struct transfer_input, user_id, ID_USER, .flags = FIELD_REQUIRED),
    PROOF_PASSWORD(struct transfer_input, "password"),
    PROOF_CODE(struct transfer_input),
    FIELD_END,
};

static const struct field user_fields[] = {
    FIELD_AS("id", struct user_view, user.id, FIELD_IS_ID, .id_kind = ID_USER),
    FIELD_AS("name", struct user_view, user.name, FIELD_IS_TEXT),
    FIELD_AS("email", struct user_view, user.email, FIELD_IS_TEXT),
    FIELD_AS("role", struct user_view, user.role, FIELD_IS_NAME, .names = role_names),
    FIELD_JSON(struct user_view, subaccounts),
    FIELD_AS("last_seen_at", struct user_view, user.last_seen_at, FIELD_IS_INSTANT),
    FIELD_AS("created_at", struct user_view, user.created_at, FIELD_IS_INSTANT),
    FIELD_BOOLEAN(struct user_view, two_factor),
    FIELD_BOOLEAN(struct user_view, is_you),
    FIELD_END,
};
/* clang-format on */

/* The grants of one user, which stand together in `grants` from *at on. */
static struct str reach_of(struct request *r, const struct user *user, const struct list *grants,
                           size_t *at)
{
    const struct user_grant *all = grants->at;
    struct named_subaccount *accounts =
        ARENA_ARRAY(r->arena, struct named_subaccount, grants->count - *at + 1);
    size_t n = 0;

    for (; *at < grants->count && all[*at].user == user->id; (*at)++)
        accounts[n++] = (struct named_subaccount){ all[*at].subaccount, all[*at].subaccount_name };
    return reach_json(r->arena, user->reaches_all, accounts, n);
}

static bool view_many(struct request *r, const struct list *users, struct user_view **out)
{
    const struct user *at = users->at;
    id64_t *ids = ARENA_ARRAY(r->arena, id64_t, users->count + 1);
    struct list grants;
    size_t next_grant = 0;

    for (size_t i = 0; i < users->count; i++)
        ids[i] = at[i].id;
    if (!user_grants_of(r->tx, r->caller.agency, ids, users->count, &grants)) return false;
    *out = ARENA_ARRAY(r->arena, struct user_view, users->count + 1);
    for (size_t i = 0; i < users->count; i++)
        (*out)[i] = (struct user_view){
            .user = at[i],
            .subaccounts = reach_of(r, &at[i], &grants, &next_grant),
            .two_factor = at[i].two_factor_at != INSTANT_NONE,
            .is_you = at[i].id == r->caller.user,
        };
    return true;
}

static bool reply_one(struct request *r, struct user *user)
{
    struct user_view *view;

    return view_many(r, &(struct list){ user, 1 }, &view)
        && request_reply(r, 200, user_fields, view);
}

static bool list_users(struct request *r)
{
    const struct user_query *query = r->query;
    struct table_ask ask;
    struct people_page page;
    struct user_view *views;

    if (!table_ask(r, &table, query->sort, &query->page, &ask)) return false;
    const struct people_filter filter = {
        .role = query->role,
        .two_factor = query->two_factor,
        .search = query->q,
        .sort = (enum people_sort)ask.column,
        .page = ask.page,
    };
    if (!people_page(r->tx, r->caller.agency, &filter, &page) || !view_many(r, &page.users, &views))
        return false;
    struct str next = page.has_more ? table_next(r, &ask, &page.last) : STR_NONE;
    return request_reply_list(r, user_fields, &(struct list){ views, page.users.count },
                              sizeof(*views), next, (int64_t)page.total);
}

/* The user of the path, under the agency's lock, so that changes of people come one after another. */
static bool load_locked(struct request *r, id64_t id, struct user *out)
{
    int64_t version;

    return agency_next_version(r->tx, r->caller.agency, &version)
        && user_load(r->tx, r->caller.agency, id, out);
}

static bool record_of_user(struct request *r, const struct user *user, struct str *out)
{
    const id64_t *grants;
    size_t n;

    if (!user_grants(r->tx, user->agency_id, user->id, &grants, &n)) return false;
    *out = access_record(r, user->email, (enum role)user->role, user->reaches_all, grants, n);
    return true;
}

static bool change_user(struct request *r)
{
    const struct user_patch *input = r->input;
    struct access access = access_of(&input->access);
    struct user before, after;
    struct str was, is;

    return load_locked(r, r->scope.user, &before) && record_of_user(r, &before, &was)
        && person_change(r->tx, &before, &access, &after) && record_of_user(r, &after, &is)
        && request_record(r, "user.access_changed", ID_USER, after.id, was, is)
        && reply_one(r, &after);
}

static bool remove_user(struct request *r)
{
    struct user user;
    struct str was;

    if (!load_locked(r, r->scope.user, &user) || !record_of_user(r, &user, &was)
        || !person_remove(r->tx, &user))
        return false;
    if (user.id == r->caller.user) r->response.set_cookie = request_session_cookie_cleared(r);
    return request_record(r, "user.removed", ID_USER, user.id, was, STR_NONE)
        && request_reply_empty(r, 204);
}

static bool end_sessions(struct request *r)
{
    struct user user;

    if (!load_locked(r, r->scope.user, &user)
        || !sessions_delete_of(r->tx, user.agency_id, user.id))
        return false;
    if (user.id == r->caller.user) r->response.set_cookie = request_session_cookie_cleared(r);
    return request_record(r, "user.signed_out", ID_USER, user.id, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

/* Both are told. */
static bool tell_of_transfer(struct request *r, const struct user *owner, const struct user *heir)
{
    struct mail_order order = { .to = heir->id, .about = heir->id, .by = owner->id };

    if (!mail_post(r->tx, heir->agency_id, MAIL_OWNERSHIP_TRANSFERRED, &order)) return false;
    order.to = owner->id;
    return mail_post(r->tx, heir->agency_id, MAIL_OWNERSHIP_TRANSFERRED, &order);
}

/* Whoever hands an agency over proves once more who they are. */
static bool transfer_ownership(struct request *r)
{
    const struct transfer_input *input = r->input;
    struct user owner, heir;
    struct str was, is;

    if (!load_locked(r, r->caller.user, &owner) || !proof_hold(r, &owner)
        || !proof_check_code(r, &owner))
        return false;
    if (owner.role != ROLE_AGENCY_OWNER) return request_allow(r, REASON_NOT_ALLOWED, NULL);
    return user_load(r->tx, r->caller.agency, input->user_id, &heir)
        && record_of_user(r, &heir, &was) && ownership_transfer(r->tx, &owner, &heir)
        && user_load(r->tx, r->caller.agency, heir.id, &heir) && record_of_user(r, &heir, &is)
        && request_record(r, "agency.ownership_transferred", ID_USER, heir.id, was, is)
        && tell_of_transfer(r, &owner, &heir) && reply_one(r, &heir);
}

/* clang-format off */
const struct route user_routes[] = {
    {GET, "/v1/users", CAN_USERS_VIEW, {{READ, list_users}}, .query = user_query_fields,
     .query_size = sizeof(struct user_query), .name = "listUsers"},
    {PATCH, "/v1/users/{user}", CAN_USERS_MANAGE, {{WRITE, change_user}}, .input = user_patch_fields,
     .input_size = sizeof(struct user_patch), .name = "updateUser"},
    {DELETE, "/v1/users/{user}", CAN_USERS_MANAGE, {{WRITE, remove_user}}, .name = "removeUser"},
    {DELETE, "/v1/users/{user}/sessions", CAN_USERS_MANAGE, {{WRITE, end_sessions}}, .name = "endUserSessions"},
    {POST, "/v1/agency/transfer_ownership", CAN_AGENCY_TRANSFER_OWNERSHIP,
     {{READ, proof_begin}, {HASHING, proof_check_password}, {WRITE, transfer_ownership}, {INLINE, proof_succeeded}},
     .input = transfer_fields, .input_size = sizeof(struct transfer_input), .flags = ROUTE_NOT_KEPT,
     .name = "transferOwnership"},
    ROUTE_END,
};
/* clang-format on */
