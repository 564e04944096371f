/* What a sub-account's minutes cost since when, and will (domain.md §4). */
#include "domain/price_moments.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/routes.h"
#include "api/views.h"
#include "store/audit.h"
#include "store/subaccounts.h"

enum { EVENTS_LOOKED_AT = 500 };

static const char list_name[] = "price history";

struct history_query {
    struct page page;
};

struct moment_view {
    instant_t from;
    int cause;
    struct tier_amounts base_prices, client_prices, prices;
    struct actor_view *actor;
};

/* clang-format off */
static const struct field history_query_fields[] = {
    PAGE_FIELDS(struct history_query),
    FIELD_END,
};

static const struct field moment_fields[] = {
    FIELD_INSTANT(struct moment_view, from),
    FIELD_NAME(struct moment_view, cause, price_cause_names),
    FIELD_OBJECT(struct moment_view, base_prices, tier_amounts_fields),
    FIELD_OBJECT(struct moment_view, client_prices, tier_amounts_fields),
    FIELD_OBJECT(struct moment_view, prices, tier_amounts_fields),
    FIELD_OBJECT(struct moment_view, actor, actor_fields, .flags = FIELD_POINTER),
    FIELD_END,
};
/* clang-format on */

struct moments {
    struct price_moment *at;
    size_t count;
};

static bool load_moments(struct request *r, const struct subaccount *account, struct moments *out)
{
    struct tier_histories base, set;

    if (!price_histories_load(r->tx, account->agency_id, account->agency_id, &base)
        || !price_histories_load(r->tx, account->agency_id, account->id, &set))
        return false;
    out->at = ARENA_ARRAY(r->arena, struct price_moment, price_moments_max(&base, &set));
    out->count = price_moments(&base, &set, account->created_at, out->at);
    return true;
}

/* Who set client prices at that instant, as the trail has it: the system where it says nothing. */
static struct actor actor_at(const struct list *events, instant_t at)
{
    const struct audit_event *event = events->at;

    for (size_t i = 0; i < events->count; i++) {
        if (event[i].at == at)
            return (struct actor){ .user = event[i].user_id, .api_key = event[i].api_key_id };
    }
    return (struct actor){ ID_NONE, ID_NONE };
}

static bool list_events(struct request *r, id64_t account, const char *action, struct list *out)
{
    const struct audit_filter filter = {
        .action = str_from_c(action),
        .target = account,
        .from = INSTANT_NONE,
        .to = INSTANT_NONE,
        .limit = EVENTS_LOOKED_AT,
    };

    return audit_list(r->tx, r->caller.agency, &filter, out);
}

/* Those whose client prices were set; base is the platform's. */
static bool name_actors(struct request *r, id64_t account, struct moment_view *views, size_t n)
{
    struct actor *actors = ARENA_ARRAY(r->arena, struct actor, n + 1);
    struct actor_view *named = ARENA_ARRAY(r->arena, struct actor_view, n + 1);
    struct list set, created;

    if (!list_events(r, account, "subaccount.prices_set", &set)
        || !list_events(r, account, "subaccount.created", &created))
        return false;
    for (size_t i = 0; i < n; i++)
        actors[i] = actor_at(views[i].cause == PRICES_BEGAN ? &created : &set, views[i].from);
    if (!actors_view(r, actors, n, named)) return false;
    for (size_t i = 0; i < n; i++) {
        bool is_known = actors[i].user != ID_NONE || actors[i].api_key != ID_NONE;
        views[i].actor = is_known ? &named[i] : NULL;
    }
    return true;
}

static struct moment_view view_of(const struct price_moment *moment)
{
    return (struct moment_view){
        .from = moment->from,
        .cause = moment->cause,
        .base_prices = tier_amounts(moment->base),
        .client_prices = tier_amounts(moment->set),
        .prices = tier_amounts(moment->effective),
    };
}

/* Newest first; `before` is the instant of the last one of the page before. */
static size_t take_page(const struct moments *moments, const struct page *page, instant_t before,
                        struct price_moment *out)
{
    size_t n = 0, wanted = (size_t)page_rows(page);

    for (size_t i = moments->count; i > 0 && n < wanted; i--) {
        if (before == ID_NONE || moments->at[i - 1].from < before) out[n++] = moments->at[i - 1];
    }
    return n;
}

static bool list_history(struct request *r)
{
    const struct history_query *query = r->query;
    struct subaccount account;
    struct moments moments;
    id64_t before;

    if (!page_before(r, &query->page, list_name, &before)
        || !subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, &account)
        || !load_moments(r, &account, &moments))
        return false;
    struct price_moment *page = ARENA_ARRAY(r->arena, struct price_moment, moments.count + 1);
    const struct list rows = { page, take_page(&moments, &query->page, before, page) };
    size_t n = page_shown(&query->page, &rows);
    struct moment_view *views = ARENA_ARRAY(r->arena, struct moment_view, n + 1);

    for (size_t i = 0; i < n; i++)
        views[i] = view_of(&page[i]);
    struct str next = page_next(r, &query->page, list_name, &rows, n > 0 ? page[n - 1].from : 0);

    return name_actors(r, account.id, views, n)
        && request_reply_list(r, moment_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* clang-format off */
const struct route price_history_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/price_history", CAN_SUBACCOUNT_PRICING, {{READ, list_history}},
     .query = history_query_fields, .query_size = sizeof(struct history_query), .name = "listPriceHistory"},
    ROUTE_END,
};
/* clang-format on */
