/* Who did what (api.md "admin"; console.md "Audit"). */
#include "store/audit.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/routes.h"
#include "base/id.h"
#include "store/names.h"
#include "store/platform.h"

enum { ACTION_MAX_CHARS = 81, ID_TEXT_MAX = 64 };

static const char list_name[] = "audit_events";

struct audit_query {
    struct page page;
    struct str action;
    struct str actor;  /* an id: of a user, an API key or a platform user */
    struct str target; /* an id of any kind */
    instant_t from, to;
};

struct target_view {
    struct str id, name;
};

struct audit_view {
    struct audit_event event;
    struct actor_view actor;
    struct target_view *target;
    id64_t subaccount;
};

/* clang-format off */
static const struct field audit_query_fields[] = {
    FIELD_TEXT(struct audit_query, action, .min = 1, .max = ACTION_MAX_CHARS),
    FIELD_TEXT(struct audit_query, actor, .min = 1, .max = ID_TEXT_MAX),
    FIELD_TEXT(struct audit_query, target, .min = 1, .max = ID_TEXT_MAX),
    FIELD_INSTANT(struct audit_query, from),
    FIELD_INSTANT(struct audit_query, to),
    PAGE_FIELDS(struct audit_query),
    FIELD_END,
};

static const struct field target_fields[] = {
    FIELD_TEXT(struct target_view, id),
    FIELD_TEXT(struct target_view, name),
    FIELD_END,
};

static const struct field audit_fields[] = {
    FIELD_AS("id", struct audit_view, event.id, FIELD_IS_ID, .id_kind = ID_AUDIT_EVENT),
    FIELD_AS("at", struct audit_view, event.at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct audit_view, actor, actor_fields),
    FIELD_AS("action", struct audit_view, event.action, FIELD_IS_TEXT),
    FIELD_OBJECT(struct audit_view, target, target_fields, .flags = FIELD_POINTER, .size = sizeof(struct target_view)),
    FIELD_ID(struct audit_view, subaccount, ID_SUBACCOUNT),
    FIELD_AS("ip", struct audit_view, event.address, FIELD_IS_TEXT),
    FIELD_AS("user_agent", struct audit_view, event.user_agent, FIELD_IS_TEXT),
    FIELD_AS("request_id", struct audit_view, event.request_id, FIELD_IS_TEXT),
    FIELD_AS("before", struct audit_view, event.before, FIELD_IS_JSON),
    FIELD_AS("after", struct audit_view, event.after, FIELD_IS_JSON),
    FIELD_END,
};
/* clang-format on */

static bool read_actor(struct request *r, struct str text, id64_t *actor)
{
    *actor = ID_NONE;
    return str_is_absent(text) || id_parse(ID_USER, text, actor)
        || id_parse(ID_API_KEY, text, actor) || id_parse(ID_PLATFORM_USER, text, actor)
        || fail_field_as(&r->problem, REASON_BAD_ID, STR("actor"));
}

static bool read_target(struct request *r, struct str text, id64_t *target)
{
    *target = ID_NONE;
    for (int kind = 0; kind < ID_KIND_COUNT; kind++) {
        if (id_parse((enum id_kind)kind, text, target)) return true;
    }
    return str_is_absent(text) || fail_field_as(&r->problem, REASON_BAD_ID, STR("target"));
}

static bool read_filter(struct request *r, const struct audit_query *query,
                        struct audit_filter *filter)
{
    *filter = (struct audit_filter){
        .action = query->action,
        .from = query->from,
        .to = query->to,
        .limit = page_rows(&query->page),
    };
    return range_allow(r, query->from, query->to) && read_actor(r, query->actor, &filter->actor)
        && read_target(r, query->target, &filter->target)
        && page_before(r, &query->page, list_name, &filter->before);
}

static enum id_kind kind_of(struct str prefix)
{
    for (int kind = 0; kind < ID_KIND_COUNT; kind++) {
        if (str_equal_c(prefix, id_prefix((enum id_kind)kind))) return (enum id_kind)kind;
    }
    return ID_KIND_COUNT;
}

static struct audit_view view_of(struct request *r, const struct audit_event *event,
                                 bool is_by_staff, struct str target_name)
{
    struct actor actor = { .user = event->user_id, .api_key = event->api_key_id };
    enum id_kind kind = kind_of(event->target_kind);
    struct audit_view view = {
        .event = *event,
        .actor = is_by_staff ? staff_view(r->arena, event->user_id, event->actor_name)
                             : actor_view(r->arena, actor, event->actor_name),
        .subaccount = kind == ID_SUBACCOUNT ? event->target_id : ID_NONE,
    };

    if (kind != ID_KIND_COUNT && event->target_id != ID_NONE) {
        view.target = ARENA_NEW(r->arena, struct target_view);
        *view.target = (struct target_view){
            .id = id_format(r->arena, kind, event->target_id),
            .name = target_name,
        };
    }
    return view;
}

static bool list_events(struct request *r)
{
    const struct audit_query *query = r->query;
    struct audit_filter filter;
    struct list rows;

    if (!read_filter(r, query, &filter) || !audit_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct audit_event *events = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct audit_view *views = ARENA_ARRAY(r->arena, struct audit_view, n);
    id64_t *targets = ARENA_ARRAY(r->arena, id64_t, n);
    id64_t *users = ARENA_ARRAY(r->arena, id64_t, n);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n);
    bool *are_staff = ARENA_ARRAY(r->arena, bool, n);

    for (size_t i = 0; i < n; i++) {
        targets[i] = events[i].target_id;
        users[i] = events[i].user_id;
    }
    if (!names_find(r->tx, r->caller.agency, targets, n, names)
        || !platform_users_among(r->tx, users, n, are_staff))
        return false;
    for (size_t i = 0; i < n; i++)
        views[i] = view_of(r, &events[i], are_staff[i], names[i]);

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? events[n - 1].id : ID_NONE);

    return request_reply_list(r, audit_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* clang-format off */
const struct route audit_routes[] = {
    {GET, "/v1/audit_events", CAN_AUDIT_VIEW, {{READ, list_events}}, .query = audit_query_fields,
     .query_size = sizeof(struct audit_query), .key_scopes = 1u << SCOPE_READ, .name = "listAuditEvents"},
    ROUTE_END,
};
/* clang-format on */
