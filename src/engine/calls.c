#include "engine/calls.h"

#include "engine/pairs.h"
#include "engine/recharge_runs.h"
#include "store/calls.h"
#include "store/ledger.h"
#include "store/usage_write.h"

#include <stdatomic.h>

const char *const call_outcome_names[] = { "accepted", "duplicate", "conflict", "rejected", NULL };

static atomic_uint_fast64_t outcome_counts[CALL_OUTCOME_COUNT];

/* A record that can be charged, on its way into the store. */
struct pending {
    struct call call;
    struct rating rating;
    struct charged_account *account;
    struct call_submission *submission;
};

struct batch {
    struct tx *tx;
    struct charged_agency *agency;
    struct actor actor;
    struct pending *pending;
    struct call **calls; /* of pending, side by side for the store */
    bool *inserted;
    size_t n;
};

static void refuse(struct call_submission *submission, enum reason reason, struct str field)
{
    submission->refused = reason;
    submission->refused_field = field;
    submission->outcome = CALL_REJECTED;
}

/* The account that the record names, if whoever sends it may record for it. */
static struct charged_account *account_of(struct charged_agency *agency,
                                          const struct call_submission *submission)
{
    struct charged_account *account = accounts_find(agency, submission->record.subaccount);
    bool allowed = submission->only_subaccount == ID_NONE
        || (account != NULL && account->id == submission->only_subaccount);
    return allowed ? account : NULL;
}

/* At the prices and the increment in force when the call started; a removed account's late call at base price. */
static enum reason rate(const struct charged_agency *agency, const struct charged_account *account,
                        const struct call_record *record, struct rating *out)
{
    int tier = record->tier;
    micros_t base = price_in_force(agency->base[tier], record->started_at);
    micros_t client = account->status == SUBACCOUNT_REMOVED
        ? MICROS_NONE
        : price_in_force(account->client[tier], record->started_at);
    struct increment increment =
        increment_in_force(agency->increments, agency->n_increments, record->started_at);

    return call_rate(record->duration_seconds, increment, base, client, out);
}

static void fill_call(const struct batch *batch, struct pending *pending, int64_t source_id)
{
    const struct call_record *record = &pending->submission->record;
    const struct charged_account *account = pending->account;

    pending->call = (struct call){
        .agency_id = batch->agency->id,
        .subaccount_id = account->id,
        .charged_id =
            account->status == SUBACCOUNT_REMOVED ? batch->agency->primary_id : account->id,
        .source_id = source_id,
        .external_id = record->id,
        .fingerprint = call_record_fingerprint(record, account->id),
        .tier = record->tier,
        .direction = record->direction,
        .status = record->status,
        .started_at = record->started_at,
        .answered_at = record->answered_at,
        .ended_at = record->ended_at,
        .duration_seconds = record->duration_seconds,
        .billed_seconds = pending->rating.billed_seconds,
        .price = pending->rating.price,
        .base_price = pending->rating.base_price,
        .recorded_at = batch->tx->now,
        .reservation = record->reservation,
        .agent = record->agent,
        .project = record->project,
        .campaign = record->campaign,
        .contact = record->contact,
        .from = record->from,
        .to = record->to,
        .outcome = record->outcome,
        .sentiment = record->sentiment,
        .summary = record->summary,
        .recording_url = record->recording_url,
    };
}

/* One submission into the batch, or refused; false only when the store failed. */
static bool prepare_one(struct batch *batch, struct call_submission *submission)
{
    struct pending *pending = &batch->pending[batch->n];
    struct str source =
        str_is_absent(submission->record.source) ? STR("api") : submission->record.source;
    int64_t source_id;

    *pending = (struct pending){ .submission = submission,
                                 .account = account_of(batch->agency, submission) };
    if (pending->account == NULL) {
        refuse(submission, REASON_UNKNOWN_SUBACCOUNT, STR("subaccount"));
        return true;
    }
    enum reason reason =
        rate(batch->agency, pending->account, &submission->record, &pending->rating);
    if (reason != REASON_NONE) {
        refuse(submission, reason, STR("duration_seconds"));
        return true;
    }
    reason = accounts_source(batch->agency, batch->tx, source, &source_id);
    if (reason == REASON_TOO_MANY_SOURCES) {
        refuse(submission, reason, STR("source"));
        return true;
    }
    if (reason != REASON_NONE) return false;
    fill_call(batch, pending, source_id);
    batch->n++;
    return true;
}

static bool prepare(struct batch *batch, struct call_submission **submissions, size_t n)
{
    batch->pending = ARENA_ARRAY(batch->tx->arena, struct pending, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct call_submission *submission = submissions[i];
        submission->refused = REASON_NONE; /* of an earlier try of the same transaction */
        submission->refused_field = STR_NONE;
        submission->named_reservation = false;
        if (submission->malformed != REASON_NONE)
            refuse(submission, submission->malformed, submission->malformed_field);
        else if (!prepare_one(batch, submission))
            return false;
    }
    return true;
}

/* What the batch takes from each wallet, and what it lets go of what was held of it: one posting for a (wallet, tier). */
struct charges {
    struct pairs wallets; /* (sub-account, tier) */
    id64_t *posting_ids;
    seconds_t *seconds, *held;
};

/* Gives every call its id, and those that cost something the posting that will charge them. */
static void assign_ids(struct batch *batch, struct charges *charges)
{
    struct arena *arena = batch->tx->arena;
    size_t wallets_most =
        batch->n * 2; /* of each call the one that is charged, and the one that was held of */
    id64_t *ids = ARENA_ARRAY(arena, id64_t, batch->n + wallets_most);

    id_new_many(batch->tx->now, ids, batch->n + wallets_most);
    charges->wallets = pairs_new(arena, wallets_most);
    charges->posting_ids = ids + batch->n;
    charges->seconds = ARENA_ARRAY(arena, seconds_t, wallets_most);
    charges->held = ARENA_ARRAY(arena, seconds_t, wallets_most);
    batch->calls = ARENA_ARRAY(arena, struct call *, batch->n);
    batch->inserted = ARENA_ARRAY(arena, bool, batch->n);
    for (size_t i = 0; i < batch->n; i++) {
        struct call *call = &batch->pending[i].call;
        call->id = ids[i];
        if (call->billed_seconds > 0)
            call->posting_id =
                charges->posting_ids[pairs_add(&charges->wallets, call->charged_id, call->tier)];
        batch->calls[i] = call;
    }
}

/* Those that were there already: the same content is a duplicate, other content a conflict. */
static bool tell_duplicates(struct batch *batch)
{
    struct call_identity *identities =
        ARENA_ARRAY(batch->tx->arena, struct call_identity, batch->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < batch->n; i++) {
        if (!batch->inserted[i])
            identities[n++] = (struct call_identity){ .source_id = batch->calls[i]->source_id,
                                                      .external_id = batch->calls[i]->external_id };
    }
    if (!calls_identify(batch->tx, batch->agency->id, identities, n)) return false;
    n = 0;
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->inserted[i]) continue;
        const struct call_identity *known = &identities[n++];
        struct call_submission *submission = batch->pending[i].submission;
        submission->call_id = known->id;
        submission->outcome =
            known->fingerprint == batch->calls[i]->fingerprint ? CALL_DUPLICATE : CALL_CONFLICT;
        if (submission->outcome == CALL_CONFLICT) submission->refused = REASON_CALL_CONFLICT;
    }
    return true;
}

static void tell_accepted(struct batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        if (!batch->inserted[i]) continue;
        struct call_submission *submission = batch->pending[i].submission;
        submission->outcome = CALL_ACCEPTED;
        submission->call_id = batch->calls[i]->id;
        submission->charged_subaccount = batch->calls[i]->charged_id;
        tx_mark(batch->tx, batch->agency->id, batch->calls[i]->subaccount_id, CHANGED_CALLS);
        submission->billed_seconds = batch->calls[i]->billed_seconds;
    }
}

/* The reservations that new calls name: what is held by those that are open goes with this batch. */
static bool end_reservations(struct batch *batch, struct charges *charges)
{
    struct reservation_end *ends = ARENA_ARRAY(batch->tx->arena, struct reservation_end, batch->n);
    struct pending **named = ARENA_ARRAY(batch->tx->arena, struct pending *, batch->n);
    size_t n = 0;

    for (size_t i = 0; i < batch->n; i++) {
        const struct call *call = batch->calls[i];
        if (!batch->inserted[i] || str_is_absent(call->reservation)) continue;
        named[n] = &batch->pending[i];
        ends[n++] = (struct reservation_end){ .name = call->reservation,
                                              .subaccount = call->subaccount_id,
                                              .call = call->id };
    }
    if (!reservations_end(batch->tx, batch->agency->id, ends, n)) return false;
    for (size_t i = 0; i < n; i++) {
        named[i]->submission->named_reservation = true;
        named[i]->submission->reservation = ends[i].found;
        if (ends[i].held > 0)
            charges->held[pairs_add(&charges->wallets, ends[i].subaccount, ends[i].tier)] +=
                ends[i].held;
    }
    return true;
}

static struct posting posting_of(const struct batch *batch, const struct charges *charges, size_t i)
{
    const struct pair *wallet = &charges->wallets.at[i];
    id64_t id = charges->posting_ids[i], agency = batch->agency->id;
    enum tier tier = (enum tier)wallet->b;
    instant_t now = batch->tx->now;

    return charges->held[i] == 0
        ? posting_for_calls(id, agency, wallet->a, tier, charges->seconds[i], now)
        : posting_for_ended_calls(id, agency, wallet->a, tier, charges->seconds[i],
                                  charges->held[i], now);
}

/* One posting per wallet and tier, of the calls that are new. */
static bool charge_wallets(struct batch *batch, struct charges *charges)
{
    struct tx *tx = batch->tx;
    struct posting *postings = ARENA_ARRAY(tx->arena, struct posting, charges->wallets.count + 1);
    size_t n = 0;

    for (size_t i = 0; i < batch->n; i++) {
        const struct call *call = batch->calls[i];
        if (batch->inserted[i] && call->billed_seconds > 0)
            charges->seconds[pairs_add(&charges->wallets, call->charged_id, call->tier)] +=
                call->billed_seconds;
    }
    for (size_t i = 0; i < charges->wallets.count; i++) {
        if (charges->seconds[i] == 0 && charges->held[i] == 0) continue;
        postings[n] = posting_of(batch, charges, i);
        postings[n].actor = batch->actor;
        enum reason reason = posting_check(&postings[n]);
        if (reason != REASON_NONE)
            return fail(tx->problem, reason, NULL, "posting for a batch of calls");
        n++;
    }
    return ledger_post(tx, postings, n);
}

/* Accounts that buy by themselves below a balance; most agencies have none, and nothing is asked of the store then. */
static bool check_recharges(struct batch *batch, const struct charges *charges)
{
    size_t n = 0;
    struct charged_account **armed =
        ARENA_ARRAY(batch->tx->arena, struct charged_account *, charges->wallets.count + 1);

    for (size_t i = 0; i < charges->wallets.count; i++) {
        struct charged_account *account = accounts_by_id(batch->agency, charges->wallets.at[i].a);

        if (charges->seconds[i] > 0 && account != NULL && account->recharge_below != MICROS_NONE)
            armed[n++] = account;
    }
    return recharge_check_charged(batch->tx, batch->agency, armed, n);
}

static void add_to_hour(struct usage_hour *hour, const struct call *call,
                        const struct rating *rating)
{
    hour->calls++;
    hour->answered += call_is_answered((enum call_status)call->status);
    hour->inbound += call->direction == CALL_INBOUND;
    hour->by_status[call->status]++;
    hour->talk_seconds += call->duration_seconds;
    hour->billed_seconds[call->tier] += call->billed_seconds;
    hour->spent += rating->spent;
    hour->cost += rating->cost;
}

static instant_t hour_of(instant_t at)
{
    return at - ((at % MICROS_PER_HOUR) + MICROS_PER_HOUR) % MICROS_PER_HOUR;
}

/* Each new call counts in its account's hour and in the agency's. */
static bool summarise_hours(struct batch *batch)
{
    struct arena *arena = batch->tx->arena;
    struct pairs keys = pairs_new(arena, batch->n * 2 + 1);
    struct usage_hour *hours = ARENA_ARRAY(arena, struct usage_hour, batch->n * 2 + 1);

    for (size_t i = 0; i < batch->n; i++) {
        const struct call *call = batch->calls[i];
        const id64_t owners[] = { call->subaccount_id, ID_NONE };
        for (size_t o = 0; batch->inserted[i] && o < COUNT_OF(owners); o++) {
            struct usage_hour *hour =
                &hours[pairs_add(&keys, owners[o], hour_of(call->started_at))];
            hour->subaccount = owners[o];
            hour->hour_at = hour_of(call->started_at);
            add_to_hour(hour, call, &batch->pending[i].rating);
        }
    }
    return usage_hours_add(batch->tx, batch->agency->id, hours, keys.count);
}

static bool summarise_periods(struct batch *batch)
{
    struct arena *arena = batch->tx->arena;
    struct pairs keys = pairs_new(arena, batch->n + 1);
    struct usage_period *periods = ARENA_ARRAY(arena, struct usage_period, batch->n + 1);

    for (size_t i = 0; i < batch->n; i++) {
        if (!batch->inserted[i]) continue;
        const struct call *call = batch->calls[i];
        struct period span =
            accounts_period(batch->agency, batch->pending[i].account, call->started_at);
        struct usage_period *period = &periods[pairs_add(&keys, call->subaccount_id, span.start)];
        period->subaccount = call->subaccount_id;
        period->start_at = span.start;
        period->end_at = span.end;
        period->calls++;
        period->billed_seconds += call->billed_seconds;
        period->spent += batch->pending[i].rating.spent;
        period->cost += batch->pending[i].rating.cost;
    }
    return usage_periods_add(batch->tx, batch->agency->id, periods, keys.count);
}

bool calls_record(struct tx *tx, id64_t agency, struct call_submission **submissions, size_t n,
                  struct actor actor)
{
    struct batch batch = { .tx = tx, .actor = actor };
    struct charges charges;

    batch.agency = accounts_load(tx->cache, tx, agency);
    if (batch.agency == NULL || !prepare(&batch, submissions, n)) return false;
    if (batch.n > 0) {
        assign_ids(&batch, &charges);
        if (!calls_insert(tx, batch.calls, batch.n, batch.inserted) || !tell_duplicates(&batch)
            || !end_reservations(&batch, &charges) || !charge_wallets(&batch, &charges)
            || !check_recharges(&batch, &charges) || !summarise_hours(&batch)
            || !summarise_periods(&batch))
            return false;
        tell_accepted(&batch);
    }
    return true;
}

void calls_count(const struct call_submission *submissions, size_t n)
{
    uint_fast64_t counts[CALL_OUTCOME_COUNT] = { 0 };

    for (size_t i = 0; i < n; i++)
        counts[submissions[i].outcome]++;
    for (int outcome = 0; outcome < CALL_OUTCOME_COUNT; outcome++)
        atomic_fetch_add_explicit(&outcome_counts[outcome], counts[outcome], memory_order_relaxed);
}

struct calls_stats calls_stats(void)
{
    return (struct calls_stats){
        .charged = atomic_load(&outcome_counts[CALL_ACCEPTED]),
        .duplicates = atomic_load(&outcome_counts[CALL_DUPLICATE]),
        .conflicts = atomic_load(&outcome_counts[CALL_CONFLICT]),
        .rejected = atomic_load(&outcome_counts[CALL_REJECTED]),
    };
}
