#include "engine/event_figures.h"

#include "domain/accounts.h"
#include "engine/standing.h"
#include "engine/wallets.h"
#include "store/agencies.h"
#include "store/reservations.h"

const char *const event_kind_names[] = { "account", "agency", "reset", NULL };

/* The kinds of marks in their order; the last one is found out here. */
static const char *const changed_names[] = { "balance", "calls", "holds", "state", "risks", NULL };
enum {
    CHANGED_SHOWN = CHANGED_BALANCE | CHANGED_CALLS | CHANGED_HOLDS | CHANGED_STATE,
    CHANGED_RISKS = 16,
};

struct account_event {
    id64_t subaccount;
    uint64_t changed, risks;
    int status;
    struct wallet_view wallet;
    int64_t calls_in_progress;
    struct str reservations; /* JSON; absent: not told */
};

struct agency_event {
    uint64_t changed;
    int64_t calls_in_progress;
};

/* clang-format off */
static const struct field account_event_fields[] = {
    FIELD_ID(struct account_event, subaccount, ID_SUBACCOUNT),
    FIELD_NAMES(struct account_event, changed, changed_names),
    FIELD_NAME(struct account_event, status, subaccount_status_names),
    FIELD_OBJECT(struct account_event, wallet, wallet_fields),
    FIELD_INTEGER(struct account_event, calls_in_progress),
    FIELD_NAMES(struct account_event, risks, risk_names),
    FIELD_JSON(struct account_event, reservations, .flags = FIELD_OMIT_NULL),
    FIELD_END,
};

static const struct field agency_event_fields[] = {
    FIELD_NAMES(struct agency_event, changed, changed_names),
    FIELD_INTEGER(struct agency_event, calls_in_progress),
    FIELD_END,
};
/* clang-format on */

static struct str json_of(struct tx *tx, const struct field *fields, const void *in)
{
    struct buffer out = buffer_new(tx->arena, 512);

    fields_to_json(fields, in, &out);
    return buffer_str(&out);
}

/* The calls in progress of an account that was suspended, for an engine to hang up: as many as one event names. */
static bool name_reservations(struct tx *tx, id64_t agency, struct account_event *event)
{
    const struct reservation_filter filter = { .subaccount = event->subaccount,
                                               .limit = EVENT_RESERVATIONS_MAX };
    struct buffer out = buffer_new(tx->arena, 256);
    struct list open;

    if (!reservations_list_open(tx, agency, &filter, &open)) return false;
    buffer_add_byte(&out, '[');
    for (size_t i = 0; i < open.count; i++) {
        buffer_add_c(&out, i > 0 ? ",\"" : "\"");
        buffer_add_id(&out, ID_RESERVATION, ((const struct reservation *)open.at)[i].id);
        buffer_add_byte(&out, '"');
    }
    buffer_add_byte(&out, ']');
    event->reservations = buffer_str(&out);
    return true;
}

/* Whether the account's risks are others than were told last; of one that nothing was told of, whether there are any. */
static bool risks_changed(struct marks *told, id64_t agency, id64_t subaccount, unsigned risks)
{
    struct mark *last = marks_of(told, agency, subaccount);

    if (last == NULL) {
        marks_clear(told);
        last = marks_of(told, agency, subaccount);
    }
    bool changed = last->kinds != risks;
    last->kinds = risks;
    return changed;
}

static bool fill_account(struct tx *tx, const struct mark *mark,
                         const struct account_standing *standing, int64_t in_progress,
                         struct marks *told, struct account_event *out)
{
    *out = (struct account_event){
        .subaccount = mark->subaccount,
        .changed = mark->kinds & CHANGED_SHOWN,
        .risks = standing->risks,
        .status = standing->status,
        .calls_in_progress = in_progress,
        .reservations = STR_NONE,
    };
    if (risks_changed(told, mark->agency, mark->subaccount, standing->risks))
        out->changed |= CHANGED_RISKS;
    if (!wallet_view(&standing->wallet, standing->prices.effective, &out->wallet))
        return fail(tx->problem, REASON_OVERFLOW, NULL, "a wallet's worth does not fit");
    return standing->status != SUBACCOUNT_SUSPENDED || (mark->kinds & CHANGED_STATE) == 0
        || in_progress == 0 || name_reservations(tx, mark->agency, out);
}

static bool add_accounts(struct tx *tx, id64_t agency, const struct mark *const *marks, size_t n,
                         struct marks *told, struct event *events)
{
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, n + 1);
    int64_t *in_progress = ARENA_ARRAY(tx->arena, int64_t, n + 1);
    struct account_standing *standings = ARENA_ARRAY(tx->arena, struct account_standing, n + 1);
    struct agency row;

    for (size_t i = 0; i < n; i++)
        ids[i] = marks[i]->subaccount;
    if (!agency_load(tx, agency, &row)
        || !accounts_standing(tx, agency, zone_find(row.timezone), ids, n, standings)
        || !reservations_count_open(tx, agency, ids, n, in_progress))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct account_event event;

        if (!fill_account(tx, marks[i], &standings[i], in_progress[i], told, &event)) return false;
        events[i] =
            (struct event){ EVENT_ACCOUNT, ids[i], json_of(tx, account_event_fields, &event) };
    }
    return true;
}

static bool add_agency(struct tx *tx, id64_t agency, unsigned kinds, struct event *out)
{
    struct agency_event event = { .changed = kinds & CHANGED_SHOWN };

    if (!reservations_count_all(tx, agency, &event.calls_in_progress)) return false;
    *out = (struct event){ EVENT_AGENCY, ID_NONE, json_of(tx, agency_event_fields, &event) };
    return true;
}

bool event_figures(struct tx *tx, id64_t agency, const struct mark *marks, size_t n,
                   struct marks *told, struct event **events, size_t *n_events)
{
    const struct mark **accounts = ARENA_ARRAY(tx->arena, const struct mark *, n + 1);
    size_t n_accounts = 0;
    unsigned kinds = 0;

    *events = ARENA_ARRAY(tx->arena, struct event, n + 1);
    for (size_t i = 0; i < n; i++) {
        kinds |= marks[i].kinds;
        if (marks[i].subaccount != ID_NONE && (marks[i].kinds & CHANGED_SHOWN) != 0)
            accounts[n_accounts++] = &marks[i];
    }
    *n_events = n_accounts;
    if (n_accounts > 0 && !add_accounts(tx, agency, accounts, n_accounts, told, *events))
        return false;
    if ((kinds & CHANGED_SHOWN) == 0) return true;
    return add_agency(tx, agency, kinds, &(*events)[(*n_events)++]);
}
