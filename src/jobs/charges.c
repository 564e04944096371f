/* Asking card processors: charges of purchases, and money that goes back. What happens before and after is in
   engine/charges.h; whoever dies in between asks again under the same key. */
#include "jobs/kinds.h"

#include "engine/charges.h"
#include "integrations/payments.h"

enum { PROCESSOR_SECONDS = 30 };

/* The texts of facts outlive the transaction that they come from. */
static struct str keep(struct job_run *run, struct str text)
{
    return str_copy(run->arena, text);
}

/* --- charging a purchase --- */

struct charge_facts {
    struct payment_charge order;
    struct payment_answers answers;
};

static void wait_until(struct job_run *run, instant_t until)
{
    run->job.cursor = until;
    run->again_at = until;
    run->result = JOB_AGAIN;
}

static bool begin_charge(struct tx *tx, struct job_run *run)
{
    struct charge_facts *facts = ARENA_NEW(run->arena, struct charge_facts);
    enum charge_step step;

    if (!charge_begin(tx, run->job.agency_id, run->job.subject_id, run->job.cursor, &step,
                      &facts->order))
        return false;
    if (step == CHARGE_WAIT) wait_until(run, run->job.cursor);
    if (step != CHARGE_ASK) return true;
    facts->order.key = keep(run, facts->order.key);
    facts->order.token = keep(run, facts->order.token);
    facts->order.reference = keep(run, facts->order.reference);
    run->facts = facts;
    run->result = JOB_OUTSIDE;
    return true;
}

static void ask_for_charge(struct job_run *run)
{
    struct charge_facts *facts = run->facts;

    payments_charge(run->arena, &facts->order, &facts->answers);
}

static void try_again(struct job_run *run, struct str why)
{
    run->result = JOB_RETRY;
    run->why = why;
    run->again_at = INSTANT_NONE;
}

static bool note_charge(struct tx *tx, struct job_run *run)
{
    const struct charge_facts *facts = run->facts;

    for (size_t i = 0; i < facts->answers.n; i++) {
        const struct payment_answer *answer = &facts->answers.at[i];
        enum charge_step step;

        if (answer->outcome == PAYMENT_UNREACHABLE) try_again(run, answer->failure);
        if (!charge_answered(tx, run->job.agency_id, run->job.subject_id, answer, &step))
            return false;
        if (step == CHARGE_WAIT) wait_until(run, tx->now + PAYMENT_ACTION_TIME);
    }
    return true;
}

const struct job_work purchase_charge_work = {
    .run = begin_charge,
    .outside = ask_for_charge,
    .note = note_charge,
    .outside_seconds = PROCESSOR_SECONDS,
};

/* --- sending money back --- */

struct refund_facts {
    struct payment_refund order;
    struct payment_answer answer;
};

static void go_back(struct job_run *run, struct refund_facts *facts)
{
    facts->order.key = keep(run, facts->order.key);
    facts->order.token = keep(run, facts->order.token);
    facts->order.reference = keep(run, facts->order.reference);
    run->facts = facts;
    run->result = JOB_OUTSIDE;
}

static void ask_for_refund(struct job_run *run)
{
    struct refund_facts *facts = run->facts;

    payments_refund(run->arena, &facts->order, &facts->answer);
}

static bool begin_refund(struct tx *tx, struct job_run *run)
{
    struct refund_facts *facts = ARENA_NEW(run->arena, struct refund_facts);
    bool is_waiting;

    if (!refund_begin(tx, run->job.agency_id, run->job.subject_id, &facts->order, &is_waiting))
        return false;
    if (is_waiting) go_back(run, facts);
    return true;
}

static bool note_refund(struct tx *tx, struct job_run *run)
{
    const struct refund_facts *facts = run->facts;

    if (facts->answer.outcome == PAYMENT_UNREACHABLE) {
        try_again(run, facts->answer.failure);
        return true;
    }
    return refund_answered(tx, run->job.agency_id, run->job.subject_id, &facts->answer);
}

const struct job_work refund_send_work = {
    .run = begin_refund,
    .outside = ask_for_refund,
    .note = note_refund,
    .outside_seconds = PROCESSOR_SECONDS,
};

/* --- money that came for nothing --- */

static bool begin_return(struct tx *tx, struct job_run *run)
{
    struct refund_facts *facts = ARENA_NEW(run->arena, struct refund_facts);

    if (!charge_return(tx, run->job.agency_id, run->job.subject_id, &facts->order)) return false;
    go_back(run, facts);
    return true;
}

/* A processor that keeps the money is for people to talk to. */
static bool note_return(struct tx *tx, struct job_run *run)
{
    const struct refund_facts *facts = run->facts;

    (void)tx;
    if (facts->answer.outcome == PAYMENT_SUCCEEDED) return true;
    try_again(run, facts->answer.failure);
    if (facts->answer.outcome == PAYMENT_FAILED) run->result = JOB_GIVE_UP;
    return true;
}

const struct job_work purchase_return_work = {
    .run = begin_return,
    .outside = ask_for_refund,
    .note = note_return,
    .outside_seconds = PROCESSOR_SECONDS,
};
