/* Orders on minutes that are carried out many at once end as they would one after the other: each made or refused alike
   and for the same reason, with the same figures, and the same books behind them. */
#include "charging_fixture.h"
#include "property.h"

#include "engine/credit.h"
#include "engine/moves.h"
#include "engine/purchases.h"
#include "store/ledger.h"
#include "store/purchases.h"

enum { ROUNDS = 40, ORDERS_MAX = 24, REMOVED = 14, UNKNOWN = 99 };

#define USD(n) (MICROS_PER_USD * (n))

static const struct actor ada = { .user = OWNER };
static const id64_t accounts[] = { PRIMARY, HARBOR, LAKESIDE, REMOVED };

static struct store *desk_store(void **state)
{
    struct store *store = agency_store(state);

    script(
        store,
        "INSERT INTO subaccounts (agency_id, id, kind, status, name, name_key, email, email_key, billing_anchor,"
        " version, created_at, removed_at) VALUES"
        " (1, 14, 'secondary', 'removed', 'Gone', 'gone', 'g@n.example', 'g@n.example', '2026-08-31', 1, 0, 1);"
        "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros) VALUES"
        " (1, 14, 0, 0, NULL), (1, 14, 1, 0, NULL);"
        "INSERT INTO auto_recharges (agency_id, subaccount_id, enabled, threshold_micros, amount_micros, tier, failures,"
        " updated_at) VALUES (1, 12, 1, 10000000, 20000000, 1, 0, 0);"
        "UPDATE agencies SET credit_limit_micros = 900000000 WHERE id = 1;");
    know_accounts(store);
    return store;
}

/* What all orders together leave behind. */
struct books {
    struct wallet wallets[COUNT_OF(accounts)];
    struct credit credit;
    int64_t moves, profits, looks;
};

static int64_t count(struct store *store, const char *sql)
{
    int64_t out;

    assert_ok(store, db_find_int(store->tx, sql, ARGS(db_int(AGENCY)), 0, &out));
    return out;
}

static struct books books_of(struct store *store)
{
    struct books books = { 0 };

    assert_ok(store,
              ledger_wallets(store->tx, AGENCY, accounts, COUNT_OF(accounts), books.wallets)
                  && credit_load(store->tx, AGENCY, &books.credit));
    books.moves = count(store, "SELECT COUNT(*) FROM minute_moves WHERE agency_id = $1");
    books.profits =
        count(store,
              "SELECT COALESCE(SUM(seq + agency_collected_micros + subaccount_collected_micros), 0)"
              " FROM profit_changes WHERE agency_id = $1");
    books.looks = count(store, "SELECT COUNT(*) FROM jobs WHERE agency_id = $1");
    return books;
}

static void assert_same_books(const struct books *a, const struct books *b)
{
    for (size_t i = 0; i < COUNT_OF(accounts); i++) {
        for (int tier = 0; tier < TIER_COUNT; tier++)
            assert_int_equal(a->wallets[i].seconds[tier], b->wallets[i].seconds[tier]);
    }
    assert_int_equal(a->credit.balance, b->credit.balance);
    assert_int_equal(a->credit.profit, b->credit.profit);
    assert_int_equal(a->moves, b->moves);
    assert_int_equal(a->profits, b->profits);
    assert_int_equal(a->looks, b->looks);
}

/* An order by itself: true, or it left nothing, and why is in `*reason`. */
static bool tried(struct store *store, bool (*run)(struct store *store, void *order), void *order,
                  enum reason *reason)
{
    assert_ok(store, tx_savepoint(store->tx));
    bool done = run(store, order);

    *reason = store->problem.reason;
    if (done)
        assert_ok(store, tx_release(store->tx));
    else
        assert_true(tx_rollback_to(store->tx));
    problem_clear(&store->problem);
    return done;
}

static struct problem *problems_new(struct store *store)
{
    struct problem *problems = ARENA_ARRAY(store->arena, struct problem, ORDERS_MAX);

    for (size_t i = 0; i < ORDERS_MAX; i++)
        problem_init(&problems[i], store->arena);
    return problems;
}

static void assert_same_end(bool a, enum reason why_a, bool b, const struct problem *why_b)
{
    assert_int_equal(a, b);
    if (!a) assert_string_equal(reason_code(why_a), reason_code(why_b->reason));
}

/* --- moves --- */

static id64_t any_account(struct rng *rng)
{
    int64_t which = rng_between(rng, 0, COUNT_OF(accounts) + 2);

    return which >= (int64_t)COUNT_OF(accounts) ? (which % 2 == 0 ? UNKNOWN : HARBOR)
                                                : accounts[which];
}

/* As a client who quotes it first, and sometimes asks for another second. */
static bool move_alone(struct store *store, void *context)
{
    struct ordered_move *ordered = context;
    struct minute_move quoted;

    return move_quoted(store->tx, &ordered->order, &quoted)
        && move_made(store->tx, &ordered->order, ordered->received += quoted.received, ada,
                     &ordered->made);
}

static struct ordered_move any_move(struct rng *rng)
{
    return (struct ordered_move){
        .order = { .agency = AGENCY,
                   .from = any_account(rng),
                   .to = any_account(rng),
                   .tier = TIER_PREMIUM,
                   .sent = rng_between(rng, 1, 4000) },
        .received = rng_next(rng) % 6 == 0, /* beside what is quoted */
    };
}

static void stock(struct store *store)
{
    for (size_t i = 0; i < 3; i++) {
        const struct purchase_order order = { .agency = AGENCY,
                                              .subaccount = accounts[i],
                                              .tier = TIER_PREMIUM,
                                              .seconds = 9000,
                                              .created_by = OWNER };
        struct purchase made;

        assert_ok(store,
                  purchase_create(store->tx, &order, &made)
                      && purchase_mark_paid(store->tx, AGENCY, made.id, ada, &made));
    }
}

static void assert_same_move(const struct ordered_move *a, const struct ordered_move *b)
{
    assert_int_equal(a->made.received, b->made.received);
    assert_int_equal(a->made.price_from, b->made.price_from);
    assert_int_equal(a->made.price_to, b->made.price_to);
    assert_int_equal(a->made.base_price, b->made.base_price);
    assert_int_equal(a->made.adjustment, b->made.adjustment);
    assert_int_equal(a->made.capped, b->made.capped);
}

static void compare_moves(struct store *store, struct rng *rng, size_t *made)
{
    struct ordered_move alone[ORDERS_MAX], together[ORDERS_MAX];
    struct problem *problems = problems_new(store);
    enum reason reasons[ORDERS_MAX];
    size_t n = (size_t)rng_between(rng, 1, ORDERS_MAX);

    begin(store);
    for (size_t i = 0; i < n; i++) {
        alone[i] = any_move(rng);
        alone[i].is_made = tried(store, move_alone, &alone[i], &reasons[i]);
        together[i] = (struct ordered_move){ .order = alone[i].order,
                                             .received = alone[i].received,
                                             .problem = &problems[i] };
    }
    struct books one_by_one = books_of(store);

    roll_back(store);
    begin(store);
    assert_ok(store, moves_make(store->tx, AGENCY, together, n, ada));
    struct books at_once = books_of(store);

    for (size_t i = 0; i < n; i++) {
        assert_same_end(alone[i].is_made, reasons[i], together[i].is_made, &problems[i]);
        if (alone[i].is_made) assert_same_move(&alone[i], &together[i]);
        *made += alone[i].is_made;
    }
    assert_same_books(&one_by_one, &at_once);
    commit_all(store);
}

static void moves_at_once_end_as_they_would_one_by_one(void **state)
{
    struct store *store = desk_store(state);
    struct rng rng = property_rng("moves at once");
    size_t made = 0;

    begin(store);
    stock(store);
    commit_all(store);
    for (int i = 0; i < ROUNDS; i++)
        compare_moves(store, &rng, &made);
    assert_true(made > ROUNDS);
    forget_accounts(store);
}

/* Each answer tells the wallets as that move left them, not as the last one did. */
static void each_move_tells_the_wallets_after_it(void **state)
{
    struct store *store = desk_store(state);
    struct ordered_move orders[3];
    struct problem *problems = problems_new(store);

    begin(store);
    stock(store);
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        orders[i] = (struct ordered_move){
            .order = { AGENCY, PRIMARY, LAKESIDE, TIER_PREMIUM, .sent = 100 },
            .received = 100,
            .problem = &problems[i],
        };
    assert_ok(store, moves_make(store->tx, AGENCY, orders, COUNT_OF(orders), ada));
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        assert_true(orders[i].is_made);
        assert_int_equal(orders[i].from.wallet.seconds[TIER_PREMIUM], 8900 - 100 * (int64_t)i);
        assert_int_equal(orders[i].to.wallet.seconds[TIER_PREMIUM], 9100 + 100 * (int64_t)i);
        assert_int_equal(orders[i].to.prices[TIER_PREMIUM], BASE_PREMIUM);
    }
    commit_all(store);
    forget_accounts(store);
}

/* --- purchases --- */

static bool create_alone(struct store *store, void *context)
{
    struct ordered_purchase *ordered = context;

    return purchase_create(store->tx, &ordered->order, &ordered->made);
}

static struct ordered_purchase any_purchase(struct rng *rng)
{
    bool by_amount = rng_next(rng) % 2 == 0;

    return (struct ordered_purchase){
        .order = { .agency = AGENCY,
                   .subaccount = accounts[rng_between(rng, 0, COUNT_OF(accounts) - 1)],
                   .tier = (enum tier)(rng_next(rng) % TIER_COUNT),
                   .seconds = by_amount ? 0 : rng_between(rng, 1, 3000),
                   .amount =
                       by_amount ? rng_between(rng, 0, 2000) * 10000 + (rng_next(rng) % 9 == 0) : 0,
                   .payer = HARBOR,
                   .payment_method = rng_next(rng) % 9 == 0 ? UNKNOWN : ID_NONE,
                   .created_by = OWNER },
    };
}

/* The ids of those that were made go to `out`; how many is the result. */
static size_t compare_orders(struct store *store, struct rng *rng, id64_t *out)
{
    struct ordered_purchase alone[ORDERS_MAX], together[ORDERS_MAX];
    struct problem *problems = problems_new(store);
    enum reason reasons[ORDERS_MAX];
    size_t n = (size_t)rng_between(rng, 1, ORDERS_MAX), made = 0;

    begin(store);
    for (size_t i = 0; i < n; i++) {
        alone[i] = any_purchase(rng);
        alone[i].is_made = tried(store, create_alone, &alone[i], &reasons[i]);
        together[i] = (struct ordered_purchase){ .order = alone[i].order, .problem = &problems[i] };
    }
    roll_back(store);
    begin(store);
    assert_ok(store, purchases_create(store->tx, AGENCY, together, n));
    for (size_t i = 0; i < n; i++) {
        struct purchase kept;

        assert_same_end(alone[i].is_made, reasons[i], together[i].is_made, &problems[i]);
        if (!together[i].is_made) continue;
        assert_ok(store, purchase_find(store->tx, AGENCY, together[i].made.id, &kept));
        assert_int_equal(kept.subaccount_id, alone[i].made.subaccount_id);
        assert_int_equal(kept.tier, alone[i].made.tier);
        assert_int_equal(kept.seconds, alone[i].made.seconds);
        assert_int_equal(kept.paid, alone[i].made.paid);
        assert_int_equal(kept.unit_price, alone[i].made.unit_price);
        assert_int_equal(kept.base_price, alone[i].made.base_price);
        assert_int_equal(kept.state, PURCHASE_PENDING);
        assert_true(kept.profit == MICROS_NONE && kept.posting_id == ID_NONE);
        out[made++] = kept.id;
    }
    commit_all(store);
    return made;
}

static bool pay_alone(struct store *store, void *context)
{
    struct ordered_payment *payment = context;

    return purchase_mark_paid(store->tx, AGENCY, payment->purchase, ada, &payment->paid);
}

static void assert_same_payment(struct store *store, const struct ordered_payment *alone,
                                const struct ordered_payment *together)
{
    struct purchase kept;

    assert_int_equal(together->before.state, PURCHASE_PENDING);
    assert_ok(store, purchase_find(store->tx, AGENCY, together->purchase, &kept));
    assert_int_equal(kept.state, PURCHASE_SUCCEEDED);
    assert_int_equal(kept.base_price, alone->paid.base_price);
    assert_int_equal(kept.profit, alone->paid.profit);
    assert_int_equal(kept.posting_id, together->paid.posting_id);
    assert_int_equal(kept.succeeded_at, together->paid.succeeded_at);
}

/* Some are named twice, some are nobody's. */
static void compare_payments(struct store *store, struct rng *rng, const id64_t *purchases,
                             size_t n_purchases, size_t *paid)
{
    struct ordered_payment alone[ORDERS_MAX], together[ORDERS_MAX];
    struct problem *problems = problems_new(store);
    enum reason reasons[ORDERS_MAX];

    begin(store);
    for (size_t i = 0; i < ORDERS_MAX; i++) {
        size_t which = (size_t)rng_between(rng, 0, (int64_t)n_purchases);
        id64_t id = which == n_purchases ? UNKNOWN : purchases[which];

        alone[i] = (struct ordered_payment){ .purchase = id };
        alone[i].is_paid = tried(store, pay_alone, &alone[i], &reasons[i]);
        together[i] = (struct ordered_payment){ .purchase = id, .problem = &problems[i] };
    }
    struct books one_by_one = books_of(store);

    roll_back(store);
    begin(store);
    assert_ok(store, purchases_mark_paid(store->tx, AGENCY, together, ORDERS_MAX, ada));
    struct books at_once = books_of(store);

    for (size_t i = 0; i < ORDERS_MAX; i++) {
        assert_same_end(alone[i].is_paid, reasons[i], together[i].is_paid, &problems[i]);
        if (alone[i].is_paid) assert_same_payment(store, &alone[i], &together[i]);
        *paid += alone[i].is_paid;
    }
    assert_same_books(&one_by_one, &at_once);
    commit_all(store);
}

static void purchases_at_once_end_as_they_would_one_by_one(void **state)
{
    struct store *store = desk_store(state);
    struct rng rng = property_rng("purchases at once");
    size_t paid = 0;

    for (int i = 0; i < ROUNDS; i++) {
        id64_t purchases[ORDERS_MAX];
        size_t n = compare_orders(store, &rng, purchases);

        compare_payments(store, &rng, purchases, n, &paid);
    }
    assert_true(paid > ROUNDS);
    forget_accounts(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(moves_at_once_end_as_they_would_one_by_one),
        STORE_TEST(each_move_tells_the_wallets_after_it),
        STORE_TEST(purchases_at_once_end_as_they_would_one_by_one),
    };

    rng_start();
    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
