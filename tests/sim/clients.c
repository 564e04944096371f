/* Clients: each order has a key or, a call, an identity; an answer that did not come is asked for again until it does.
   What was answered is in the model; what was not may have happened or not, all of a commit or nothing, and only if the
   power went: that is found out by asking again. */
#include "orders.h"

#include "engine/accounts.h"
#include "engine/writer.h"
#include "store/idempotency.h"

#include <stdlib.h>
#include <string.h>

enum {
    TRIES_BEFORE_ROOM = 3, /* a full disk is made room on */
    JUMP_ONE_IN = 40,
    REMOVE_ONE_IN = 100,
    FAULT_ONE_IN = 4,
    FAULT_WITHIN = 80,
    CLOSE_ONE_IN = 60,
    COMPARE_ONE_IN = 8,
};

/* Orders of one commit. */
struct group {
    struct world *w;
    struct order *orders[GROUP_MAX];
    size_t n;
    struct outcome tried[GROUP_MAX];
    bool known[GROUP_MAX]; /* was there already */
    bool ran_all;
};

/* --- under its key, as the API does --- */

static struct str key_of(struct world *w, const struct order *order)
{
    return str_format(w->arena, "order-%lld", (long long)order->number);
}

static bool reply_find(struct world *w, struct tx *tx, const struct order *order,
                       struct outcome *out, bool *known)
{
    struct stored_reply reply;

    if (!stored_reply_find(tx, w->agency, w->owner, key_of(w, order), &reply, known)) return false;
    *out = (struct outcome){ 0 };
    if (!*known) return true;
    const char *text = str_to_c(w->arena, reply.body);
    char *rest;

    out->id = strtoll(text, &rest, 10);
    out->seconds = strtoll(rest, &rest, 10);
    out->at = strtoll(rest, &rest, 10);
    REQUIRE(*rest == '\0' && out->at != 0);
    return true;
}

static bool reply_keep(struct world *w, struct tx *tx, const struct order *order,
                       const struct outcome *outcome)
{
    const struct stored_reply reply = {
        .agency = w->agency,
        .caller = w->owner,
        .key = key_of(w, order),
        .status = 200,
        .content_type = STR("text/plain"),
        .body = str_format(w->arena, "%lld %lld %lld", (long long)outcome->id,
                           (long long)outcome->seconds, (long long)outcome->at),
    };

    return stored_reply_insert(tx, &reply);
}

static bool run_order(struct group *group, struct tx *tx, size_t i)
{
    struct world *w = group->w;
    const struct order *order = group->orders[i];
    struct outcome *out = &group->tried[i];

    if (order->kind == ORDER_RECORD) {
        if (!order_carry_out(w, tx, order, out)) return false;
        group->known[i] = out->call == CALL_DUPLICATE;
        return true;
    }
    return reply_find(w, tx, order, out, &group->known[i])
        && (group->known[i]
            || (order_carry_out(w, tx, order, out) && reply_keep(w, tx, order, out)));
}

/* One transaction, a savepoint for each order, as the writer has it: a refusal is undone alone. */
static bool run_group(struct tx *tx, void *context)
{
    struct group *group = context;

    group->ran_all = false;
    for (size_t i = 0; i < group->n; i++) {
        group->known[i] = false;
        if (!tx_savepoint(tx)) return false;
        bool done = run_order(group, tx, i) && tx_release(tx);
        if (tx_is_broken(tx)) return false;
        if (done) continue;
        group->tried[i] = (struct outcome){ .refused = tx->problem->reason, .at = tx->now };
        problem_clear(tx->problem);
        if (!tx_rollback_to(tx)) return false;
        accounts_cache_rolled_back(tx->cache);
    }
    group->ran_all = true;
    return true;
}

/* --- until there is an answer --- */

static void remember(struct world *w, const struct order *order)
{
    if (order->outcome.refused != REASON_NONE || order->kind == ORDER_SWEEP) return;
    w->remembered[w->n_remembered++ % REMEMBERED_MAX] = *order;
}

static void settle_order(struct group *group, size_t i)
{
    struct world *w = group->w;
    struct order *order = group->orders[i];

    order->outcome = group->tried[i];
    /* A call's identity tells that it was there, not what was told of it then. */
    if (order->kind == ORDER_RECORD && group->known[i]) order->outcome.call = CALL_ACCEPTED;
    const char *wrong = model_apply(&w->model, order);
    if (wrong != NULL) world_fail(w, wrong, __FILE__, __LINE__);
    w->done[order->kind] += order->outcome.refused == REASON_NONE;
    remember(w, order);
}

/* Takes those out that the store knew from a try that got no answer: before the others, as they came first. */
static void settle_known(struct group *group)
{
    size_t left = 0;

    for (size_t i = 0; i < group->n; i++) {
        if (group->known[i]) {
            settle_order(group, i);
            group->w->came_through++;
            continue;
        }
        group->orders[left] = group->orders[i];
        group->tried[left++] = group->tried[i];
    }
    group->n = left;
}

/* Which of the orders have an effect, so that a commit that came through without its answer has them all. */
static size_t effects(const struct group *group)
{
    size_t n = 0;

    for (size_t i = 0; i < group->n; i++)
        n += group->tried[i].refused == REASON_NONE
            && (group->orders[i]->kind != ORDER_RECORD || group->tried[i].call == CALL_ACCEPTED);
    return n;
}

static size_t count_known(const struct group *group)
{
    size_t n = 0;

    for (size_t i = 0; i < group->n; i++)
        n += group->known[i];
    return n;
}

static bool is_of_store(enum reason reason)
{
    return reason == REASON_STORE_UNAVAILABLE || reason == REASON_STORE_FULL
        || reason == REASON_STORE_BUSY || reason == REASON_STORE_RETRY;
}

/* The disk failed: perhaps the power goes now; a full disk is cleared after a while. */
static void after_failure(struct world *w, int failures)
{
    w->faults++;
    if (!disk_is_off() && (w->dies_of_failures || rng_between(&w->rng, 1, 3) == 1))
        disk_power_off();
    if (!disk_is_off()) REQUIRE(is_of_store(w->problem.reason));
    if (disk_is_off())
        world_recover(w, w->dies_of_failures ? ENDED_BY_KILL : ENDED_BY_LUCK);
    else if (failures >= TRIES_BEFORE_ROOM)
        disk_heal();
}

static void carry_through(struct world *w, struct group *group)
{
    disk_forget_failed_syncs();
    size_t in_doubt = 0; /* effects of the last try that got as far as its commit */
    bool has_crashed = false;

    for (int failures = 0; group->n > 0; failures++) {
        int64_t crashes = w->crashes;

        REQUIRE(failures < 1000);
        arena_reset(w->arena);
        bool done = tx_run(w->tx, w->arena, &w->problem, w->now, run_group, group);
        w->now += disk_time_us();
        if (group->ran_all) {
            size_t known = count_known(group);
            /* All of a commit or nothing; and nothing unless the power went or the disk failed to tell that it was
               written: then it lies in the log whole, and the next to open the store may find it. */
            REQUIRE(known == 0 || ((has_crashed || disk_syncs_failed() > 0) && known == in_doubt));
            settle_known(group);
            in_doubt = effects(group);
        }
        if (done) break;
        after_failure(w, failures);
        has_crashed = has_crashed || w->crashes > crashes;
    }
    for (size_t i = 0; i < group->n; i++) {
        group->known[i] = false;
        settle_order(group, i);
    }
    w->groups++;
}

/* What was answered is answered again as it was, and nothing happens. */
static void repeat(struct world *w)
{
    int64_t n = w->n_remembered < REMEMBERED_MAX ? w->n_remembered : REMEMBERED_MAX;

    if (n == 0) return;
    struct order again = w->remembered[rng_between(&w->rng, 0, n - 1)];
    struct group group = { .w = w, .orders = { &again }, .n = 1 };

    for (int failures = 0;; failures++) {
        arena_reset(w->arena);
        if (tx_run(w->tx, w->arena, &w->problem, w->now, run_group, &group)) break;
        after_failure(w, failures);
    }
    REQUIRE(group.known[0] && group.tried[0].id == again.outcome.id
            && group.tried[0].seconds == again.outcome.seconds);
    w->repeats++;
}

/* --- what they ask for --- */

static int pick(struct world *w, int n)
{
    return (int)rng_between(&w->rng, 0, n - 1);
}

/* One of the last few, which are in every state; -1: there is none. */
static int some_hold(struct world *w)
{
    int n = w->model.n_holds, recent = n < 20 ? n : 20;

    return n == 0 ? -1 : n - 1 - pick(w, recent);
}

/* One of the last few, of which some are given back already. */
static int some_purchase(struct world *w)
{
    int n = w->model.n_purchases, recent = n < 6 ? n : 6;

    return n - 1 - pick(w, recent);
}

static enum order_kind some_kind(struct world *w)
{
    static const enum order_kind kinds[] = {
        ORDER_BUY,    ORDER_HOLD,   ORDER_HOLD,   ORDER_HOLD,    ORDER_EXTEND,
        ORDER_CANCEL, ORDER_RECORD, ORDER_RECORD, ORDER_RECORD,  ORDER_RECORD,
        ORDER_MOVE,   ORDER_SWEEP,  ORDER_REFUND, ORDER_SUSPEND, ORDER_RESTORE,
    };
    enum order_kind kind = kinds[pick(w, COUNT_OF(kinds))];

    if (pick(w, REMOVE_ONE_IN) == 0) return ORDER_REMOVE;
    if (kind == ORDER_REFUND && w->model.n_purchases == 0) return ORDER_BUY;
    return (kind == ORDER_EXTEND || kind == ORDER_CANCEL) && w->model.n_holds == 0 ? ORDER_HOLD
                                                                                   : kind;
}

static struct order new_order(struct world *w, enum order_kind kind)
{
    struct order order = {
        .kind = kind,
        .number = ++w->orders,
        .account = pick(w, ACCOUNTS),
        .tier = pick(w, TIER_COUNT),
        .seconds = rng_between(&w->rng, 1, kind == ORDER_BUY ? 3000 : 400),
        .hold = kind == ORDER_EXTEND || kind == ORDER_CANCEL ? some_hold(w) : -1,
        .purchase = kind == ORDER_REFUND ? some_purchase(w) : -1,
    };

    REQUIRE(w->orders < CALLS_MAX);
    order.to = (order.account + 1 + pick(w, ACCOUNTS - 1)) % ACCOUNTS;
    if (kind == ORDER_RECORD && pick(w, 3) > 0) order.hold = some_hold(w);
    if (kind == ORDER_RECORD && order.hold >= 0) {
        order.account = w->model.holds[order.hold].account;
        order.tier = w->model.holds[order.hold].tier;
    }
    return order;
}

static void let_time_pass(struct world *w)
{
    w->now += rng_between(&w->rng, 0, 30) * MICROS_PER_SECOND;
    if (pick(w, JUMP_ONE_IN) > 0) return;
    w->now += rng_between(&w->rng, -600, 3600) * MICROS_PER_SECOND; /* somebody set the clock */
    if (w->now < w->earliest) w->now = w->earliest;
}

static void arm_fault(struct world *w)
{
    enum disk_fault fault = (enum disk_fault)rng_between(&w->rng, FAULT_IO_ERROR, FAULT_COUNT - 1);

    if (pick(w, FAULT_ONE_IN) == 0) disk_fail(fault, pick(w, FAULT_WITHIN), pick(w, 2) == 0);
}

void clients_step(struct world *w)
{
    struct order orders[GROUP_MAX];
    struct group group = { .w = w, .n = 1 + (size_t)pick(w, GROUP_MAX) };
    int64_t crashes = w->crashes;

    let_time_pass(w);
    arm_fault(w);
    for (size_t i = 0; i < group.n; i++) {
        orders[i] = new_order(w, some_kind(w));
        group.orders[i] = &orders[i];
    }
    carry_through(w, &group);
    if (pick(w, 4) == 0) repeat(w);
    if (pick(w, CLOSE_ONE_IN) == 0) {
        world_close(w); /* an orderly end, which moves all into the database, if the disk lets it */
        if (!disk_is_off()) disk_power_off();
        world_recover(w, ENDED_BY_LUCK);
    }
    if (disk_is_off()) world_recover(w, ENDED_BY_LUCK);
    bool has_crashed = w->crashes > crashes;
    if (has_crashed || pick(w, COMPARE_ONE_IN) == 0) {
        disk_heal();
        world_compare(w, has_crashed);
    }
}

void clients_sequence_step(struct world *w, int n)
{
    static const enum order_kind kinds[SEQUENCE_GROUPS] = {
        ORDER_BUY,     ORDER_HOLD,    ORDER_RECORD, ORDER_EXTEND, ORDER_RECORD,
        ORDER_MOVE,    ORDER_HOLD,    ORDER_CANCEL, ORDER_SWEEP,  ORDER_REFUND,
        ORDER_SUSPEND, ORDER_RESTORE, ORDER_REMOVE,
    };
    struct order order = new_order(w, kinds[n]);
    struct group group = { .w = w, .orders = { &order }, .n = 1 };

    /* One client's, who has minutes: none of it is refused. */
    order.account = 1;
    order.tier = TIER_PREMIUM;
    order.to = 2;
    order.seconds = kinds[n] == ORDER_BUY ? 3000 : 100;
    order.hold = w->model.n_holds - 1;
    order.purchase = w->model.n_purchases - 1;
    w->now += MICROS_PER_SECOND;
    carry_through(w, &group);
}
