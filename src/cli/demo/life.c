#include "cli/demo/life.h"

#include "api/records.h"
#include "api/views.h"
#include "cli/demo/agenda.h"
#include "cli/demo/trail.h"
#include "engine/agencies.h"
#include "engine/calls.h"
#include "engine/knowledge.h"
#include "engine/moves.h"
#include "engine/purchases.h"
#include "engine/setup.h"
#include "engine/writer.h"
#include "http/credentials.h"
#include "store/agencies.h"
#include "store/api_keys.h"
#include "store/ledger.h"
#include "store/sessions.h"
#include "store/subaccounts.h"

enum { HINT_CHARS = 4 };

static const char plan_code[] = "agency_unlimited";

static bool note(const struct demo_life *life, struct tx *tx, const char *action, enum id_kind kind,
                 id64_t target, struct demo_record before, struct demo_record after)
{
    const struct demo_deed deed = {
        life->agency, life->owner, action, kind, target, before, after
    };

    return demo_trail_add(tx, &deed);
}

static bool set_up(struct demo_life *life, struct tx *tx)
{
    const struct setup setup = {
        .agency_name = str_from_c(demo_agency.name),
        .owner_name = str_from_c(demo_agency.owner_name),
        .email = str_from_c(demo_agency.email),
        .password_hash = life->password_hash,
        .timezone = zone_name(life->plan->zone),
        .plan_code = str_from_c(plan_code),
    };
    struct demo_standing *own = &life->accounts[DEMO_OWN_ACCOUNT];
    struct setup_result made;
    struct wallet wallet;

    if (!agency_set_up(tx, &setup, &made)) return false;
    life->agency = made.agency;
    life->owner = made.owner;
    if (!subaccount_load(tx, made.agency, made.primary, &own->account)
        || !ledger_wallets(tx, made.agency, &made.primary, 1, &wallet))
        return false;
    for (int tier = 0; tier < TIER_COUNT; tier++)
        own->wallet[tier] = wallet.seconds[tier];
    return note(life, tx, "agency.created", ID_AGENCY, made.agency, DEMO_NO_RECORD, DEMO_NO_RECORD);
}

/* What a new agency settles first: its colour and what clients pay. */
static bool settle_defaults(const struct demo_life *life, struct tx *tx)
{
    struct agency before, after;
    int64_t version;

    if (!agency_next_version(tx, life->agency, &version) || !agency_load(tx, life->agency, &before))
        return false;
    after = before;
    after.branding_colour = str_from_c(demo_agency.branding_colour);
    for (int tier = 0; tier < TIER_COUNT; tier++)
        after.default_prices[tier] = demo_agency.default_prices[tier];
    return agency_change(tx, &before, &after)
        && note(life, tx, "agency.updated", ID_AGENCY, life->agency,
                (struct demo_record){ agency_record, &before },
                (struct demo_record){ agency_record, &after });
}

/* The key under which the voice engine reports. Nobody is told its secret. */
static bool make_engine_key(struct demo_life *life, struct tx *tx)
{
    struct str secret = api_key_secret_new(tx->arena, life->agency);
    struct hash secret_hash = hash_of(secret);
    const struct api_key key = {
        .agency_id = life->agency,
        .id = id_new(tx->now),
        .name = str_from_c(demo_agency.key_name),
        .hint = str_sub(secret, secret.len - HINT_CHARS, HINT_CHARS),
        .scopes = 1U << SCOPE_CALLS_WRITE | 1U << SCOPE_READ,
        .created_by = life->owner,
        .created_at = tx->now,
        .expires_at = INSTANT_NONE,
        .last_used_at = INSTANT_NONE,
        .revoked_at = INSTANT_NONE,
    };

    life->engine_key = key.id;
    return api_key_insert(tx, &key, &secret_hash)
        && note(life, tx, "api_key.created", ID_API_KEY, key.id, DEMO_NO_RECORD,
                (struct demo_record){ api_key_record, &key });
}

/* The first morning. */
static bool found(struct demo_life *life, struct tx *tx)
{
    const instant_t start =
        zone_instant(life->plan->zone, life->plan->start, (struct clock_time){ 8, 52, 0 });
    const instant_t minute = 60 * MICROS_PER_SECOND;
    int64_t agencies;

    tx->now = start;
    if (!agencies_count(tx, &agencies)) return false;
    if (agencies > 0)
        return fail(tx->problem, REASON_ALREADY_SET_UP, NULL,
                    "this store already has an agency; a demo needs one of its own");
    if (!store_fact_set(tx, STR("demo"), STR("true")) || !set_up(life, tx)) return false;
    tx->now = start + 4 * minute;
    if (!settle_defaults(life, tx)) return false;
    tx->now = start + 9 * minute;
    return make_engine_key(life, tx);
}

static bool join(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    const struct demo_client *client = demo_account(event->account);
    struct demo_standing *standing = &life->accounts[event->account];
    const struct new_subaccount input = {
        .name = str_from_c(client->name),
        .email = str_from_c(client->email),
        .reference = str_from_c(client->reference),
        .prices = { client->prices[TIER_BASIC], client->prices[TIER_PREMIUM] },
        .applies_base_price = client->applies_base_price,
    };

    return subaccount_create(tx, life->agency, &input, &standing->account)
        && note(life, tx, "subaccount.created", ID_SUBACCOUNT, standing->account.id, DEMO_NO_RECORD,
                (struct demo_record){ subaccount_record, &standing->account });
}

static bool change_email(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    struct subaccount *account = &life->accounts[event->account].account;
    struct subaccount before = *account;
    int64_t version;

    account->email = str_from_c(event->change->email);
    return agency_next_version(tx, life->agency, &version)
        && subaccount_update(tx, account, version)
        && note(life, tx, "subaccount.updated", ID_SUBACCOUNT, account->id,
                (struct demo_record){ subaccount_record, &before },
                (struct demo_record){ subaccount_record, account });
}

static bool change_prices(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    const struct subaccount *account = &life->accounts[event->account].account;
    const micros_t *prices = event->change->prices;
    struct tier_prices was;

    if (!subaccount_prices(tx, life->agency, account->id, tx->now, &was)
        || !subaccount_set_prices(tx, account, prices))
        return false;
    const struct tier_amounts before = tier_amounts(was.set), after = tier_amounts(prices);
    return note(life, tx, "subaccount.prices_set", ID_SUBACCOUNT, account->id,
                (struct demo_record){ tier_amounts_fields, &before },
                (struct demo_record){ tier_amounts_fields, &after });
}

static bool give_credits(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    struct knowledge_transfer transfer = {
        .agency_id = life->agency,
        .from_id = life->accounts[DEMO_OWN_ACCOUNT].account.id,
        .to_id = life->accounts[event->account].account.id,
        .credits = event->change->credits,
    };

    return knowledge_moved(tx, &transfer, (struct actor){ .user = life->owner })
        && note(life, tx, "knowledge.moved", ID_SUBACCOUNT, transfer.from_id, DEMO_NO_RECORD,
                (struct demo_record){ knowledge_transfer_record, &transfer });
}

/* As many as the agency's own account has, at most. */
static bool give_minutes(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    struct demo_standing *own = &life->accounts[DEMO_OWN_ACCOUNT];
    struct demo_standing *client = &life->accounts[event->account];
    const struct move_order order = {
        .agency = life->agency,
        .from = own->account.id,
        .to = client->account.id,
        .tier = TIER_PREMIUM,
        .sent = (seconds_t)event->change->minutes * 60,
    };
    struct minute_move move;

    if (own->wallet[TIER_PREMIUM] < order.sent) return true;
    if (!move_quoted(tx, &order, &move)
        || !move_made(tx, &order, move.received, (struct actor){ .user = life->owner }, &move))
        return false;
    own->wallet[TIER_PREMIUM] -= move.sent;
    client->wallet[TIER_PREMIUM] += move.received;
    return note(life, tx, "minutes.moved", ID_SUBACCOUNT, move.from_id, DEMO_NO_RECORD,
                (struct demo_record){ minute_move_record, &move });
}

static bool change(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    if (event->change->credits > 0) return give_credits(life, tx, event);
    if (event->change->minutes > 0) return give_minutes(life, tx, event);
    return event->change->email != NULL ? change_email(life, tx, event)
                                        : change_prices(life, tx, event);
}

static bool buy(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    struct demo_standing *standing = &life->accounts[event->account];
    struct purchase *purchase = &standing->unpaid[event->tier];

    const struct purchase_order order = {
        .agency = life->agency,
        .subaccount = standing->account.id,
        .tier = event->tier,
        .seconds = event->seconds,
        .amount = event->amount,
        .created_by = life->owner,
    };

    standing->pays_at[event->tier] = event->pays_at;
    return purchase_create(tx, &order, purchase)
        && note(life, tx, "purchase.created", ID_PURCHASE, purchase->id, DEMO_NO_RECORD,
                (struct demo_record){ purchase_record, purchase });
}

static bool pay(struct demo_life *life, struct tx *tx, const struct demo_event *event)
{
    struct demo_standing *standing = &life->accounts[event->account];
    struct purchase *before = &standing->unpaid[event->tier], after;

    if (!purchase_mark_paid(tx, life->agency, before->id, (struct actor){ .user = life->owner },
                            &after)
        || !note(life, tx, "purchase.succeeded", ID_PURCHASE, after.id,
                 (struct demo_record){ settlement_record, before },
                 (struct demo_record){ settlement_record, &after }))
        return false;
    standing->wallet[event->tier] += after.seconds;
    *before = (struct purchase){ .id = ID_NONE };
    return true;
}

/* As the API takes a batch: what it would refuse is a fault of the story. */
static bool report(struct demo_life *life, struct tx *tx, struct demo_call *calls, size_t n)
{
    struct call_submission *submissions = ARENA_ARRAY(tx->arena, struct call_submission, n);
    struct call_submission **batch = ARENA_ARRAY(tx->arena, struct call_submission *, n);

    for (size_t i = 0; i < n; i++) {
        submissions[i].record = calls[i].record;
        submissions[i].record.subaccount =
            id_format(tx->arena, ID_SUBACCOUNT, life->accounts[calls[i].account].account.id);
        batch[i] = &submissions[i];
        if (!call_record_check(&submissions[i].record, tx->now, STR(""), tx->problem)) return false;
    }
    if (!calls_record(tx, life->agency, batch, n, (struct actor){ .api_key = life->engine_key }))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct demo_standing *standing = &life->accounts[calls[i].account];
        if (submissions[i].outcome != CALL_ACCEPTED)
            return fail(tx->problem, REASON_INTERNAL, NULL, "the call %.*s was not accepted",
                        STR_ARG(calls[i].record.id));
        standing->wallet[calls[i].record.tier] -= submissions[i].billed_seconds;
        standing->used_today[calls[i].record.tier] += submissions[i].billed_seconds;
    }
    life->n_calls += (int64_t)n;
    return true;
}

static bool happen(struct demo_life *life, struct tx *tx, const struct demo_agenda *agenda,
                   const struct demo_event *event)
{
    tx->now = event->at;
    switch (event->kind) {
    case EVENT_JOINS: return join(life, tx, event);
    case EVENT_CHANGES: return change(life, tx, event);
    case EVENT_BUYS: return buy(life, tx, event);
    case EVENT_PAYS: return pay(life, tx, event);
    case EVENT_REPORTS:
        return report(life, tx, &agenda->calls.at[event->first_call], event->n_calls);
    }
    return false;
}

/* In the evening: what an account uses a day, of late. */
static void sum_up(struct demo_life *life, int32_t day)
{
    enum { REMEMBERED_DAYS = 7 };

    for (int i = 0; i < life->plan->accounts; i++) {
        struct demo_standing *standing = &life->accounts[i];
        int32_t joined = demo_joining_day(life->plan, i), first = life->plan->first_call_day;
        int64_t known_days = joined < first ? day - first + 1 : day - joined;
        int64_t days = known_days < REMEMBERED_DAYS ? known_days : REMEMBERED_DAYS;
        for (int tier = 0; days > 0 && tier < TIER_COUNT; tier++)
            standing->used_a_day[tier] =
                (standing->used_a_day[tier] * (days - 1) + standing->used_today[tier]) / days;
        standing->used_today[TIER_BASIC] = 0;
        standing->used_today[TIER_PREMIUM] = 0;
    }
}

struct day_run {
    struct demo_life *life;
    struct demo_life before; /* the transaction may be run again, from here */
    int32_t day;
};

static bool live(struct tx *tx, void *context)
{
    struct day_run *run = context;
    struct demo_agenda *agenda = ARENA_NEW(tx->arena, struct demo_agenda);

    *run->life = run->before;
    if (run->day == 0 && !found(run->life, tx)) return false;
    demo_agenda_make(run->life, run->day, tx->arena, agenda);
    for (size_t i = 0; i < agenda->n; i++) {
        if (!happen(run->life, tx, agenda, &agenda->events[i])) return false;
    }
    if (run->day == run->life->plan->last_day && !api_key_touch(tx, run->life->engine_key))
        return false;
    sum_up(run->life, run->day);
    return true;
}

bool demo_live_day(struct demo_life *life, struct tx *tx, struct arena *arena,
                   struct problem *problem, int32_t day)
{
    struct day_run *run = ARENA_NEW(arena, struct day_run);

    *run = (struct day_run){ life, *life, day };
    return tx_run(tx, arena, problem, demo_day(life->plan, day).start, live, run);
}
