#include "jobs/outbox.h"

#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "domain/accounts.h"
#include "domain/backoff.h"
#include "engine/mail.h"
#include "integrations/letters.h"
#include "jobs/pause.h"

#include <stdlib.h>

enum { OUTBOX_ARENA_BYTES = 64 * 1024 };

struct outbox {
    struct outbox_settings settings;
    pthread_t thread;
    struct pause pause;
    struct arena *arena; /* of one round */
    struct tx *reader;   /* NULL: not connected */
    struct rng jitter;
    int setbacks; /* in a row: server or store could not be reached */
};

/* What became of a mail that was due. */
enum fate {
    FATE_NONE,     /* none was due */
    FATE_TO_SEND,  /* it is leased and wants to be sent */
    FATE_TOO_LATE, /* and settled, as is what follows */
    FATE_POINTLESS,
    FATE_LATER, /* a newer version knows how to write it */
};

struct claim {
    struct outbox *outbox;
    enum fate fate;
    struct outbox_item item;
    struct mail_facts facts;
};

static const char too_late[] = "it was too late for it";

static instant_t lease_end(const struct outbox *outbox, instant_t now)
{
    int64_t seconds = outbox->settings.mailer->longest_seconds + OUTBOX_LEASE_EXTRA_SECONDS;

    return now + seconds * MICROS_PER_SECOND;
}

static bool put_off(struct tx *tx, struct claim *claim, struct str why)
{
    instant_t next = backoff_next(claim->item.tries, tx->now, &claim->outbox->jitter);
    bool held;

    claim->fate = FATE_LATER;
    return outbox_try_again(tx, &claim->item, next, why, &held);
}

static bool settle(struct tx *tx, struct claim *claim, enum fate fate)
{
    bool is_late = fate == FATE_TOO_LATE, held;

    claim->fate = fate;
    return outbox_settle(tx, &claim->item, is_late ? OUTBOX_FAILED : OUTBOX_DROPPED,
                         is_late ? str_from_c(too_late) : STR_NONE, &held);
}

/* Leases a mail and finds out what it says; where it has a link, the link is made here. */
static bool run_claim(struct tx *tx, void *context)
{
    struct claim *claim = context;
    bool found;

    claim->fate = FATE_NONE;
    if (!outbox_claim(tx, lease_end(claim->outbox, tx->now), &claim->item, &found)) return false;
    if (!found) return true;
    if (tx->now >= claim->item.give_up_at) return settle(tx, claim, FATE_TOO_LATE);
    if (claim->item.template <0) return put_off(tx, claim, STR("this version knows no such mail"));
    if (!mail_facts_load(tx, &claim->item, &claim->facts)) return false;
    if (claim->facts.is_void) return settle(tx, claim, FATE_POINTLESS);
    claim->fate = FATE_TO_SEND;
    return true;
}

/* After a mail whose facts could not be had: the next one's turn. */
static bool run_put_off(struct tx *tx, void *context)
{
    struct claim *claim = context;
    bool found;

    claim->fate = FATE_NONE;
    return outbox_claim(tx, lease_end(claim->outbox, tx->now), &claim->item, &found)
        && (!found || put_off(tx, claim, STR("what it says cannot be read")));
}

/* False when the store cannot be written now. */
static bool take_next(struct outbox *outbox, struct claim *claim)
{
    struct problem problem;
    struct writer *writer = outbox->settings.writer;

    problem_init(&problem, outbox->arena);
    if (writer_run(writer, 0, outbox->arena, &problem, run_claim, claim)) return true;
    log_event(LOG_WARN, "mail_not_read",
              LOG_TEXT("reason", str_from_c(reason_code(problem.reason))),
              LOG_TEXT("detail", problem_detail(&problem)));
    if (reason_status(problem.reason) == 503) return false;
    problem_clear(&problem);
    return writer_run(writer, 0, outbox->arena, &problem, run_put_off, claim);
}

/* --- sending --- */

/* What is to be noted about a mail after a try. */
struct note {
    struct outbox *outbox;
    const struct outbox_item *item;
    enum mail_result result;
    struct str why;
    bool held, gave_up;
};

/* What was broken off is tried again as soon as somebody can. */
static bool run_note(struct tx *tx, void *context)
{
    struct note *note = context;
    instant_t next = note->result == MAIL_INTERRUPTED
        ? tx->now
        : backoff_next(note->item->tries, tx->now, &note->outbox->jitter);

    if (note->result == MAIL_ACCEPTED)
        return outbox_settle(tx, note->item, OUTBOX_DONE, STR_NONE, &note->held);
    note->gave_up = note->result == MAIL_REJECTED || next >= note->item->give_up_at;
    return note->gave_up ? outbox_settle(tx, note->item, OUTBOX_FAILED, note->why, &note->held)
                         : outbox_try_again(tx, note->item, next, note->why, &note->held);
}

static void count(const struct note *note)
{
    if (note->result == MAIL_ACCEPTED)
        mail_count_ending(MAIL_SENT);
    else
        mail_count_ending(note->gave_up ? MAIL_FAILED : MAIL_RETRIED);
}

/* No address, no link. */
static void tell(const struct note *note)
{
    struct arena *arena = note->outbox->arena;
    struct log_value id = LOG_TEXT("mail", id_format(arena, ID_MAIL, note->item->id));
    struct log_value template =
        LOG_TEXT("template", str_from_c(mail_template_names[note->item->template]));
    struct log_value tries = LOG_INT("tries", note->item->tries);

    if (note->result == MAIL_ACCEPTED)
        log_event(LOG_INFO, "mail_sent", id, template, tries);
    else if (note->gave_up)
        log_event(LOG_ERROR, "mail_failed", id, template, tries, LOG_TEXT("why", note->why));
    else
        log_event(LOG_WARN, "mail_put_off", id, template, tries, LOG_TEXT("why", note->why));
}

/* The store may be away for a moment: what is not noted is sent once more when the lease runs out. */
static void keep(struct note *note)
{
    struct outbox *outbox = note->outbox;
    struct problem problem;

    problem_init(&problem, outbox->arena);
    for (int tries = 1;
         !writer_run(outbox->settings.writer, 0, outbox->arena, &problem, run_note, note);
         tries++) {
        log_event(LOG_WARN, "mail_not_noted",
                  LOG_TEXT("reason", str_from_c(reason_code(problem.reason))));
        if (tries == OUTBOX_NOTE_TRIES || !pause_for(&outbox->pause, MICROS_PER_SECOND)) break;
        problem_clear(&problem);
    }
    count(note);
    tell(note);
}

static enum mail_result send_mail(struct outbox *outbox, struct claim *claim, struct str *why)
{
    struct arena *arena = outbox->arena;
    struct mailer *mailer = outbox->settings.mailer;
    struct mail_facts *facts = &claim->facts;
    struct letter letter;
    struct str to, id = id_format(arena, ID_MAIL, claim->item.id);

    if (!email_to_send(arena, facts->address, &to)) {
        *why = STR("the address is none");
        return MAIL_REJECTED;
    }
    facts->origin = outbox->settings.origin;
    letter_compose(arena, facts, &letter);
    const struct mail_message message = {
        .from_name = str_is_absent(mailer->from_name) ? facts->agency_name : mailer->from_name,
        .from_address = mailer->from_address,
        .to_name = facts->name,
        .to_address = to,
        .subject = letter.subject,
        .text = letter_text(arena, &letter),
        .html = letter_html(arena, &letter),
        .link = letter.link,
        .id = str_format(arena, "%.*s.%lld", STR_ARG(id), (long long)claim->item.tries),
        .at = clock_now(),
    };
    return mailer->send(mailer, arena, &message, why);
}

/* Sends what is due the longest. False when there is nothing more to do for now. */
static bool send_next(struct outbox *outbox)
{
    struct claim claim = { .outbox = outbox };

    arena_reset(outbox->arena);
    if (!take_next(outbox, &claim)) {
        outbox->setbacks++;
        return false;
    }

    struct note note = { .outbox = outbox, .item = &claim.item };
    switch (claim.fate) {
    case FATE_TO_SEND:
        note.result = send_mail(outbox, &claim, &note.why);
        keep(&note);
        outbox->setbacks = note.result == MAIL_UNREACHABLE ? outbox->setbacks + 1 : 0;
        return note.result != MAIL_UNREACHABLE && note.result != MAIL_INTERRUPTED;
    case FATE_TOO_LATE:
        note =
            (struct note){ outbox, &claim.item, MAIL_REJECTED, str_from_c(too_late), true, true };
        count(&note);
        tell(&note);
        return true;
    case FATE_POINTLESS: mail_count_ending(MAIL_DROPPED); return true;
    case FATE_LATER: mail_count_ending(MAIL_RETRIED); return true;
    case FATE_NONE:
    default: return false;
    }
}

/* --- rounds --- */

/* How it stands, read beside the writer so that an idle outbox costs it nothing. False when it cannot be seen. */
static bool look(struct outbox *outbox, struct outbox_counts *counts)
{
    struct problem problem;

    arena_reset(outbox->arena);
    problem_init(&problem, outbox->arena);
    if (outbox->reader == NULL)
        outbox->reader = db_connect(outbox->settings.db, DB_READER, &problem);
    if (outbox->reader == NULL || !tx_begin(outbox->reader, outbox->arena, &problem, clock_now()))
        return false;
    bool seen = outbox_count(outbox->reader, counts);
    tx_rollback(outbox->reader);
    if (seen) mail_note_counts(counts);
    return seen;
}

/* A server that cannot be reached is left alone for a second, then two, four …: each try costs one mail a try. */
static int64_t rest_us(const struct outbox *outbox)
{
    int doublings = outbox->setbacks - 1;
    int64_t seconds =
        doublings < 6 ? INT64_C(1) << (doublings < 0 ? 0 : doublings) : OUTBOX_REST_SECONDS_MAX;

    return outbox->setbacks == 0 ? OUTBOX_POLL_MS * INT64_C(1000) : seconds * MICROS_PER_SECOND;
}

static void *work(void *context)
{
    struct outbox *outbox = context;
    struct outbox_counts counts;

    while (pause_for(&outbox->pause, rest_us(outbox))) {
        if (!look(outbox, &counts) || counts.due == 0) continue;
        while (!pause_is_stopping(&outbox->pause) && send_next(outbox)) {
        }
    }
    return NULL;
}

struct outbox *outbox_start(const struct outbox_settings *settings)
{
    struct outbox *outbox = calloc(1, sizeof(*outbox));
    uint64_t seed;

    if (outbox == NULL) abort();
    rng_secure(&seed, sizeof(seed));
    outbox->settings = *settings;
    outbox->jitter = rng_seeded(seed);
    outbox->arena = arena_new(OUTBOX_ARENA_BYTES);
    pause_init(&outbox->pause);
    if (pthread_create(&outbox->thread, NULL, work, outbox) != 0) abort();
    return outbox;
}

void outbox_stop(struct outbox *outbox)
{
    pause_stop(&outbox->pause);
    outbox->settings.mailer->interrupt(outbox->settings.mailer);
    pthread_join(outbox->thread, NULL);
    if (outbox->reader != NULL) db_disconnect(outbox->reader);
    arena_free(outbox->arena);
    pause_destroy(&outbox->pause);
    free(outbox);
}
