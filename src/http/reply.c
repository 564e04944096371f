/* What handlers call to answer (http/request.h). */
#include "http/exchange.h"

#include "base/id.h"
#include "store/audit.h"

#include <assert.h>
#include <stddef.h>

struct request *request_of_job(struct job *job)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)job - offsetof(struct exchange, job));

    return &exchange->request;
}

bool request_has(const struct request *r, const char *name)
{
    return (r->present & field_bit(r->route->input, name)) != 0;
}

bool request_allow(struct request *r, enum reason reason, const char *field)
{
    if (reason == REASON_NONE) return true;
    return fail_as(&r->problem, reason, field);
}

bool request_reply_text(struct request *r, int status, const char *content_type, struct str body)
{
    r->response.status = status;
    r->response.content_type = content_type;
    r->response.body = (struct buffer){
        .arena = r->arena, .at = (char *)body.at, .len = body.len, .capacity = body.len
    };
    return true;
}

bool request_reply(struct request *r, int status, const struct field *fields, const void *in)
{
    struct buffer body = buffer_new(r->arena, 1024);

    fields_to_json(fields, in, &body);
    return request_reply_text(r, status, "application/json", buffer_str(&body));
}

bool request_reply_empty(struct request *r, int status)
{
    r->response.status = status;
    r->response.content_type = NULL;
    r->response.body = (struct buffer){ .arena = r->arena };
    return true;
}

bool request_reply_list(struct request *r, const struct field *fields, const struct list *items,
                        size_t item_size, struct str next_cursor, int64_t total)
{
    struct buffer body = buffer_new(r->arena, 256 + items->count * 512);

    buffer_add_c(&body, "{\"data\":[");
    for (size_t i = 0; i < items->count; i++) {
        if (i > 0) buffer_add_byte(&body, ',');
        fields_to_json(fields, (const char *)items->at + i * item_size, &body);
    }
    buffer_add_c(&body, "],\"next_cursor\":");
    if (str_is_absent(next_cursor))
        buffer_add_c(&body, "null");
    else
        json_write_string(&body, next_cursor);
    if (total >= 0) buffer_add_format(&body, ",\"total\":%lld", (long long)total);
    buffer_add_byte(&body, '}');
    return request_reply_text(r, 200, "application/json", buffer_str(&body));
}

struct actor request_actor(const struct request *r)
{
    return (struct actor){ .user = r->caller.user, .api_key = r->caller.api_key };
}

bool request_record_in(struct request *r, id64_t agency, const char *action, enum id_kind kind,
                       id64_t target, struct str before, struct str after)
{
    struct audit_event event = {
        .agency_id = agency,
        .id = id_new(r->now),
        .at = r->now,
        .action = str_from_c(action),
        .user_id = r->caller.user,
        .api_key_id = r->caller.api_key,
        .actor_name = str_is_absent(r->caller.name) ? STR("") : r->caller.name,
        .target_kind = str_from_c(id_prefix(kind)),
        .target_id = target,
        .address = r->client_address,
        .user_agent = r->user_agent,
        .request_id = r->id,
        .before = before,
        .after = after,
    };
    /* What only an agency's people do: staff outside every agency have no trail there. */
    if (agency == ID_NONE) return request_allow(r, REASON_NOT_FOUND, NULL);
    return audit_insert(r->tx, &event);
}

bool request_record(struct request *r, const char *action, enum id_kind kind, id64_t target,
                    struct str before, struct str after)
{
    return request_record_in(r, r->caller.agency, action, kind, target, before, after);
}

static struct str cookie(struct request *r, struct str value, int64_t max_age_seconds)
{
    bool is_https = str_starts_with(r->server->origin, STR("https://"));

    return str_format(r->arena, "mb_session=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                      STR_ARG(value), (long long)max_age_seconds, is_https ? "; Secure" : "");
}

struct str request_session_cookie(struct request *r, struct str token)
{
    return cookie(r, token, 90 * 86400);
}

struct str request_session_cookie_cleared(struct request *r)
{
    return cookie(r, STR(""), 0);
}

bool request_session_held(const struct request *r, struct hash *out)
{
    const struct exchange *exchange = (const struct exchange *)(const void *)r;

    static_assert(offsetof(struct exchange, request) == 0, "the way back");
    *out = exchange->credential.hash;
    return exchange->credential.kind == CREDENTIAL_SESSION;
}
