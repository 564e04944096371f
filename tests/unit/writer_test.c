/* Group commit on SQLite and PostgreSQL: what is gathered is one piece of work, and one job's failure is its own. */
#include "store_fixture.h"

#include "base/id.h"
#include "engine/writer.h"

#include <semaphore.h>

/* A job that notes a number; the same number twice is a conflict. */
struct note {
    struct job job;
    struct problem problem;
    int64_t number;
    sem_t *begun, *hold, *over;
};

static size_t largest_gather; /* the writer's thread's */

static struct note *note_of(struct job *job)
{
    return (struct note *)(void *)((char *)job - offsetof(struct note, job));
}

/* Without asking how many rows changed: PostgreSQL tells a failure only when it is waited for. */
static bool insert(struct tx *tx, int64_t number)
{
    return db_run(tx, "INSERT INTO notes (number) VALUES ($1)", ARGS(db_int(number)), NULL);
}

static bool run_plain(struct tx *tx, struct job *job)
{
    return insert(tx, note_of(job)->number);
}

static bool run_gathered(struct tx *tx, struct job *job)
{
    (void)tx;
    job->gathered = true;
    return true;
}

static bool insert_many(struct tx *tx, struct job **jobs, size_t n)
{
    if (n > largest_gather) largest_gather = n;
    for (size_t i = 0; i < n; i++) {
        if (!insert(tx, note_of(jobs[i])->number)) return false;
    }
    return true;
}

/* Refuses a batch for a number, after it has written. */
static bool refuse_thirteen(struct tx *tx, struct job **jobs, size_t n)
{
    if (!insert_many(tx, jobs, n)) return false;
    for (size_t i = 0; i < n; i++) {
        if (note_of(jobs[i])->number == 13) return fail(tx->problem, REASON_OVERFLOW, NULL, "13");
    }
    return true;
}

static const struct gather inserting = { insert_many }, refusing = { refuse_thirteen };

static void tell(struct job *job)
{
    sem_post(note_of(job)->over);
}

/* Keeps the writer busy until it may go on, so that what is submitted meanwhile becomes one group. */
static bool wait_for_others(struct tx *tx, struct job *job)
{
    (void)tx;
    sem_post(note_of(job)->begun);
    sem_wait(note_of(job)->hold);
    return true;
}

static void submit(struct store *store, struct writer *writer, struct note *note)
{
    enum reason reason = REASON_NONE;

    note->job.arena = store->arena;
    note->job.problem = &note->problem;
    note->job.done = tell;
    problem_init(&note->problem, store->arena);
    assert_true(writer_submit(writer, &note->job, &reason));
}

/* Runs all notes as one group. */
static void run_group(struct store *store, struct note *notes, size_t n)
{
    struct writer *writer = writer_start(store->db, 1, &store->problem);
    sem_t begun, hold, over;
    struct note first = {
        .job = { .run = wait_for_others }, .begun = &begun, .hold = &hold, .over = &over
    };

    assert_ok(store, writer != NULL);
    sem_init(&begun, 0, 0);
    sem_init(&hold, 0, 0);
    sem_init(&over, 0, 0);
    submit(store, writer, &first);
    sem_wait(&begun);
    for (size_t i = 0; i < n; i++) {
        notes[i].over = &over;
        submit(store, writer, &notes[i]);
    }
    sem_post(&hold);
    for (size_t i = 0; i <= n; i++)
        sem_wait(&over);
    writer_stop(writer);
    sem_destroy(&over);
    sem_destroy(&hold);
    sem_destroy(&begun);
}

static struct note plain(int64_t number)
{
    return (struct note){ .job = { .run = run_plain }, .number = number };
}

static struct note gathered(const struct gather *gather, int64_t number)
{
    return (struct note){ .job = { .run = run_gathered, .gather = gather }, .number = number };
}

static struct store *notes_store(void **state)
{
    struct store *store = store_of(state);

    largest_gather = 0;
    script(store, "CREATE TABLE notes (number BIGINT NOT NULL PRIMARY KEY);");
    return store;
}

static int64_t sum_of_notes(struct store *store)
{
    int64_t sum = -1;

    begin(store);
    assert_ok(store, db_find_int(store->tx, "SELECT SUM(number) FROM notes", NO_ARGS, 0, &sum));
    commit(store);
    return sum;
}

static void gathered_jobs_are_one_piece_of_work(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { gathered(&inserting, 1), gathered(&inserting, 2),
                            gathered(&inserting, 4) };

    run_group(store, notes, COUNT_OF(notes));
    assert_int_equal(largest_gather, 3);
    assert_int_equal(sum_of_notes(store), 7);
}

static void the_failure_of_one_gathered_job_is_its_own(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { gathered(&refusing, 1), gathered(&refusing, 13),
                            gathered(&refusing, 2) };

    run_group(store, notes, COUNT_OF(notes));
    assert_int_equal(notes[0].problem.reason, REASON_NONE);
    assert_int_equal(notes[1].problem.reason, REASON_OVERFLOW);
    assert_int_equal(notes[2].problem.reason, REASON_NONE);
    assert_int_equal(sum_of_notes(store), 3);
}

/* On PostgreSQL the conflict shows when the group commits. */
static void a_conflict_between_gathered_jobs_costs_the_second_alone(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { gathered(&inserting, 1), gathered(&inserting, 2),
                            gathered(&inserting, 1), gathered(&inserting, 4) };

    run_group(store, notes, COUNT_OF(notes));
    assert_int_equal(largest_gather, 4);
    assert_int_equal(notes[0].problem.reason, REASON_NONE);
    assert_int_equal(notes[1].problem.reason, REASON_NONE);
    assert_int_equal(notes[2].problem.reason, REASON_CONFLICT);
    assert_int_equal(notes[3].problem.reason, REASON_NONE);
    assert_int_equal(sum_of_notes(store), 7);
}

static void a_group_may_mix_plain_jobs_and_several_gathers(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { gathered(&inserting, 1), plain(2), gathered(&refusing, 13),
                            gathered(&inserting, 4), plain(2), gathered(&refusing, 8),
                            gathered(&inserting, 8), plain(16) };
    /* Gathers come after the plain jobs, in the order of their first: inserting, then refusing. */
    static const enum reason expected[] = {
        REASON_NONE,     REASON_NONE,     REASON_OVERFLOW, REASON_NONE,
        REASON_CONFLICT, REASON_CONFLICT, REASON_NONE,     REASON_NONE,
    };

    run_group(store, notes, COUNT_OF(notes));
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        assert_int_equal(notes[i].problem.reason, expected[i]);
    assert_int_equal(sum_of_notes(store), 1 + 2 + 4 + 8 + 16);
}

/* The store asks for the transaction to be run again, this often. */
static int refusals_left;

static bool run_reluctant(struct tx *tx, struct job *job)
{
    if (!insert(tx, note_of(job)->number)) return false;
    if (refusals_left == 0) return true;
    refusals_left--;
    return fail(tx->problem, REASON_STORE_RETRY, NULL, "not yet");
}

static struct note reluctant(int64_t number)
{
    return (struct note){ .job = { .run = run_reluctant }, .number = number };
}

static void a_group_that_the_store_sends_back_is_run_again_whole(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { plain(1), reluctant(2), plain(1), gathered(&inserting, 4) };

    refusals_left = WRITER_RETRIES_TOGETHER - 1;
    run_group(store, notes, COUNT_OF(notes));
    assert_int_equal(refusals_left, 0);
    assert_int_equal(notes[0].problem.reason, REASON_NONE);
    assert_int_equal(notes[1].problem.reason, REASON_NONE);
    assert_int_equal(notes[2].problem.reason, REASON_CONFLICT);
    assert_int_equal(notes[3].problem.reason, REASON_NONE);
    assert_int_equal(sum_of_notes(store), 7);
}

/* What will not go together goes by halves, so that it costs the others no more than time. */
static void a_job_that_never_gets_through_fails_alone(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { plain(1), reluctant(2), plain(1), plain(4) };

    refusals_left = 100;
    run_group(store, notes, COUNT_OF(notes));
    assert_int_equal(refusals_left, 100 - 2 * WRITER_RETRIES_TOGETHER - WRITER_RETRIES);
    assert_int_equal(notes[0].problem.reason, REASON_NONE);
    assert_int_equal(notes[1].problem.reason, REASON_STORE_RETRY);
    assert_int_equal(reason_status(notes[1].problem.reason), 503);
    assert_int_equal(notes[2].problem.reason, REASON_CONFLICT);
    assert_int_equal(notes[3].problem.reason, REASON_NONE);
    assert_int_equal(sum_of_notes(store), 5);
}

static void the_failure_of_a_plain_job_is_its_own(void **state)
{
    struct store *store = notes_store(state);
    struct note notes[] = { plain(1), plain(2), plain(1), plain(4) };

    run_group(store, notes, COUNT_OF(notes));
    assert_int_equal(notes[1].problem.reason, REASON_NONE);
    assert_int_equal(notes[2].problem.reason, REASON_CONFLICT);
    assert_int_equal(sum_of_notes(store), 7);
}

static bool has_bet; /* the last transaction that insert_betting saw first */

static bool insert_betting(struct tx *tx, struct job **jobs, size_t n)
{
    has_bet = has_bet || tx->bets;
    return insert_many(tx, jobs, n);
}

static const struct gather betting = { insert_betting };

/* Runs one note as a group of its own and tells whether its first transaction bet. */
static bool bets(struct store *store, struct writer *writer, int64_t number, enum reason *reason)
{
    sem_t over;
    struct note note = gathered(&betting, number);

    sem_init(&over, 0, 0);
    note.over = &over;
    has_bet = false;
    submit(store, writer, &note);
    sem_wait(&over);
    sem_destroy(&over);
    *reason = note.problem.reason;
    return has_bet;
}

/* A bet that was lost costs a second transaction, so the next groups do without. */
static void a_lost_bet_changes_no_result_and_pauses_betting(void **state)
{
    struct store *store = notes_store(state);
    struct writer *writer = writer_start(store->db, 1, &store->problem);
    bool pays = store->kind == DB_POSTGRES;
    enum reason reason;
    int64_t pause = 0;

    assert_int_equal(bets(store, writer, 1, &reason), pays);
    assert_int_equal(reason, REASON_NONE);
    assert_int_equal(bets(store, writer, 1, &reason), pays);
    assert_int_equal(reason, REASON_CONFLICT);
    while (pays && !bets(store, writer, 2 + pause, &reason) && pause < 1000) {
        assert_int_equal(reason, REASON_NONE);
        pause++;
    }
    assert_in_range(pause, pays ? 2 : 0, pays ? 100 : 0);

    struct writer_stats stats = writer_stats(writer);
    assert_int_equal(stats.bets_lost, pays ? 1 : 0);
    assert_int_equal(stats.bets_won, pays ? 2 : 0);
    writer_stop(writer);
    assert_int_equal(sum_of_notes(store), pays ? (pause + 2) * (pause + 3) / 2 : 1);
}

/* Of one sender, who may have half of the places; another still finds room. */
static void beyond_the_queue_jobs_are_refused_and_those_in_it_are_done(void **state)
{
    enum { SHARE = WRITER_QUEUE_MAX / 2 };
    static struct note notes[SHARE + 1];
    struct store *store = notes_store(state);
    struct writer *writer = writer_start(store->db, 1, &store->problem);
    enum reason reason = REASON_NONE;
    sem_t begun, hold, over;
    struct note first = {
        .job = { .run = wait_for_others }, .begun = &begun, .hold = &hold, .over = &over
    };

    sem_init(&begun, 0, 0);
    sem_init(&hold, 0, 0);
    sem_init(&over, 0, 0);
    submit(store, writer, &first);
    sem_wait(&begun);
    for (size_t i = 0; i < SHARE; i++) {
        notes[i] = plain((int64_t)i);
        notes[i].over = &over;
        submit(store, writer, &notes[i]);
    }
    notes[SHARE] = plain(SHARE);
    notes[SHARE].over = &over;
    assert_false(writer_submit(writer, &notes[SHARE].job, &reason));
    assert_int_equal(reason, REASON_OVERLOADED);
    assert_int_equal(writer_stats(writer).queued, SHARE);
    assert_int_equal(writer_stats(writer).refused, 1);
    notes[SHARE].job.place.sender = 1;
    submit(store, writer, &notes[SHARE]);
    assert_int_equal(writer_stats(writer).senders, 2);
    sem_post(&hold);
    writer_stop(writer); /* finishes what waits */
    for (size_t i = 0; i <= SHARE + 1; i++)
        assert_int_equal(sem_trywait(&over), 0);
    assert_int_equal(sem_trywait(&over), -1);
    assert_int_equal(sum_of_notes(store), (int64_t)SHARE * (SHARE + 1) / 2);
    sem_destroy(&over);
    sem_destroy(&hold);
    sem_destroy(&begun);
}

/* The order in which jobs were done, as they are told. */
static struct {
    int64_t numbers[WRITER_GROUP_MAX * 2];
    size_t n;
} told;

static void tell_in_order(struct job *job)
{
    told.numbers[told.n++] = note_of(job)->number;
    tell(job);
}

/* A sender with thousands of calls waiting, and one that comes after it with a single one: it is in the first group, and
   no group has more calls than it may. */
static void a_flood_holds_nobody_up_for_long(void **state)
{
    enum { FLOOD = 100, CALLS = 1000 };
    static struct note notes[FLOOD + 1];
    struct store *store = notes_store(state);
    struct writer *writer = writer_start(store->db, 1, &store->problem);
    sem_t begun, hold, over;
    struct note first = {
        .job = { .run = wait_for_others }, .begun = &begun, .hold = &hold, .over = &over
    };
    enum reason reason = REASON_NONE;

    told.n = 0;
    sem_init(&begun, 0, 0);
    sem_init(&hold, 0, 0);
    sem_init(&over, 0, 0);
    submit(store, writer, &first);
    sem_wait(&begun);
    for (size_t i = 0; i <= FLOOD; i++) {
        bool is_flood = i < FLOOD;
        notes[i] = gathered(&inserting, (int64_t)i);
        notes[i].over = &over;
        notes[i].job.place =
            (struct queued){ .sender = is_flood ? 1 : 2, .cost = is_flood ? CALLS : 1 };
        notes[i].job.arena = store->arena;
        notes[i].job.problem = &notes[i].problem;
        notes[i].job.done = tell_in_order;
        problem_init(&notes[i].problem, store->arena);
        assert_true(writer_submit(writer, &notes[i].job, &reason));
    }
    sem_post(&hold);
    writer_stop(writer);
    assert_int_equal(told.n, FLOOD + 1);
    size_t place = 0;
    while (told.numbers[place] != FLOOD)
        place++;
    assert_in_range(place, 0, 2);
    assert_in_range(largest_gather, 1, WRITER_GROUP_COST_MAX / CALLS + 2);
    sem_destroy(&over);
    sem_destroy(&hold);
    sem_destroy(&begun);
}

/* Agencies that one node made, a second or so apart. */
static void agencies_spread_over_the_writers(void **state)
{
    enum { AGENCIES = 4096 };
    (void)state;
    for (uint64_t writers = 2; writers <= 16; writers++) {
        size_t counts[16] = { 0 };
        for (int i = 0; i < AGENCIES; i++) {
            id64_t id = id_new(INT64_C(1790000000000000) + i * INT64_C(1024000));
            counts[writer_shard(id) % writers]++;
        }
        for (uint64_t w = 0; w < writers; w++)
            assert_in_range(counts[w], AGENCIES / writers / 2, AGENCIES / writers * 2);
    }
}

/* Two lanes (on PostgreSQL) that lock the same two rows in opposite order: one is sent back, both get done. */
static bool run_crossing(struct tx *tx, struct job *job)
{
    bool is_forward = note_of(job)->number > 0;
    static const char sql[] = "UPDATE notes SET number = number + 10 WHERE number % 10 = $1";

    return db_run(tx, sql, ARGS(db_int(is_forward ? 1 : 2)), NULL)
        && db_run(tx, sql, ARGS(db_int(is_forward ? 2 : 1)), NULL);
}

static void jobs_that_lock_each_other_out_get_done_in_the_end(void **state)
{
    enum { ROUNDS = 20 };
    static struct note notes[2 * ROUNDS];
    struct store *store = notes_store(state);
    struct writer *writer = writer_start(store->db, 2, &store->problem);
    sem_t over;

    script(store, "INSERT INTO notes (number) VALUES (1), (2);");
    sem_init(&over, 0, 0);
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        notes[i] = (struct note){ .job = { .run = run_crossing, .shard = i },
                                  .number = i % 2 == 0 ? 1 : -1,
                                  .over = &over };
        submit(store, writer, &notes[i]);
    }
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        sem_wait(&over);
    writer_stop(writer);
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        assert_int_equal(notes[i].problem.reason, REASON_NONE);
    assert_int_equal(sum_of_notes(store), 3 + 2 * 10 * (int64_t)COUNT_OF(notes));
    sem_destroy(&over);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(gathered_jobs_are_one_piece_of_work),
        STORE_TEST(the_failure_of_one_gathered_job_is_its_own),
        STORE_TEST(a_conflict_between_gathered_jobs_costs_the_second_alone),
        STORE_TEST(a_group_may_mix_plain_jobs_and_several_gathers),
        STORE_TEST(the_failure_of_a_plain_job_is_its_own),
        STORE_TEST(a_lost_bet_changes_no_result_and_pauses_betting),
        STORE_TEST(a_group_that_the_store_sends_back_is_run_again_whole),
        STORE_TEST(a_job_that_never_gets_through_fails_alone),
        STORE_TEST(beyond_the_queue_jobs_are_refused_and_those_in_it_are_done),
        STORE_TEST(a_flood_holds_nobody_up_for_long),
        cmocka_unit_test(agencies_spread_over_the_writers),
        STORE_TEST(jobs_that_lock_each_other_out_get_done_in_the_end),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
