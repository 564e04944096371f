/* The thread that sends: with a real writer and a mailer of the test's own, which keeps what it is given and answers as
   it is told. */
#include "agency_fixture.h"

#include "base/rng.h"
#include "base/time.h"
#include "engine/mail.h"
#include "jobs/outbox.h"

#include <pthread.h>

enum { MAILS_MAX = 16, PATIENCE_SECONDS = 60 };

struct post {
    struct mailer mailer; /* first */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Under the lock: */
    enum mail_result answers[MAILS_MAX]; /* to the first, the second …; then MAIL_ACCEPTED */
    char to[MAILS_MAX][64], id[MAILS_MAX][64];
    size_t n;
    bool holds; /* does not answer before it is interrupted */
    bool is_interrupted;
};

static enum mail_result send_mail(struct mailer *mailer, struct arena *arena,
                                  const struct mail_message *message, struct str *why)
{
    struct post *post = (struct post *)mailer;
    enum mail_result result;

    pthread_mutex_lock(&post->lock);
    assert_true(post->n < MAILS_MAX);
    snprintf(post->to[post->n], sizeof(post->to[0]), "%.*s", STR_ARG(message->to_address));
    snprintf(post->id[post->n], sizeof(post->id[0]), "%.*s", STR_ARG(message->id));
    result = post->answers[post->n++];
    pthread_cond_broadcast(&post->changed);
    while (post->holds && !post->is_interrupted)
        pthread_cond_wait(&post->changed, &post->lock);
    if (post->is_interrupted) result = MAIL_INTERRUPTED;
    pthread_mutex_unlock(&post->lock);
    if (result != MAIL_ACCEPTED) *why = str_format(arena, "answer %d", (int)result);
    return result;
}

static void interrupt(struct mailer *mailer)
{
    struct post *post = (struct post *)mailer;

    pthread_mutex_lock(&post->lock);
    post->is_interrupted = true;
    pthread_cond_broadcast(&post->changed);
    pthread_mutex_unlock(&post->lock);
}

static struct post *post_new(struct store *store)
{
    struct post *post = ARENA_NEW(store->arena, struct post);

    post->mailer = (struct mailer){ .send = send_mail,
                                    .interrupt = interrupt,
                                    .from_address = STR("mail@minutes.example"),
                                    .longest_seconds = 30 };
    pthread_mutex_init(&post->lock, NULL);
    pthread_cond_init(&post->changed, NULL);
    return post;
}

/* Waits until it was given so many. */
static void await(struct post *post, size_t n)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&post->lock);
    while (post->n < n)
        assert_int_equal(pthread_cond_timedwait(&post->changed, &post->lock, &until), 0);
    pthread_mutex_unlock(&post->lock);
}

struct office {
    struct store *store;
    struct post *post;
    struct writer *writer;
    struct outbox *outbox;
};

/* The writer's time begins where the tests' transactions are. */
static struct store *mail_store(void **state)
{
    struct store *store = agency_store(state);

    rng_start();
    clock_set_test(SOME_INSTANT);
    mail_set_configured(true);
    script(store,
           "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
           " VALUES (1, 0, 1, 1)");
    return store;
}

static struct office open_office(struct store *store)
{
    struct office office = { .store = store, .post = post_new(store) };

    office.writer = writer_start(store->db, 2, &store->problem);
    assert_ok(store, office.writer != NULL);
    return office;
}

static void start(struct office *office)
{
    office->outbox = outbox_start(&(struct outbox_settings){ .db = office->store->db,
                                                             .writer = office->writer,
                                                             .mailer = &office->post->mailer,
                                                             .origin = STR("https://m.example") });
}

static void close_office(struct office *office)
{
    outbox_stop(office->outbox);
    writer_stop(office->writer);
    pthread_cond_destroy(&office->post->changed);
    pthread_mutex_destroy(&office->post->lock);
}

static void order(struct store *store, enum mail_template template, struct mail_order order)
{
    begin(store);
    assert_ok(store, mail_post(store->tx, AGENCY, template, &order));
    commit(store);
}

static int64_t count(struct store *store, const char *sql)
{
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);
    int64_t found = -1;

    assert_ok(store, reader != NULL);
    assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
    assert_ok(store, db_find_int(reader, sql, NO_ARGS, -1, &found));
    tx_rollback(reader);
    db_disconnect(reader);
    return found;
}

/* Waits until the query finds `expected`: a result is noted a moment after the mail was taken. */
static void await_count(struct store *store, const char *sql, int64_t expected)
{
    const struct timespec a_moment = { .tv_nsec = 5000000 };

    for (int64_t tries = PATIENCE_SECONDS * 200; count(store, sql) != expected; tries--) {
        assert_true(tries > 0);
        nanosleep(&a_moment, NULL);
    }
}

static void what_was_ordered_is_sent_and_noted(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    start(&office);
    await(office.post, 1);
    await_count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'done' AND tries = 1", 1);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = CLIENT });
    await(office.post, 2);
    close_office(&office);
    assert_string_equal(office.post->to[0], "Ada@n.example");
    assert_string_equal(office.post->to[1], "bo@h.example");
}

static void answers_decide_what_becomes_of_a_mail(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    office.post->answers[0] = MAIL_REJECTED;
    office.post->answers[1] = MAIL_DEFERRED;
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    start(&office);
    await(office.post, 2);
    await_count(store, "SELECT COUNT(*) FROM outbox WHERE last_error IS NOT NULL", 2);
    close_office(&office);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'failed'"), 1);
    assert_int_equal(count(store,
                           "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND tries = 1"
                           " AND next_try_at > created_at + 20000000"),
                     1);
}

static void what_cannot_be_read_or_is_not_known_lets_others_pass(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    order(store, MAIL_INVITATION, (struct mail_order){ .about = 999 });
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    script(store, "UPDATE outbox SET template = 'birthday' WHERE template = 'new_device'");
    script(store, "UPDATE outbox SET next_try_at = next_try_at - 1");
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    start(&office);
    await(office.post, 1);
    await_count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'done'", 1);
    close_office(&office);
    assert_int_equal(office.post->n, 1);
    assert_int_equal(count(store,
                           "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND tries = 1"
                           " AND last_error IS NOT NULL AND next_try_at > created_at + 20000000"),
                     2);
}

static void what_is_too_late_fails_unsent(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    script(store, "UPDATE outbox SET give_up_at = next_try_at");
    start(&office);
    await_count(store,
                "SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND last_error IS NOT NULL", 1);
    close_office(&office);
    assert_int_equal(office.post->n, 0);
}

static void the_last_try_before_it_is_too_late_fails(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    office.post->answers[0] = MAIL_DEFERRED;
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    script(store, "UPDATE outbox SET give_up_at = next_try_at + 20000000");
    start(&office);
    await_count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'failed'", 1);
    close_office(&office);
    assert_int_equal(office.post->n, 1);
}

static void a_stop_breaks_off_and_leaves_the_mail_due(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    office.post->holds = true;
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    start(&office);
    await(office.post, 1);
    close_office(&office);
    assert_int_equal(office.post->n, 1);
    assert_int_equal(count(store,
                           "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'"
                           " AND next_try_at <= created_at + 60000000"),
                     2);
}

static void a_server_out_of_reach_costs_one_mail_a_try(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);

    office.post->answers[0] = office.post->answers[1] = MAIL_UNREACHABLE;
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = CLIENT });
    start(&office);
    await(office.post, 3);
    await_count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'done'", 1);
    close_office(&office);
    assert_int_equal(
        count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND tries = 1"), 2);
}

static void two_senders_share_the_work(void **state)
{
    struct store *store = mail_store(state);
    struct office office = open_office(store);
    struct office other = { .store = store, .post = post_new(store), .writer = office.writer };

    for (int i = 0; i < MAILS_MAX; i++)
        order(store, MAIL_NEW_DEVICE,
              (struct mail_order){ .to = OWNER, .once = str_format(store->arena, "%d", i) });
    start(&office);
    start(&other);
    await_count(store, "SELECT COUNT(*) FROM outbox WHERE state = 'done' AND tries = 1", MAILS_MAX);
    outbox_stop(other.outbox);
    close_office(&office);
    assert_int_equal(office.post->n + other.post->n, MAILS_MAX);
    for (size_t i = 0; i < office.post->n; i++) {
        for (size_t j = 0; j < other.post->n; j++)
            assert_string_not_equal(office.post->id[i], other.post->id[j]);
    }
    pthread_cond_destroy(&other.post->changed);
    pthread_mutex_destroy(&other.post->lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_was_ordered_is_sent_and_noted),
        STORE_TEST(answers_decide_what_becomes_of_a_mail),
        STORE_TEST(what_cannot_be_read_or_is_not_known_lets_others_pass),
        STORE_TEST(what_is_too_late_fails_unsent),
        STORE_TEST(the_last_try_before_it_is_too_late_fails),
        STORE_TEST(a_stop_breaks_off_and_leaves_the_mail_due),
        STORE_TEST(a_server_out_of_reach_costs_one_mail_a_try),
        STORE_TEST(two_senders_share_the_work),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
