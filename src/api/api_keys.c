/* Keys that machines sign in with (api.md "admin"): made, listed, revoked. The secret is told once. */
#include "store/api_keys.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "base/id.h"
#include "http/credentials.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

enum {
    HINT_CHARS = 4,
    OVERLAP_SECONDS_DEFAULT = 24 * 3600,
    OVERLAP_SECONDS_MAX = 30 * 24 * 3600,
};

static const char list_name[] = "api_keys";

struct key_input {
    struct str name;
    uint64_t scopes;
    id64_t subaccount;
    instant_t expires_at;
};

/* How long the old secret still works beside the new one. */
struct rotation_input {
    int64_t overlap_seconds;
};

struct key_query {
    struct page page;
    int status;
};

struct key_view {
    struct api_key key;
    int status;
    struct actor_view created_by;
    struct str secret; /* absent but in the reply to its making */
};

/* clang-format off */
static const struct field key_input_fields[] = {
    FIELD_TEXT(struct key_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_NAMES(struct key_input, scopes, key_scope_names, .min = 1, .max = SCOPE_COUNT, .flags = FIELD_REQUIRED),
    FIELD_ID(struct key_input, subaccount, ID_SUBACCOUNT, .flags = FIELD_NULLABLE),
    FIELD_INSTANT(struct key_input, expires_at, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field rotation_input_fields[] = {
    FIELD_INTEGER(struct rotation_input, overlap_seconds, .max = OVERLAP_SECONDS_MAX),
    FIELD_END,
};

static const struct field key_query_fields[] = {
    FIELD_NAME(struct key_query, status, api_key_status_names),
    PAGE_FIELDS(struct key_query),
    FIELD_END,
};

static const struct field key_fields[] = {
    FIELD_AS("id", struct key_view, key.id, FIELD_IS_ID, .id_kind = ID_API_KEY),
    FIELD_AS("name", struct key_view, key.name, FIELD_IS_TEXT),
    FIELD_NAME(struct key_view, status, api_key_status_names),
    FIELD_AS("scopes", struct key_view, key.scopes, FIELD_IS_NAMES, .names = key_scope_names),
    FIELD_TEXT(struct key_view, secret, .flags = FIELD_OMIT_NULL),
    FIELD_AS("hint", struct key_view, key.hint, FIELD_IS_TEXT),
    FIELD_AS("subaccount", struct key_view, key.subaccount, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("expires_at", struct key_view, key.expires_at, FIELD_IS_INSTANT),
    FIELD_AS("created_at", struct key_view, key.created_at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct key_view, created_by, actor_fields),
    FIELD_AS("last_used_at", struct key_view, key.last_used_at, FIELD_IS_INSTANT),
    FIELD_AS("revoked_at", struct key_view, key.revoked_at, FIELD_IS_INSTANT),
    FIELD_END,
};

const struct field api_key_record[] = {
    FIELD_TEXT(struct api_key, name),
    FIELD_NAMES(struct api_key, scopes, key_scope_names),
    FIELD_ID(struct api_key, subaccount, ID_SUBACCOUNT),
    FIELD_INSTANT(struct api_key, expires_at),
    FIELD_END,
};
/* clang-format on */

static bool list_keys(struct request *r)
{
    const struct key_query *query = r->query;
    struct api_key_filter filter = {
        .status = query->status,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !api_key_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct api_key *keys = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct key_view *views = ARENA_ARRAY(r->arena, struct key_view, n);
    struct actor *makers = ARENA_ARRAY(r->arena, struct actor, n);
    struct actor_view *named = ARENA_ARRAY(r->arena, struct actor_view, n);

    for (size_t i = 0; i < n; i++)
        makers[i].user = keys[i].created_by;
    if (!actors_view(r, makers, n, named)) return false;
    for (size_t i = 0; i < n; i++)
        views[i] = (struct key_view){
            .key = keys[i],
            .status = api_key_status(&keys[i], r->now),
            .created_by = named[i],
        };

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? keys[n - 1].id : ID_NONE);

    return request_reply_list(r, key_fields, &(struct list){ views, n }, sizeof(*views), next, -1);
}

/* What was removed makes no calls any more: as for whoever invites, it is not there. */
static bool allow_subaccount(struct request *r, id64_t id)
{
    struct subaccount account;
    bool found;

    if (!subaccount_find(r->tx, r->caller.agency, id, &account, &found)) return false;
    return (found && account.status != SUBACCOUNT_REMOVED)
        || fail_field_as(&r->problem, REASON_UNKNOWN_SUBACCOUNT, STR("subaccount"));
}

static bool allow_input(struct request *r, const struct key_input *input)
{
    if (input->expires_at != INSTANT_NONE && input->expires_at <= r->now)
        return fail_field(&r->problem, REASON_TOO_OLD, STR("expires_at"),
                          "A key cannot expire before it is made.");
    return input->subaccount == ID_NONE || allow_subaccount(r, input->subaccount);
}

static struct api_key key_from(struct request *r, const struct key_input *input, struct str secret)
{
    return (struct api_key){
        .agency_id = r->caller.agency,
        .id = id_new(r->now),
        .name = input->name,
        .hint = str_sub(secret, secret.len - HINT_CHARS, HINT_CHARS),
        .scopes = input->scopes,
        .subaccount = input->subaccount,
        .created_by = r->caller.user,
        .created_at = r->now,
        .expires_at = input->expires_at,
        .last_used_at = INSTANT_NONE,
        .revoked_at = INSTANT_NONE,
    };
}

/* A replay under the Idempotency-Key is without the secret, which is kept nowhere. */
static bool reply_with_secret(struct request *r, const struct api_key *key, struct str secret)
{
    struct key_view view = {
        .key = *key,
        .status = api_key_status(key, r->now),
        .created_by = r->caller.is_platform
            ? staff_view(r->arena, r->caller.user, r->caller.name)
            : actor_view(r->arena, request_actor(r), r->caller.name),
    };

    r->response.kept_body = record_of(r, key_fields, &view);
    view.secret = secret;
    return request_reply(r, 201, key_fields, &view);
}

static bool create_key(struct request *r)
{
    const struct key_input *input = r->input;
    struct str secret = api_key_secret_new(r->arena, r->caller.agency);
    struct hash secret_hash = hash_of(secret);
    struct api_key key = key_from(r, input, secret);

    return agency_hold(r->tx, r->caller.agency) && allow_input(r, input)
        && api_key_insert(r->tx, &key, &secret_hash)
        && request_record(r, "api_key.created", ID_API_KEY, key.id, STR_NONE,
                          record_of(r, api_key_record, &key))
        && reply_with_secret(r, &key, secret);
}

static bool refuse_ended(struct request *r, const struct api_key *key)
{
    return api_key_status(key, r->now) == API_KEY_ACTIVE
        || request_allow(r, REASON_NOT_FOUND, NULL);
}

/* A key of the same kind under a new secret; the old one works for a while yet, so that no machine is cut off while it
   is given the new one. */
static bool rotate_key(struct request *r)
{
    const struct rotation_input *input = r->input;
    int64_t overlap =
        request_has(r, "overlap_seconds") ? input->overlap_seconds : OVERLAP_SECONDS_DEFAULT;
    struct str secret = api_key_secret_new(r->arena, r->caller.agency);
    struct hash secret_hash = hash_of(secret);
    struct api_key old, key;

    if (!agency_hold(r->tx, r->caller.agency)
        || !api_key_load(r->tx, r->caller.agency, r->scope.api_key, &old) || !refuse_ended(r, &old))
        return false;
    key = old;
    key.id = id_new(r->now);
    key.hint = str_sub(secret, secret.len - HINT_CHARS, HINT_CHARS);
    key.created_by = r->caller.user;
    key.created_at = r->now;
    key.last_used_at = INSTANT_NONE;
    return api_key_insert(r->tx, &key, &secret_hash)
        && api_key_end_at(r->tx, old.agency_id, old.id, r->now + overlap * MICROS_PER_SECOND)
        && request_record(r, "api_key.rotated", ID_API_KEY, key.id,
                          record_of(r, api_key_record, &old), record_of(r, api_key_record, &key))
        && reply_with_secret(r, &key, secret);
}

static bool revoke_key(struct request *r)
{
    struct api_key key;

    return agency_hold(r->tx, r->caller.agency)
        && api_key_load(r->tx, r->caller.agency, r->scope.api_key, &key)
        && api_key_revoke(r->tx, r->caller.agency, key.id)
        && request_record(r, "api_key.revoked", ID_API_KEY, key.id,
                          record_of(r, api_key_record, &key), STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route api_key_routes[] = {
    {GET, "/v1/api_keys", CAN_APIKEYS_MANAGE, {{READ, list_keys}}, .query = key_query_fields,
     .query_size = sizeof(struct key_query), .name = "listApiKeys"},
    {POST, "/v1/api_keys", CAN_APIKEYS_MANAGE, {{WRITE, create_key}}, .input = key_input_fields,
     .input_size = sizeof(struct key_input), .name = "createApiKey"},
    {POST, "/v1/api_keys/{api_key}/rotate", CAN_APIKEYS_MANAGE, {{WRITE, rotate_key}}, .input = rotation_input_fields,
     .input_size = sizeof(struct rotation_input), .name = "rotateApiKey"},
    {DELETE, "/v1/api_keys/{api_key}", CAN_APIKEYS_MANAGE, {{WRITE, revoke_key}}, .name = "revokeApiKey"},
    ROUTE_END,
};
/* clang-format on */
