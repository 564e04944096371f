/* Who is signed in, what they may do, and where else they are signed in (api.md "session"). */
#include "api/email_changes.h"
#include "api/pages.h"
#include "api/platform_sessions.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "api/views.h"
#include "domain/devices.h"
#include "http/server.h"
#include "store/agencies.h"
#include "store/platform.h"
#include "store/principals.h"
#include "store/second_factors.h"
#include "store/sessions.h"
#include "store/subaccounts.h"
#include "store/users.h"

static const char sessions_list_name[] = "sessions";

struct me_input {
    struct str name;
};

struct session_query {
    struct page page;
};

struct me_user {
    struct user user;
    bool two_factor;
};

struct me_view {
    struct me_user me;
    int role;
    struct agency_card agency;
    bool all_subaccounts;
    struct list subaccounts; /* of struct subaccount */
    uint64_t permissions;
    bool two_factor_required, two_factor_setup_required;
    int64_t recovery_codes_left;
    struct email_change_view *email_change; /* NULL: none waits */
    bool entered_by_platform;
    struct list platform_inside; /* of struct platform_user */
};

/* Of somebody of the platform's staff outside every agency. */
struct staff_view {
    struct me_user me;
    struct str role;
    struct str agency; /* JSON: null */
    uint64_t permissions;
    int64_t recovery_codes_left;
};

struct session_view {
    struct session_row session;
    instant_t expires_at;
    struct str device;
    bool current;
};

/* clang-format off */
static const struct field me_input_fields[] = {
    FIELD_TEXT(struct me_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_END,
};

#define ME_USER_FIELDS(kind)                                                   \
    FIELD_AS("id", struct me_user, user.id, FIELD_IS_ID, .id_kind = (kind)),   \
    FIELD_AS("name", struct me_user, user.name, FIELD_IS_TEXT),                \
    FIELD_AS("email", struct me_user, user.email, FIELD_IS_TEXT),              \
    FIELD_AS("created_at", struct me_user, user.created_at, FIELD_IS_INSTANT), \
    FIELD_BOOLEAN(struct me_user, two_factor)

static const struct field user_fields[] = { ME_USER_FIELDS(ID_USER), FIELD_END };
static const struct field staff_user_fields[] = { ME_USER_FIELDS(ID_PLATFORM_USER), FIELD_END };

static const struct field account_fields[] = {
    FIELD_ID(struct subaccount, id, ID_SUBACCOUNT),
    FIELD_NAME(struct subaccount, kind, subaccount_kind_names),
    FIELD_TEXT(struct subaccount, name),
    FIELD_NAME(struct subaccount, status, subaccount_status_names),
    FIELD_END,
};

static const struct field staff_name_fields[] = {
    FIELD_ID(struct platform_user, id, ID_PLATFORM_USER),
    FIELD_TEXT(struct platform_user, name),
    FIELD_END,
};

#define ME_FIELDS(who_fields)                                                                \
    FIELD_AS("user", struct me_view, me, FIELD_IS_OBJECT, .fields = (who_fields)),           \
    FIELD_NAME(struct me_view, role, role_names),                                            \
    FIELD_OBJECT(struct me_view, agency, agency_card_fields),                                \
    FIELD_BOOLEAN(struct me_view, all_subaccounts),                                          \
    FIELD_LIST(struct me_view, subaccounts, account_fields, struct subaccount),              \
    FIELD_NAMES(struct me_view, permissions, permission_names),                              \
    FIELD_BOOLEAN(struct me_view, two_factor_required),                                      \
    FIELD_BOOLEAN(struct me_view, two_factor_setup_required),                                \
    FIELD_INTEGER(struct me_view, recovery_codes_left),                                      \
    FIELD_OBJECT(struct me_view, email_change, email_change_fields, .flags = FIELD_POINTER), \
    FIELD_LIST(struct me_view, platform_inside, staff_name_fields, struct platform_user)

static const struct field me_fields[] = {
    ME_FIELDS(user_fields),
    FIELD_END,
};

static const struct field staff_inside_fields[] = {
    ME_FIELDS(staff_user_fields),
    FIELD_BOOLEAN(struct me_view, entered_by_platform),
    FIELD_END,
};

static const struct field staff_outside_fields[] = {
    FIELD_AS("user", struct staff_view, me, FIELD_IS_OBJECT, .fields = staff_user_fields),
    FIELD_TEXT(struct staff_view, role),
    FIELD_JSON(struct staff_view, agency),
    FIELD_NAMES(struct staff_view, permissions, permission_names),
    FIELD_INTEGER(struct staff_view, recovery_codes_left),
    FIELD_END,
};

static const struct field name_record[] = {
    FIELD_TEXT(struct user, name),
    FIELD_END,
};

static const struct field session_query_fields[] = {
    PAGE_FIELDS(struct session_query),
    FIELD_END,
};

static const struct field session_fields[] = {
    FIELD_AS("id", struct session_view, session.id, FIELD_IS_ID, .id_kind = ID_SESSION),
    FIELD_AS("created_at", struct session_view, session.created_at, FIELD_IS_INSTANT),
    FIELD_AS("last_seen_at", struct session_view, session.last_seen_at, FIELD_IS_INSTANT),
    FIELD_INSTANT(struct session_view, expires_at),
    FIELD_AS("ip", struct session_view, session.address, FIELD_IS_TEXT),
    FIELD_AS("user_agent", struct session_view, session.user_agent, FIELD_IS_TEXT),
    FIELD_TEXT(struct session_view, device),
    FIELD_BOOLEAN(struct session_view, current),
    FIELD_END,
};
/* clang-format on */

static uint64_t permissions_of(enum role role)
{
    uint64_t set = 0;

    for (int permission = 0; permission < PERMISSION_COUNT; permission++) {
        if (may_do(role, (enum permission)permission) == REASON_NONE)
            set |= UINT64_C(1) << permission;
    }
    return set;
}

static bool add_account(struct request *r, id64_t agency, id64_t id, struct list *out)
{
    struct subaccount *account = (struct subaccount *)out->at + out->count;

    if (!subaccount_load(r->tx, agency, id, account)) return false;
    if (account->status != SUBACCOUNT_REMOVED) out->count++;
    return true;
}

/* The primary, when the role covers it, then what was granted. Who reaches every account is told
   the primary alone, and finds the others in the list of sub-accounts. */
static bool fill_accounts(struct request *r, struct me_view *me)
{
    enum role role = (enum role)me->role;
    struct reach reach = { .all = me->all_subaccounts, .primary = me->agency.agency.primary_id };
    id64_t agency = me->agency.agency.id;

    if (!reach.all && !user_grants(r->tx, agency, me->me.user.id, &reach.granted, &reach.n_granted))
        return false;
    me->subaccounts =
        (struct list){ ARENA_ARRAY(r->arena, struct subaccount, reach.n_granted + 1), 0 };
    if (may_reach(role, CAN_SUBACCOUNT_LIST, &reach, reach.primary) == REASON_NONE
        && !add_account(r, agency, reach.primary, &me->subaccounts))
        return false;
    for (size_t i = 0; i < reach.n_granted; i++) {
        if (reach.granted[i] != reach.primary
            && !add_account(r, agency, reach.granted[i], &me->subaccounts))
            return false;
    }
    return true;
}

static bool fill_change(struct request *r, const struct user *user, struct me_view *me)
{
    struct email_change change;
    bool found;

    if (!email_change_find(r->tx, user->agency_id, user->id, &change, &found)) return false;
    if (!found) return true;
    me->email_change = ARENA_NEW(r->arena, struct email_change_view);
    *me->email_change = email_change_view(&change);
    return true;
}

/* For those whom the audit trail tells of it, too. */
static bool fill_inside(struct request *r, struct me_view *me)
{
    return may_do((enum role)me->role, CAN_AUDIT_VIEW) != REASON_NONE
        || platform_users_inside(r->tx, me->agency.agency.id, &me->platform_inside);
}

bool me_reply(struct request *r, id64_t agency, id64_t user, int status)
{
    struct me_view me = { 0 };
    struct user *who = &me.me.user;
    struct agency its;

    if (!user_load(r->tx, agency, user, who) || !agency_load(r->tx, agency, &its)
        || !recovery_codes_count(r->tx, agency, user, &me.recovery_codes_left))
        return false;
    me.agency = agency_card(r, &its);
    me.me.two_factor = who->two_factor_at != INSTANT_NONE;
    me.two_factor_required = its.two_factor_required;
    me.two_factor_setup_required = its.two_factor_required && !me.me.two_factor;
    me.role = who->role;
    me.all_subaccounts =
        who->reaches_all || me.role == ROLE_AGENCY_OWNER || me.role == ROLE_AGENCY_ADMIN;
    me.permissions = permissions_of((enum role)me.role);
    return fill_change(r, who, &me) && fill_accounts(r, &me) && fill_inside(r, &me)
        && request_reply(r, status, me_fields, &me);
}

static bool load_staff(struct request *r, struct me_user *out, int64_t *recovery_codes_left)
{
    if (!principal_load(r->tx, ID_NONE, r->caller.user, &out->user)) return false;
    out->two_factor = out->user.two_factor_at != INSTANT_NONE;
    return recovery_codes_count(r->tx, ID_NONE, r->caller.user, recovery_codes_left);
}

/* One of the agency's admins, marked, and with a way out. */
static bool reply_inside(struct request *r, int status)
{
    struct me_view me = {
        .role = ROLE_AGENCY_ADMIN,
        .all_subaccounts = true,
        .permissions = permissions_of(ROLE_AGENCY_ADMIN) | UINT64_C(1) << CAN_PLATFORM_LEAVE,
        .entered_by_platform = true,
    };
    struct agency agency;

    if (!load_staff(r, &me.me, &me.recovery_codes_left)
        || !agency_load(r->tx, r->caller.agency, &agency))
        return false;
    me.agency = agency_card(r, &agency);
    return fill_accounts(r, &me) && request_reply(r, status, staff_inside_fields, &me);
}

bool staff_me_reply(struct request *r, int status)
{
    struct staff_view view = {
        .role = STR("platform_admin"),
        .agency = STR("null"),
        .permissions = permissions_of(ROLE_PLATFORM_ADMIN),
    };

    if (r->caller.agency != ID_NONE) return reply_inside(r, status);
    return load_staff(r, &view.me, &view.recovery_codes_left)
        && request_reply(r, status, staff_outside_fields, &view);
}

static bool rename_staff(struct request *r)
{
    const struct me_input *input = r->input;

    return platform_user_rename(r->tx, r->caller.user, input->name)
        && staff_record(r, r->caller.user, "platform_admin.renamed") && staff_me_reply(r, 200);
}

static bool read_me(struct request *r)
{
    if (r->caller.is_platform) return staff_me_reply(r, 200);
    return me_reply(r, r->caller.agency, r->caller.user, 200);
}

static bool rename_me(struct request *r)
{
    const struct me_input *input = r->input;
    struct user before, after;

    if (r->caller.is_platform) return rename_staff(r);
    if (!user_load(r->tx, r->caller.agency, r->caller.user, &before)) return false;
    after = before;
    after.name = input->name;
    return user_rename(r->tx, after.agency_id, after.id, after.name)
        && request_record(r, "user.updated", ID_USER, after.id, record_of(r, name_record, &before),
                          record_of(r, name_record, &after))
        && read_me(r);
}

static instant_t expiry_of(const struct session_row *session)
{
    instant_t idle = session->last_seen_at + SESSION_IDLE_MAX;
    instant_t age = session->created_at + SESSION_AGE_MAX;

    return idle < age ? idle : age;
}

static bool load_sessions(struct request *r, const struct session_filter *filter, struct list *out)
{
    if (r->caller.is_platform) return platform_session_list(r->tx, r->caller.user, filter, out);
    return session_list(r->tx, r->caller.agency, r->caller.user, filter, out);
}

static bool list_sessions(struct request *r)
{
    const struct session_query *query = r->query;
    struct session_filter filter = { .limit = page_rows(&query->page) };
    struct list rows;

    if (!page_before(r, &query->page, sessions_list_name, &filter.before)
        || !load_sessions(r, &filter, &rows))
        return false;

    const struct session_row *sessions = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct session_view *views = ARENA_ARRAY(r->arena, struct session_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct session_view){
            .session = sessions[i],
            .expires_at = expiry_of(&sessions[i]),
            .device = device_name(r->arena, sessions[i].user_agent),
            .current = sessions[i].id == r->caller.session,
        };

    struct str next =
        page_next(r, &query->page, sessions_list_name, &rows, n > 0 ? sessions[n - 1].id : ID_NONE);

    return request_reply_list(r, session_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

static bool end_session(struct request *r)
{
    id64_t session = r->scope.session;

    if (r->caller.is_platform) return staff_end_session(r, session);
    if (session == r->caller.session) r->response.set_cookie = request_session_cookie_cleared(r);
    return session_delete(r->tx, r->caller.agency, r->caller.user, session)
        && request_record(r, "session.revoked", ID_SESSION, session, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route me_routes[] = {
    {GET, "/v1/me", CAN_SIGNED_IN, {{READ, read_me}}, .flags = ROUTE_BEFORE_TWO_FACTOR, .name = "getMe"},
    {PATCH, "/v1/me", CAN_SIGNED_IN, {{WRITE, rename_me}}, .input = me_input_fields,
     .input_size = sizeof(struct me_input), .name = "updateMe"},
    {GET, "/v1/me/sessions", CAN_SIGNED_IN, {{READ, list_sessions}}, .query = session_query_fields,
     .query_size = sizeof(struct session_query), .name = "listSessions"},
    {DELETE, "/v1/me/sessions/{session}", CAN_SIGNED_IN, {{WRITE, end_session}}, .flags = ROUTE_UNDOES,
     .name = "revokeSession"},
    ROUTE_END,
};
/* clang-format on */
