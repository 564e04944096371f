/* Who is it, and may they (architecture.md "Requests"): in the transaction that does the work, so that a changed
   role or grant counts from the next request on every node. */
#include "http/exchange.h"

#include "store/platform.h"
#include "store/purchases.h"
#include "store/reservations.h"
#include "store/sessions.h"
#include "store/subaccounts.h"

#include <stdlib.h>
#include <string.h>

enum { TOUCH_SLOTS = 1024, TOUCH_ARENA_BYTES = 1024 };
enum { SCOPES_OF_ENGINES = 1u << SCOPE_CALLS_WRITE | 1u << SCOPE_RESERVATIONS_WRITE };

/* The last identity that this thread looked up, while its transaction lasts: the requests of one group mostly come
   from one sender. */
static _Thread_local struct {
    const struct tx *tx;
    struct hash hash;
    struct identity identity;
} memo;

void auth_forget(void)
{
    memo.tx = NULL;
}

static bool find_identity(struct exchange *exchange, struct tx *tx, struct identity *out,
                          bool *found)
{
    const struct credential *credential = &exchange->credential;

    if (memo.tx == tx && memcmp(memo.hash.at, credential->hash.at, HASH_BYTES) == 0) {
        *out = memo.identity;
        *found = true;
        return true;
    }
    bool is_key = credential->kind == CREDENTIAL_API_KEY;
    bool looked = is_key ? api_key_find(tx, &credential->hash, out, found)
                         : session_find(tx, &credential->hash, out, found);
    if (looked && !*found && !is_key)
        looked = platform_session_find(tx, &credential->hash, out, found);
    if (looked && *found) {
        memo.tx = tx;
        memo.hash = credential->hash;
        memo.identity = *out;
    }
    return looked;
}

/* Noting the last use: by itself, some time later, and not for every request. */
struct touch {
    struct job job;
    struct arena *arena;
    struct problem problem;
    id64_t session, api_key;
    bool is_platform;
};

static bool touch_run(struct tx *tx, struct job *job)
{
    struct touch *touch = (struct touch *)(void *)((char *)job - offsetof(struct touch, job));

    if (touch->is_platform) return platform_session_touch(tx, touch->session);
    return touch->session != ID_NONE ? session_touch(tx, touch->session)
                                     : api_key_touch(tx, touch->api_key);
}

static void touch_done(struct job *job)
{
    struct touch *touch = (struct touch *)(void *)((char *)job - offsetof(struct touch, job));

    arena_free(touch->arena);
}

static void touch_later(struct exchange *exchange, const struct identity *identity)
{
    struct server *server = exchange->request.server;
    id64_t id = identity->session != ID_NONE ? identity->session : identity->api_key;
    instant_t now = exchange->request.now;
    atomic_int_fast64_t *noted = &server->touched_at[(uint64_t)id % TOUCH_SLOTS];
    enum reason reason;

    if (identity->last_seen_at != INSTANT_NONE
        && now - identity->last_seen_at < SESSION_TOUCH_EVERY)
        return;
    if (now - atomic_exchange(noted, now) < SESSION_TOUCH_EVERY / 8 && now >= atomic_load(noted))
        return;
    struct arena *arena = arena_new(TOUCH_ARENA_BYTES);
    struct touch *touch = ARENA_NEW(arena, struct touch);
    *touch = (struct touch){ .arena = arena,
                             .session = identity->session,
                             .api_key = identity->api_key,
                             .is_platform = identity->is_platform };
    problem_init(&touch->problem, arena);
    touch->job = (struct job){ .place.sender = (uint64_t)identity->agency,
                               .arena = arena,
                               .problem = &touch->problem,
                               .shard = writer_shard(identity->agency),
                               .run = touch_run,
                               .done = touch_done };
    if (!writer_submit(server->writer, &touch->job, &reason))
        arena_free(arena); /* busy: the next use notes it */
}

/* Inside an agency staff are as one of its admins; outside they have no agency at all. */
static enum role platform_role(const struct identity *identity)
{
    return identity->agency != ID_NONE ? ROLE_AGENCY_ADMIN : ROLE_PLATFORM_ADMIN;
}

static bool fill_caller(struct exchange *exchange, struct tx *tx, const struct identity *identity)
{
    struct caller *caller = &exchange->request.caller;
    struct arena *arena = exchange->request.arena;

    *caller = (struct caller){
        .agency = identity->agency,
        .user = identity->user,
        .session = identity->session,
        .api_key = identity->api_key,
        .is_platform = identity->is_platform,
        .role = identity->is_platform ? platform_role(identity) : (enum role)identity->role,
        .scopes = (unsigned)identity->scopes,
        .reach = { .all = identity->reaches_all, .primary = identity->primary },
        .must_set_up_two_factor = identity->two_factor_required
            && identity->two_factor_at == INSTANT_NONE && identity->user != ID_NONE,
        .name = str_copy(arena, identity->name),
        .email = str_copy(arena, identity->email),
        .zone = zone_find(identity->timezone),
        .agency_status = (enum agency_status)identity->agency_status,
    };
    if (identity->api_key != ID_NONE) {
        id64_t *only = ARENA_NEW(arena, id64_t);
        *only = identity->only_subaccount;
        caller->reach.all = *only == ID_NONE;
        caller->reach.granted = only;
        caller->reach.n_granted = *only != ID_NONE;
        /* A key sees what a person of this role would; its scopes say what it may do with it. */
        caller->role = caller->reach.all ? ROLE_AGENCY_ADMIN : ROLE_SUBACCOUNT_MEMBER;
        return true;
    }
    if (caller->role == ROLE_AGENCY_OWNER || caller->role == ROLE_AGENCY_ADMIN)
        caller->reach.all = true;
    return caller->reach.all
        || user_grants(tx, caller->agency, caller->user, &caller->reach.granted,
                       &caller->reach.n_granted);
}

/* Staff who entered an agency come with what is theirs, not with what that agency may. */
static void note_sender(struct exchange *exchange, const struct identity *identity)
{
    sender_confirmed(exchange);
    if (identity->is_platform) return;
    sender_may(exchange,
               (struct sender_terms){ .per_second = identity->requests_per_second,
                                      .share = (uint32_t)identity->queue_share });
}

static bool identify(struct exchange *exchange, struct tx *tx)
{
    struct request *r = &exchange->request;
    bool is_key = exchange->credential.kind == CREDENTIAL_API_KEY, found;
    struct identity identity;

    if (!find_identity(exchange, tx, &identity, &found)) return false;
    if (!found || !identity_is_current(&identity, r->now))
        return request_allow(r, is_key ? REASON_BAD_API_KEY : REASON_SESSION_EXPIRED, NULL);
    if (!fill_caller(exchange, tx, &identity)) return false;
    if (exchange->connection == NULL) return true; /* nobody asks: who listens is looked at again */
    if (identity.agency == exchange->credential.agency) note_sender(exchange, &identity);
    touch_later(exchange, &identity);
    return true;
}

/* The ids in the path, of the kinds that their places name; one that is none is not found. */
static bool read_scope(struct exchange *exchange)
{
    struct request *r = &exchange->request;
    struct str rest = str_from_c(r->route->path), segment;
    id64_t *const places[] = {
        &r->scope.subaccount,
        &r->scope.purchase,
        &r->scope.call,
        &r->scope.session,
        &r->scope.api_key,
        &r->scope.user,
        &r->scope.invitation,
        &r->scope.agency,
        &r->scope.reservation,
        &r->scope.price_change,
        &r->scope.job,
        &r->scope.renewal,
        &r->scope.payout,
        &r->scope.payment_method,
        &r->scope.engine_connection,
        &r->scope.unmatched_call,
    };
    size_t n_ids = 0;

    r->scope = (struct scope){ 0 };
    while (str_split(&rest, '/', &segment)) {
        if (segment.len < 2 || segment.at[0] != '{') continue;
        struct str name = str_sub(segment, 1, segment.len - 2);
        for (size_t i = 0; i < path_ids_count; i++) {
            if (str_equal_c(name, path_ids[i].name)
                && !id_parse(path_ids[i].kind, exchange->id_texts[n_ids], places[i]))
                return request_allow(r, REASON_NOT_FOUND, NULL);
        }
        if (str_equal_c(name, "plan")) r->scope.plan = exchange->id_texts[n_ids];
        if (str_equal_c(name, "token")) r->scope.token = exchange->id_texts[n_ids];
        n_ids++;
    }
    return true;
}

/* The sub-account of the path: in the agency, and within reach. What was granted by name is there; whoever reaches all
   accounts may have named none. */
static bool check_subaccount(struct exchange *exchange, struct tx *tx)
{
    struct request *r = &exchange->request;
    bool exists = true;

    if (r->caller.reach.all
        && !subaccount_exists(tx, r->caller.agency, r->scope.subaccount, &exists))
        return false;
    if (!exists) return request_allow(r, REASON_NOT_FOUND, NULL);
    return request_allow(
        r, may_reach(r->caller.role, r->route->permission, &r->caller.reach, r->scope.subaccount),
        NULL);
}

/* An agency that is being deleted is read only: its machines are refused at once, its people until the owner takes it
   back. */
static enum reason agency_allows(const struct request *r)
{
    bool is_read = r->route->method == GET || (r->route->flags & ROUTE_UNDOES) != 0;

    return r->caller.agency_status == AGENCY_ACTIVE || is_read ? REASON_NONE
                                                               : REASON_AGENCY_DELETING;
}

static enum reason key_allows(const struct request *r)
{
    if (r->route->key_scopes == 0) return REASON_NOT_ALLOWED;
    return (r->caller.scopes & r->route->key_scopes) != 0 ? REASON_NONE : REASON_SCOPE_MISSING;
}

/* The account of the purchase or the reservation in the path; ID_NONE when it names neither. */
static bool find_account(struct request *r, struct tx *tx, id64_t *account)
{
    struct purchase purchase = { .subaccount_id = ID_NONE };
    struct reservation reservation = { .subaccount_id = ID_NONE };
    bool found = true;

    if (r->scope.purchase != ID_NONE)
        found = purchase_find(tx, r->caller.agency, r->scope.purchase, &purchase);
    else if (r->scope.reservation != ID_NONE)
        found = reservation_load(tx, r->caller.agency, r->scope.reservation, &reservation);
    *account = r->scope.purchase != ID_NONE ? purchase.subaccount_id : reservation.subaccount_id;
    return found;
}

/* What the role may not do at all: not there when it is about something of an account out of reach. */
static bool refuse_role(struct request *r, struct tx *tx)
{
    id64_t account;

    if (!find_account(r, tx, &account)) return false;
    if (account == ID_NONE) return request_allow(r, REASON_NOT_ALLOWED, NULL);
    return request_allow(
        r, may_reach(r->caller.role, r->route->permission, &r->caller.reach, account), NULL);
}

/* Of what is an agency's nothing is there for the platform's staff before they enter it. */
static bool refuse_outsider(struct request *r)
{
    static const struct scope nothing;
    bool names_something = memcmp(&r->scope, &nothing, sizeof(nothing)) != 0;

    return request_allow(r, names_something ? REASON_NOT_FOUND : REASON_NOT_ALLOWED, NULL);
}

/* Out of reach comes before not allowed (domain.md §12). A key's scope stands for the permission, so that a key bound
   to a sub-account can hold for and record its calls. */
static bool check_permission(struct exchange *exchange, struct tx *tx)
{
    struct request *r = &exchange->request;
    bool is_key = r->caller.api_key != ID_NONE;

    if (permission_is_platforms(r->route->permission))
        return request_allow(
            r, may_act_for_platform(r->caller.role, r->caller.is_platform, r->route->permission),
            NULL);
    if (is_key && !request_allow(r, key_allows(r), NULL)) return false;
    if (!request_allow(r, agency_allows(r), NULL)) return false;
    if (r->caller.must_set_up_two_factor && (r->route->flags & ROUTE_BEFORE_TWO_FACTOR) == 0)
        return request_allow(r, REASON_TWO_FACTOR_SETUP_REQUIRED, NULL);
    if (r->route->permission == CAN_SIGNED_IN) return true;
    if (r->caller.role == ROLE_PLATFORM_ADMIN) return refuse_outsider(r);
    if (r->scope.subaccount != ID_NONE) return check_subaccount(exchange, tx);
    if (is_key && (r->route->key_scopes & SCOPES_OF_ENGINES) != 0) return true;
    return may_do(r->caller.role, r->route->permission) == REASON_NONE || refuse_role(r, tx);
}

bool authenticate(struct exchange *exchange, struct tx *tx)
{
    struct request *r = &exchange->request;

    if (r->route->permission == CAN_ANYONE) return read_scope(exchange);
    return identify(exchange, tx) && read_scope(exchange) && check_permission(exchange, tx);
}
