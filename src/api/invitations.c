/* Invitations (domain.md §13): made, sent again, taken back; looked at and accepted by whoever holds the link. */
#include "engine/people.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/people.h"
#include "api/routes.h"
#include "api/sign_in.h"
#include "api/views.h"
#include "base/hash.h"
#include "domain/accounts.h"
#include "engine/mail.h"
#include "http/server.h"
#include "store/agencies.h"
#include "store/names.h"

enum { TOKEN_MAX_CHARS = 100 };

static const char list_name[] = "invitations";

struct invitation_input {
    struct str email;
    struct access_input access;
};

struct invitation_query {
    struct page page;
};

struct token_input {
    struct str token;
};

struct accept_input {
    struct str token, name, password;
};

/* What enum outbox_state is called here; what was dropped is as if it had never been. */
static const char *const mail_state_names[] = { "waiting", "sent", "failed", NULL };

struct mail_view {
    int state; /* a position in mail_state_names */
    struct str error;
};

struct invitation_view {
    struct invitation invitation;
    struct str subaccounts;
    struct actor_view invited_by;
    bool is_expired;
    struct mail_view *mail; /* NULL: none is known of */
    struct str link;        /* absent but in the reply that made it */
};

struct preview_view {
    struct agency_card card;
    struct str invited_by, subaccounts;
    struct invitation invitation;
};

/* clang-format off */
static const struct field invitation_input_fields[] = {
    FIELD_TEXT(struct invitation_input, email, .min = 3, .max = EMAIL_MAX_CHARS, .flags = FIELD_REQUIRED),
    ACCESS_INPUT_FIELDS(struct invitation_input, access, FIELD_REQUIRED),
    FIELD_END,
};

static const struct field invitation_query_fields[] = {
    PAGE_FIELDS(struct invitation_query),
    FIELD_END,
};

static const struct field token_fields[] = {
    FIELD_TEXT(struct token_input, token, .min = 1, .max = TOKEN_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field accept_fields[] = {
    FIELD_TEXT(struct accept_input, token, .min = 1, .max = TOKEN_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct accept_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_TEXT(struct accept_input, password, .min = 1, .max = PASSWORD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field mail_fields[] = {
    FIELD_NAME(struct mail_view, state, mail_state_names),
    FIELD_TEXT(struct mail_view, error),
    FIELD_END,
};

static const struct field invitation_fields[] = {
    FIELD_AS("id", struct invitation_view, invitation.id, FIELD_IS_ID, .id_kind = ID_INVITATION),
    FIELD_AS("email", struct invitation_view, invitation.email, FIELD_IS_TEXT),
    FIELD_AS("role", struct invitation_view, invitation.role, FIELD_IS_NAME, .names = role_names),
    FIELD_JSON(struct invitation_view, subaccounts),
    FIELD_OBJECT(struct invitation_view, invited_by, actor_fields),
    FIELD_AS("created_at", struct invitation_view, invitation.created_at, FIELD_IS_INSTANT),
    FIELD_AS("sent_at", struct invitation_view, invitation.sent_at, FIELD_IS_INSTANT),
    FIELD_AS("expires_at", struct invitation_view, invitation.expires_at, FIELD_IS_INSTANT),
    FIELD_BOOLEAN(struct invitation_view, is_expired),
    FIELD_OBJECT(struct invitation_view, mail, mail_fields, .flags = FIELD_POINTER, .size = sizeof(struct mail_view)),
    FIELD_TEXT(struct invitation_view, link, .flags = FIELD_OMIT_NULL),
    FIELD_END,
};

static const struct field preview_fields[] = {
    FIELD_AS("agency", struct preview_view, card, FIELD_IS_OBJECT, .fields = agency_card_fields),
    FIELD_TEXT(struct preview_view, invited_by),
    FIELD_AS("email", struct preview_view, invitation.email, FIELD_IS_TEXT),
    FIELD_AS("role", struct preview_view, invitation.role, FIELD_IS_NAME, .names = role_names),
    FIELD_JSON(struct preview_view, subaccounts),
    FIELD_AS("expires_at", struct preview_view, invitation.expires_at, FIELD_IS_INSTANT),
    FIELD_END,
};
/* clang-format on */

/* The accounts that an invitation still names, as JSON. */
static bool reach_text(struct request *r, const struct invitation *invitation, struct str *out)
{
    struct named_subaccount *accounts;
    struct str *names;
    const id64_t *ids;
    size_t n;

    if (!invitation_grants(r->tx, invitation->agency_id, invitation->id, &ids, &n)) return false;
    names = ARENA_ARRAY(r->arena, struct str, n + 1);
    accounts = ARENA_ARRAY(r->arena, struct named_subaccount, n + 1);
    if (!names_find(r->tx, invitation->agency_id, ids, n, names)) return false;
    for (size_t i = 0; i < n; i++)
        accounts[i] = (struct named_subaccount){ ids[i], names[i] };
    *out = reach_json(r->arena, invitation->reaches_all, accounts, n);
    return true;
}

static bool fill_view(struct request *r, const struct invitation *invitation,
                      struct actor_view invited_by, struct invitation_view *out)
{
    *out = (struct invitation_view){
        .invitation = *invitation,
        .invited_by = invited_by,
        .is_expired = invitation->expires_at <= r->now,
    };
    return reach_text(r, invitation, &out->subaccounts);
}

/* How the mails about these invitations stand. */
static bool fill_mails(struct request *r, struct invitation_view *views, size_t n)
{
    id64_t *ids = ARENA_ARRAY(r->arena, id64_t, n + 1);
    struct outbox_standing *standings = ARENA_ARRAY(r->arena, struct outbox_standing, n + 1);
    struct mail_view *mails = ARENA_ARRAY(r->arena, struct mail_view, n + 1);

    for (size_t i = 0; i < n; i++)
        ids[i] = views[i].invitation.id;
    if (!outbox_standings(r->tx, r->caller.agency, ids, n, standings)) return false;
    for (size_t i = 0; i < n; i++) {
        mails[i] = (struct mail_view){ standings[i].state, standings[i].last_error };
        if (standings[i].state >= 0) views[i].mail = &mails[i];
    }
    return true;
}

static bool list_invitations(struct request *r)
{
    const struct invitation_query *query = r->query;
    struct invitation_filter filter = { .limit = page_rows(&query->page) };
    struct list rows;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !invitation_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct invitation *invitations = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct invitation_view *views = ARENA_ARRAY(r->arena, struct invitation_view, n + 1);
    struct actor *inviters = ARENA_ARRAY(r->arena, struct actor, n + 1);
    struct actor_view *named = ARENA_ARRAY(r->arena, struct actor_view, n + 1);

    for (size_t i = 0; i < n; i++)
        inviters[i].user = invitations[i].invited_by;
    if (!actors_view(r, inviters, n, named)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!fill_view(r, &invitations[i], named[i], &views[i])) return false;
    }
    if (!fill_mails(r, views, n)) return false;
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? invitations[n - 1].id : ID_NONE);
    return request_reply_list(r, invitation_fields, &(struct list){ views, n }, sizeof(*views),
                              next, -1);
}

static bool order_mail(struct request *r, id64_t invitation)
{
    const struct mail_order order = { .about = invitation, .by = r->caller.user };

    return mail_post(r->tx, r->caller.agency, MAIL_INVITATION, &order);
}

/* Where no mail is sent the link stands in this reply alone: it opens the console's page with the token in the fragment,
   out of every log, and a replay under the Idempotency-Key is without it. */
static bool reply_with_link(struct request *r, int status, const struct invitation *invitation,
                            struct str token)
{
    struct actor inviter = { .user = invitation->invited_by };
    struct actor_view named;
    struct invitation_view view;

    if (!actors_view(r, &inviter, 1, &named) || !fill_view(r, invitation, named, &view)
        || !fill_mails(r, &view, 1))
        return false;
    if (mail_is_configured()) return request_reply(r, status, invitation_fields, &view);
    struct buffer kept = buffer_new(r->arena, 512);
    fields_to_json(invitation_fields, &view, &kept);
    r->response.kept_body = buffer_str(&kept);
    view.link = str_format(r->arena, "%.*s/accept#token=%.*s", STR_ARG(server_origin(r->server)),
                           STR_ARG(token));
    return request_reply(r, status, invitation_fields, &view);
}

static bool invite(struct request *r)
{
    const struct invitation_input *input = r->input;
    struct access access = access_of(&input->access);
    struct invitation invitation;
    struct str token;

    return person_invite(r->tx, r->caller.agency, r->caller.user, input->email, &access,
                         &invitation, &token)
        && request_record(r, "user.invited", ID_INVITATION, invitation.id, STR_NONE,
                          access_record(r, invitation.email, access.role, access.subaccounts.is_all,
                                        access.subaccounts.at, access.subaccounts.count))
        && order_mail(r, invitation.id) && reply_with_link(r, 201, &invitation, token);
}

/* The order comes first, as whoever sends mail takes it before the invitation: on PostgreSQL the two lock rows in one
   order. */
static bool resend(struct request *r)
{
    struct invitation invitation;
    struct str token;

    return order_mail(r, r->scope.invitation)
        && invitation_resend(r->tx, r->caller.agency, r->scope.invitation, &invitation, &token)
        && request_record(r, "invitation.resent", ID_INVITATION, invitation.id, STR_NONE, STR_NONE)
        && reply_with_link(r, 200, &invitation, token);
}

static bool withdraw(struct request *r)
{
    struct invitation invitation;

    return invitation_load(r->tx, r->caller.agency, r->scope.invitation, &invitation)
        && invitation_settle(r->tx, &invitation, INVITATION_WITHDRAWN)
        && request_record(r, "invitation.revoked", ID_INVITATION, invitation.id, STR_NONE, STR_NONE)
        && request_reply_empty(r, 204);
}

static bool preview(struct request *r)
{
    const struct token_input *input = r->input;
    struct opened_invitation opened;
    struct preview_view view = { 0 };
    struct agency agency;
    struct str inviter;

    if (!invitation_open(r->tx, input->token, &opened)) return false;
    view.invitation = opened.invitation;
    if (!agency_load(r->tx, view.invitation.agency_id, &agency)
        || !names_find(r->tx, view.invitation.agency_id, &view.invitation.invited_by, 1, &inviter)
        || !reach_text(r, &view.invitation, &view.subaccounts))
        return false;
    view.card = agency_card(r, &agency);
    view.invited_by = inviter;
    return request_reply(r, 200, preview_fields, &view);
}

/* What is left for the stage that writes. */
struct acceptance {
    struct invitation invitation;
    struct str agency_name, password_hash;
};

static bool look_up(struct request *r)
{
    const struct accept_input *input = r->input;
    struct acceptance *acceptance = ARENA_NEW(r->arena, struct acceptance);
    struct opened_invitation opened;
    struct agency agency;

    r->state = acceptance;
    if (!invitation_open(r->tx, input->token, &opened)
        || !agency_load(r->tx, opened.invitation.agency_id, &agency))
        return false;
    acceptance->invitation = opened.invitation;
    acceptance->agency_name = agency.name;
    return true;
}

static bool hash_password(struct request *r)
{
    const struct accept_input *input = r->input;
    struct acceptance *acceptance = r->state;
    enum reason weakness = password_acceptable(
        r->arena, input->password, acceptance->invitation.email, acceptance->agency_name);

    if (weakness != REASON_NONE) return fail_field_as(&r->problem, weakness, STR("password"));
    acceptance->password_hash = password_hash(r->arena, input->password);
    return true;
}

static bool accept_invitation(struct request *r)
{
    const struct accept_input *input = r->input;
    const struct acceptance *acceptance = r->state;
    struct user user;

    if (!invitation_accept(r->tx, input->token, input->name, acceptance->password_hash, &user))
        return false;
    r->caller = (struct caller){ .agency = user.agency_id, .user = user.id, .name = user.name };
    return request_record(
               r, "user.joined", ID_USER, user.id, STR_NONE,
               access_record(r, user.email, (enum role)user.role, user.reaches_all, NULL, 0))
        && sign_in(r, user.agency_id, user.id, 201);
}

/* clang-format off */
const struct route invitation_routes[] = {
    {GET, "/v1/invitations", CAN_USERS_VIEW, {{READ, list_invitations}}, .query = invitation_query_fields,
     .query_size = sizeof(struct invitation_query), .name = "listInvitations"},
    {POST, "/v1/invitations", CAN_USERS_MANAGE, {{WRITE, invite}}, .input = invitation_input_fields,
     .input_size = sizeof(struct invitation_input), .name = "inviteUser"},
    {POST, "/v1/invitations/preview", CAN_ANYONE, {{READ, preview}}, .input = token_fields,
     .input_size = sizeof(struct token_input), .name = "previewInvitation"},
    {POST, "/v1/invitations/accept", CAN_ANYONE, {{READ, look_up}, {HASHING, hash_password}, {WRITE, accept_invitation}},
     .input = accept_fields, .input_size = sizeof(struct accept_input), .name = "acceptInvitation"},
    {POST, "/v1/invitations/{invitation}/resend", CAN_USERS_MANAGE, {{WRITE, resend}}, .flags = ROUTE_NO_BODY,
     .name = "resendInvitation"},
    {DELETE, "/v1/invitations/{invitation}", CAN_USERS_MANAGE, {{WRITE, withdraw}}, .name = "revokeInvitation"},
    ROUTE_END,
};
/* clang-format on */
