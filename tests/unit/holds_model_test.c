/* Holds, calls, grants, suspensions and time in any order, beside a model of plain arrays that knows what each step is to
   do: no second is lost or spent twice, at any step. */
#include "charging_fixture.h"
#include "property.h"

#include "engine/calls.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

enum {
    STEPS_SQLITE = 10000,
    STEPS_POSTGRES = 1500,
    ACCOUNTS = 2,
    HOLDS_MAX = 40000,
    BATCH = 5,
    GRACE = 120,
    STEP_ARENA_BYTES = 1 << 18,
};

static const id64_t accounts[ACCOUNTS] = { HARBOR, LAKESIDE };

/* A reservation as the model knows it. */
struct known {
    id64_t id;
    int account, tier, state;
    seconds_t granted;
    instant_t expires_at;
    bool is_named; /* by a call */
};

struct model {
    seconds_t wallet[ACCOUNTS][TIER_COUNT], held[ACCOUNTS][TIER_COUNT];
    seconds_t used[TIER_COUNT], issued[TIER_COUNT];
    bool suspended[ACCOUNTS];
    int64_t limit[ACCOUNTS]; /* 0: none */
    struct known *holds;
    size_t n_holds;
};

struct world {
    struct store *store;
    struct arena *arena; /* of one step */
    struct rng rng;
    struct model model;
    instant_t now;
    int64_t calls;
    size_t outcomes[REASON_COUNT]; /* of orders, so that it can be told that all of them came up */
};

static int pick(struct world *w, int n)
{
    return (int)rng_between(&w->rng, 0, n - 1);
}

static void step_begin(struct world *w)
{
    arena_reset(w->arena);
    assert_ok(w->store, tx_begin(w->store->tx, w->arena, &w->store->problem, w->now));
}

static void step_commit(struct world *w)
{
    commit_all(w->store);
}

/* --- what the model says --- */

static int64_t in_progress(const struct world *w, int account)
{
    int64_t n = 0;

    for (size_t i = 0; i < w->model.n_holds; i++) {
        const struct known *hold = &w->model.holds[i];
        n += hold->account == account && hold->state == RESERVATION_OPEN
            && hold->expires_at > w->now;
    }
    return n;
}

static enum reason take(struct model *m, int account, int tier, seconds_t wanted,
                        seconds_t *granted)
{
    seconds_t left = m->wallet[account][tier];

    if (left <= 0) return REASON_INSUFFICIENT_MINUTES;
    *granted = wanted < left ? wanted : left;
    m->wallet[account][tier] -= *granted;
    m->held[account][tier] += *granted;
    return REASON_NONE;
}

static void let_go(struct model *m, struct known *hold, int state)
{
    m->held[hold->account][hold->tier] -= hold->granted;
    m->wallet[hold->account][hold->tier] += hold->granted;
    hold->state = state;
}

/* --- steps --- */

static void grant(struct world *w)
{
    int account = pick(w, ACCOUNTS), tier = pick(w, TIER_COUNT);
    seconds_t left = w->model.wallet[account][tier];
    /* Wallets are to be full, empty and overdrawn in turn. */
    seconds_t seconds = rng_between(&w->rng, 1, left > 3000 ? 10 : 4000 + (left < 0 ? -left : 0));
    struct posting posting = posting_for_plan_grant(id_new(w->now), AGENCY, accounts[account],
                                                    (enum tier)tier, seconds, w->now);

    assert_ok(w->store, ledger_post_one(w->store->tx, &posting));
    w->model.wallet[account][tier] += seconds;
    w->model.issued[tier] += seconds;
}

static void expect_hold(struct world *w, const struct hold_order *order, int account)
{
    struct model *m = &w->model;
    seconds_t granted = 0, wanted = order->wanted > 0 ? order->wanted : 300;
    enum reason expected = REASON_NONE;

    if (account < 0)
        expected = REASON_UNKNOWN_SUBACCOUNT;
    else if (m->suspended[account])
        expected = REASON_SUBACCOUNT_SUSPENDED;
    else if (m->limit[account] > 0 && in_progress(w, account) >= m->limit[account])
        expected = REASON_CONCURRENCY_LIMIT;
    else
        expected = take(m, account, order->tier, wanted, &granted);
    assert_int_equal(order->refused, expected);
    w->outcomes[expected]++;
    if (expected != REASON_NONE) return;
    assert_int_equal(order->granted, granted);
    assert_int_equal(order->wallet.seconds[order->tier], m->wallet[account][order->tier]);
    assert_int_equal(order->wallet.held[order->tier], m->held[account][order->tier]);
    assert_true(m->n_holds < HOLDS_MAX);
    m->holds[m->n_holds++] =
        (struct known){ .id = order->reservation.id,
                        .account = account,
                        .tier = order->tier,
                        .granted = granted,
                        .expires_at = w->now + (granted + GRACE) * MICROS_PER_SECOND };
}

static void hold(struct world *w)
{
    int n = 1 + pick(w, BATCH), of[BATCH];
    struct hold_order orders[BATCH] = { 0 }, *all[BATCH];

    for (int i = 0; i < n; i++) {
        of[i] = pick(w, 20) == 0 ? -1 : pick(w, ACCOUNTS);
        orders[i] = (struct hold_order){
            .subaccount =
                of[i] < 0 ? STR("nobody") : id_format(w->arena, ID_SUBACCOUNT, accounts[of[i]]),
            .tier = pick(w, TIER_COUNT),
            .agent = STR_NONE,
            .campaign = STR_NONE,
            .wanted = pick(w, 4) == 0 ? 0 : rng_between(&w->rng, 1, 400),
        };
        all[i] = &orders[i];
    }
    assert_ok(w->store,
              reservations_hold(w->store->tx, AGENCY, all, (size_t)n, (struct actor){ 0 }));
    for (int i = 0; i < n; i++)
        expect_hold(w, &orders[i], of[i]);
}

/* One of the last few, which are in every state; NULL: there is none yet. */
static struct known *some_hold(struct world *w)
{
    int recent = w->model.n_holds < 30 ? (int)w->model.n_holds : 30;

    return recent == 0 ? NULL : &w->model.holds[w->model.n_holds - 1 - (size_t)pick(w, recent)];
}

static enum reason over(const struct world *w, const struct known *hold)
{
    switch (hold->state) {
    case RESERVATION_OPEN:
        return hold->expires_at > w->now ? REASON_NONE : REASON_RESERVATION_EXPIRED;
    case RESERVATION_ENDED: return REASON_RESERVATION_ENDED;
    case RESERVATION_CANCELED: return REASON_RESERVATION_CANCELED;
    default: return REASON_RESERVATION_EXPIRED;
    }
}

static void expect_extension(struct world *w, const struct hold_order *order, struct known *hold)
{
    enum reason expected = over(w, hold);
    seconds_t granted = 0, wanted = order->wanted > 0 ? order->wanted : 300;

    if (expected == REASON_NONE && w->model.suspended[hold->account])
        expected = REASON_SUBACCOUNT_SUSPENDED;
    if (expected == REASON_NONE)
        expected = take(&w->model, hold->account, hold->tier, wanted, &granted);
    assert_int_equal(order->refused, expected);
    w->outcomes[expected]++;
    hold->granted += granted;
    hold->expires_at += granted * MICROS_PER_SECOND;
    if (expected == REASON_NONE) assert_int_equal(order->reservation.granted, hold->granted);
}

static void expect_cancellation(struct world *w, const struct hold_order *order, struct known *hold)
{
    if (hold->state == RESERVATION_ENDED) {
        assert_int_equal(order->refused, REASON_RESERVATION_ENDED);
        return;
    }
    assert_int_equal(order->refused, REASON_NONE);
    assert_int_equal(order->changed, hold->state == RESERVATION_OPEN);
    if (hold->state == RESERVATION_OPEN) let_go(&w->model, hold, RESERVATION_CANCELED);
    assert_int_equal(order->reservation.state, hold->state);
}

/* Also the same one more than once. */
static void extend_or_cancel(struct world *w, bool extends)
{
    int n = 1 + pick(w, BATCH);
    struct hold_order orders[BATCH] = { 0 }, *all[BATCH];
    struct known *of[BATCH];

    if (w->model.n_holds == 0) return;
    for (int i = 0; i < n; i++) {
        of[i] = some_hold(w);
        orders[i] = (struct hold_order){ .id = of[i]->id, .wanted = rng_between(&w->rng, 0, 200) };
        all[i] = &orders[i];
    }
    assert_ok(w->store,
              (extends ? reservations_extend : reservations_cancel)(
                  w->store->tx, AGENCY, all, (size_t)n, (struct actor){ 0 }));
    for (int i = 0; i < n; i++) {
        if (extends)
            expect_extension(w, &orders[i], of[i]);
        else
            expect_cancellation(w, &orders[i], of[i]);
    }
}

static void extend(struct world *w)
{
    extend_or_cancel(w, true);
}

static void cancel(struct world *w)
{
    extend_or_cancel(w, false);
}

static void expect_call(struct world *w, const struct call_submission *call, int account,
                        struct known *hold)
{
    struct model *m = &w->model;
    enum hold_end expected = HOLD_UNKNOWN;

    assert_int_equal(call->outcome, CALL_ACCEPTED);
    if (hold != NULL && hold->account == account && !hold->is_named) {
        hold->is_named = true;
        expected = hold->state == RESERVATION_OPEN ? HOLD_ENDED
            : hold->state == RESERVATION_CANCELED  ? HOLD_WAS_CANCELED
                                                   : HOLD_WAS_EXPIRED;
        if (hold->state == RESERVATION_OPEN) let_go(m, hold, RESERVATION_ENDED);
    } else if (hold != NULL && hold->account == account) {
        expected = HOLD_WAS_TAKEN;
    }
    assert_int_equal(call->named_reservation, !str_is_absent(call->record.reservation));
    if (call->named_reservation) assert_int_equal(call->reservation, expected);
    m->wallet[account][call->record.tier] -= call->record.duration_seconds;
    m->used[call->record.tier] += call->record.duration_seconds;
}

/* Of a hold, of another account's, of one that there is not, or of none. */
static void record(struct world *w)
{
    int n = 1 + pick(w, BATCH), of[BATCH];
    struct call_submission calls[BATCH] = { 0 }, *all[BATCH];
    struct known *holds[BATCH];

    for (int i = 0; i < n; i++) {
        holds[i] = pick(w, 5) == 0 ? NULL : some_hold(w);
        of[i] = holds[i] == NULL || pick(w, 10) == 0 ? pick(w, ACCOUNTS) : holds[i]->account;
        calls[i].record = (struct call_record){
            .id = str_format(w->arena, "call-%lld", (long long)++w->calls),
            .source = STR("engine"),
            .subaccount = id_format(w->arena, ID_SUBACCOUNT, accounts[of[i]]),
            .tier = holds[i] == NULL || pick(w, 10) == 0 ? pick(w, TIER_COUNT) : holds[i]->tier,
            .status = CALL_COMPLETED,
            .started_at = w->now,
            .answered_at = INSTANT_NONE,
            .ended_at = INSTANT_NONE,
            .duration_seconds = pick(w, 8) == 0 ? 0 : rng_between(&w->rng, 1, 500),
            .reservation = holds[i] != NULL ? id_format(w->arena, ID_RESERVATION, holds[i]->id)
                : pick(w, 2) == 0           ? STR("no such thing")
                                            : STR_NONE,
        };
        all[i] = &calls[i];
    }
    assert_ok(w->store, calls_record(w->store->tx, AGENCY, all, (size_t)n, (struct actor){ 0 }));
    for (int i = 0; i < n; i++)
        expect_call(w, &calls[i], of[i], holds[i]);
    assert_ok(w->store, calls_record(w->store->tx, AGENCY, all, (size_t)n, (struct actor){ 0 }));
    for (int i = 0; i < n; i++)
        assert_int_equal(calls[i].outcome, CALL_DUPLICATE);
}

static void let_time_pass(struct world *w)
{
    int64_t expired, expected = 0;

    w->now += rng_between(&w->rng, 1, 200) * MICROS_PER_SECOND;
    w->store->tx->now = w->now;
    if (pick(w, 2) == 0) return; /* nobody swept up yet */
    for (size_t i = 0; i < w->model.n_holds; i++) {
        struct known *hold = &w->model.holds[i];
        if (hold->state != RESERVATION_OPEN || hold->expires_at > w->now) continue;
        let_go(&w->model, hold, RESERVATION_EXPIRED);
        expected++;
    }
    assert_ok(w->store, reservations_expire(w->store->tx, 1000, &expired));
    assert_int_equal(expired, expected);
}

static void change_account(struct world *w)
{
    int account = pick(w, ACCOUNTS);
    struct subaccount row;
    int64_t version;

    assert_ok(w->store,
              agency_next_version(w->store->tx, AGENCY, &version)
                  && subaccount_load(w->store->tx, AGENCY, accounts[account], &row));
    w->model.suspended[account] = pick(w, 3) == 0;
    w->model.limit[account] = pick(w, 2) == 0 ? 0 : 1 + pick(w, 6);
    row.concurrency_limit = w->model.limit[account];
    row.status = w->model.suspended[account] ? SUBACCOUNT_SUSPENDED : SUBACCOUNT_ACTIVE;
    row.suspended_at = w->model.suspended[account] ? w->now : INSTANT_NONE;
    assert_ok(w->store,
              subaccount_update(w->store->tx, &row, version)
                  && subaccount_set_status(w->store->tx, &row, version));
}

/* --- holding both against each other --- */

static void compare_books(struct world *w)
{
    const struct model *m = &w->model;
    struct wallet wallets[ACCOUNTS];
    int64_t used, issued;

    assert_ok(w->store, ledger_wallets(w->store->tx, AGENCY, accounts, ACCOUNTS, wallets));
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        seconds_t sum = 0;
        for (int i = 0; i < ACCOUNTS; i++) {
            assert_int_equal(wallets[i].seconds[tier], m->wallet[i][tier]);
            assert_int_equal(wallets[i].held[tier], m->held[i][tier]);
            assert_true(wallets[i].held[tier] >= 0);
            sum += wallets[i].seconds[tier] + wallets[i].held[tier];
        }
        assert_ok(w->store,
                  ledger_balance(w->store->tx, AGENCY, ledger_used((enum tier)tier), ID_NONE, &used)
                      && ledger_balance(w->store->tx, AGENCY, ledger_issued((enum tier)tier),
                                        ID_NONE, &issued));
        assert_int_equal(used, m->used[tier]);
        assert_int_equal(-issued, m->issued[tier]);
        assert_int_equal(sum + used, -issued);
    }
}

static void compare_holds(struct world *w)
{
    for (size_t i = 0; i < w->model.n_holds; i++) {
        const struct known *hold = &w->model.holds[i];
        struct reservation stored;

        assert_ok(w->store, reservation_load(w->store->tx, AGENCY, hold->id, &stored));
        assert_int_equal(stored.state, hold->state);
        assert_int_equal(stored.granted, hold->granted);
        assert_int_equal(stored.expires_at, hold->expires_at);
        assert_int_equal(stored.call_id != ID_NONE, hold->is_named);
        assert_int_equal(stored.ended_at == INSTANT_NONE, hold->state == RESERVATION_OPEN);
    }
}

static void (*const steps[])(struct world *w) = {
    grant,  hold,   hold,   hold,   extend,        extend,
    cancel, record, record, record, let_time_pass, change_account,
};

static void every_outcome_came_up(const struct world *w)
{
    static const enum reason told[] = {
        REASON_NONE,
        REASON_UNKNOWN_SUBACCOUNT,
        REASON_SUBACCOUNT_SUSPENDED,
        REASON_CONCURRENCY_LIMIT,
        REASON_INSUFFICIENT_MINUTES,
        REASON_RESERVATION_ENDED,
        REASON_RESERVATION_CANCELED,
        REASON_RESERVATION_EXPIRED,
    };

    for (size_t i = 0; i < COUNT_OF(told); i++)
        assert_true(w->outcomes[told[i]] > 0);
}

static void no_second_is_lost_or_spent_twice_whatever_happens(void **state)
{
    struct store *store = agency_store(state);
    struct world *w = ARENA_NEW(store->arena, struct world);
    int n = store->kind == DB_SQLITE ? STEPS_SQLITE : STEPS_POSTGRES;

    script(store,
           "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
           " VALUES (1, 0, 1, 1);");
    *w = (struct world){ .store = store,
                         .arena = arena_new(STEP_ARENA_BYTES),
                         .rng = property_rng("holds beside a model"),
                         .now = SOME_INSTANT };
    w->model.holds = ARENA_ARRAY(store->arena, struct known, HOLDS_MAX);
    know_accounts(store);
    for (int i = 0; i < n; i++) {
        step_begin(w);
        steps[pick(w, COUNT_OF(steps))](w);
        compare_books(w);
        step_commit(w);
    }
    step_begin(w);
    compare_holds(w);
    tx_rollback(store->tx);
    every_outcome_came_up(w);
    print_message("# covered: %d random steps, %zu reservations\n", n, w->model.n_holds);
    forget_accounts(store);
    arena_free(w->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(no_second_is_lost_or_spent_twice_whatever_happens),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
