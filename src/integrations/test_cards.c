#include "integrations/test_cards.h"

#include "domain/cards.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { TRIES_UNREACHABLE = 2, SLOW_SECONDS = 2, LINE_MAX_BYTES = 256 };

struct test_cards {
    struct payments payments; /* first */
    pthread_mutex_t lock;     /* of threads; flock is of programs */
    FILE *book;
};

/* Lines are "what key micros outcome"; of one key the last counts. */
struct page {
    bool found;
    int tries; /* that nobody answered */
    char outcome[LINE_MAX_BYTES];
};

static void open_book(struct test_cards *cards)
{
    pthread_mutex_lock(&cards->lock);
    flock(fileno(cards->book), LOCK_EX);
}

static void close_book(struct test_cards *cards)
{
    fflush(cards->book);
    flock(fileno(cards->book), LOCK_UN);
    pthread_mutex_unlock(&cards->lock);
}

static struct page look_up(struct test_cards *cards, const char *what, struct str key)
{
    char line[LINE_MAX_BYTES], found_what[LINE_MAX_BYTES], found_key[LINE_MAX_BYTES],
        outcome[LINE_MAX_BYTES];
    struct page page = { 0 };

    rewind(cards->book);
    while (fgets(line, sizeof(line), cards->book) != NULL) {
        if (sscanf(line, "%255s %255s %*s %255s", found_what, found_key, outcome) != 3
            || !str_equal_c(key, found_key))
            continue;
        page.tries += strcmp(found_what, "try") == 0;
        if (strcmp(found_what, what) != 0) continue;
        page.found = true;
        memcpy(page.outcome, outcome, sizeof(outcome));
    }
    return page;
}

static void write_down(struct test_cards *cards, const char *what, struct str key, micros_t amount,
                       const char *outcome)
{
    fseek(cards->book, 0, SEEK_END);
    fprintf(cards->book, "%s %.*s %lld %s\n", what, STR_ARG(key), (long long)amount, outcome);
}

/* What each card comes to: at first, and once its owner has confirmed it. */
static const struct {
    const char *first, *confirmed;
} outcomes[TEST_CARD_COUNT] = {
    [TEST_CARD_FINE] = { "charged", NULL },
    [TEST_CARD_FINE_MASTERCARD] = { "charged", NULL },
    [TEST_CARD_DECLINED] = { "card_declined", NULL },
    [TEST_CARD_INSUFFICIENT_FUNDS] = { "insufficient_funds", NULL },
    [TEST_CARD_EXPIRED] = { "expired_card", NULL },
    [TEST_CARD_ASKS] = { "asks", "charged" },
    [TEST_CARD_ASKS_AND_DECLINES] = { "asks", "card_declined" },
    [TEST_CARD_SLOW] = { "charged", NULL },
    [TEST_CARD_TWICE] = { "charged", NULL },
    [TEST_CARD_UNREACHABLE] = { "charged", NULL },
    [TEST_CARD_REFUND_FAILS] = { "charged", NULL },
};

/* What comes of the charge, written down when it is new; NULL: nobody answers. */
static const char *decide(struct test_cards *cards, enum test_card card,
                          const struct payment_charge *charge, struct page *page)
{
    *page = look_up(cards, "charge", charge->key);
    bool is_confirmed =
        page->found && strcmp(page->outcome, "asks") == 0 && !str_is_absent(charge->reference);

    if (page->found && !is_confirmed) return page->outcome;
    if (card == TEST_CARD_UNREACHABLE && page->tries < TRIES_UNREACHABLE) {
        write_down(cards, "try", charge->key, charge->amount, "unreachable");
        return NULL;
    }
    const char *outcome = is_confirmed ? outcomes[card].confirmed
        : charge->is_expired           ? "expired_card"
                                       : outcomes[card].first;

    write_down(cards, "charge", charge->key, charge->amount, outcome);
    return outcome;
}

static struct payment_answer answer_of(struct arena *arena, const char *outcome, struct str key)
{
    struct str reference = str_format(arena, "ch_%.*s", STR_ARG(key));

    if (outcome == NULL)
        return (struct payment_answer){ .outcome = PAYMENT_UNREACHABLE,
                                        .failure = STR("The test cards' processor is away.") };
    if (strcmp(outcome, "charged") == 0)
        return (struct payment_answer){ .outcome = PAYMENT_SUCCEEDED, .reference = reference };
    if (strcmp(outcome, "asks") == 0)
        return (struct payment_answer){ .outcome = PAYMENT_NEEDS_ACTION, .reference = reference };
    return (struct payment_answer){ .outcome = PAYMENT_FAILED,
                                    .failure = str_copy(arena, str_from_c(outcome)) };
}

static void charge(struct payments *self, struct arena *arena, const struct payment_charge *order,
                   struct payment_answers *out)
{
    struct test_cards *cards = (struct test_cards *)(void *)self;
    enum test_card card = test_card_of_token(order->token);
    struct page page;

    assert(card < TEST_CARD_COUNT);
    open_book(cards);
    *out = (struct payment_answers){
        .n = 1,
        .at = { answer_of(arena, decide(cards, card, order, &page), order->key) },
    };
    close_book(cards);
    if (card == TEST_CARD_TWICE) out->at[out->n++] = out->at[0];
    /* It has happened, and nobody knows yet. */
    if (card == TEST_CARD_SLOW) nanosleep(&(struct timespec){ .tv_sec = SLOW_SECONDS }, NULL);
}

static void refund(struct payments *self, struct arena *arena, const struct payment_refund *order,
                   struct payment_answer *out)
{
    struct test_cards *cards = (struct test_cards *)(void *)self;
    bool is_refused = test_card_of_token(order->token) == TEST_CARD_REFUND_FAILS;

    open_book(cards);
    struct page page = look_up(cards, "refund", order->key);
    if (!page.found)
        write_down(cards, "refund", order->key, order->amount,
                   is_refused ? "refund_refused" : "refunded");
    close_book(cards);
    *out = is_refused
        ? (struct payment_answer){ .outcome = PAYMENT_FAILED, .failure = STR("refund_refused") }
        : (struct payment_answer){
              .outcome = PAYMENT_SUCCEEDED,
              .reference = str_format(arena, "re_%.*s", STR_ARG(order->key)),
          };
}

static void free_cards(struct payments *self)
{
    struct test_cards *cards = (struct test_cards *)(void *)self;

    fclose(cards->book);
    pthread_mutex_destroy(&cards->lock);
    free(cards);
}

static FILE *book_at(struct str path, struct problem *problem)
{
    if (str_is_absent(path)) return tmpfile();

    const char *name = str_to_c(problem->arena, path);
    FILE *book = fopen(name, "a+e");

    if (book == NULL)
        fail(problem, REASON_BAD_REQUEST, NULL, "--test-cards: %s: %s", name, strerror(errno));
    return book;
}

struct payments *test_cards_new(struct str path, struct problem *problem)
{
    struct test_cards *cards = calloc(1, sizeof(*cards));

    assert(cards != NULL);
    *cards = (struct test_cards){ .payments = { charge, refund, free_cards } };
    cards->book = book_at(path, problem);
    if (cards->book == NULL) {
        free(cards);
        fail(problem, REASON_BAD_REQUEST, NULL, "the test cards' book cannot be opened");
        return NULL;
    }
    pthread_mutex_init(&cards->lock, NULL);
    return &cards->payments;
}
