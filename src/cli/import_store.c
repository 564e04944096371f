/* Records straight into a store (import.h), one transaction a batch. */
#include "cli/import.h"

#include "base/id.h"
#include "base/time.h"
#include "engine/writer.h"
#include "store/agencies.h"
#include "store/subaccount_rows.h"

/* Apart from all servers of the store, so that nobody makes the same ids. */
enum { IMPORT_NODE = 1023, CONFLICT_TRIES = 5 };

struct store_sink {
    struct import_sink sink; /* first */
    struct command_store store;
    struct arena *arena;
    struct problem *problem;
    struct str agency_text;
    struct agency agency;
    bool is_dry_run;
};

static bool find_agency(struct tx *tx, void *context)
{
    struct store_sink *sink = context;
    id64_t id;

    if (!str_is_absent(sink->agency_text)) {
        if (!id_parse(ID_AGENCY, sink->agency_text, &id))
            return fail(tx->problem, REASON_BAD_REQUEST, NULL, "--agency: this is no agency's id");
    } else if (!agency_only(tx, &id)) {
        return false;
    } else if (id == ID_NONE) {
        return fail(tx->problem, REASON_BAD_REQUEST, NULL,
                    "the store holds no agency, or several: say which one with --agency ID");
    }
    return agency_load(tx, id, &sink->agency);
}

struct work {
    const struct store_sink *sink;
    struct call_submission **submissions;
    size_t n;
};

static bool record(struct tx *tx, void *context)
{
    const struct work *work = context;
    const struct actor nobody = { ID_NONE, ID_NONE };

    return calls_record(tx, work->sink->agency.id, work->submissions, work->n, nobody)
        && !work->sink->is_dry_run; /* which is rolled back */
}

static void tell_refusals(const struct import_batch *batch)
{
    for (size_t i = 0; i < batch->n_order; i++) {
        struct import_line *line = batch->order[i];
        if (line->submission.refused == REASON_NONE) continue;
        line->code = str_from_c(reason_code(line->submission.refused));
        line->field = line->submission.refused_field;
        line->detail = str_from_c(reason_sentence(line->submission.refused));
    }
}

static bool send(struct import_sink *base, struct import_batch *batch, struct problem *problem)
{
    struct store_sink *sink = (struct store_sink *)base;
    struct work work = { sink, NULL, batch->n_order };
    bool done = false;

    work.submissions = ARENA_ARRAY(batch->arena, struct call_submission *, batch->n_order + 1);
    for (size_t i = 0; i < batch->n_order; i++)
        work.submissions[i] = &batch->order[i]->submission;
    /* Another import into the same store may make the same ids; fresh ones are made then. */
    for (int tries = 0; !done && tries < CONFLICT_TRIES; tries++) {
        done = tx_run(sink->store.tx, batch->arena, problem, clock_now(), record, &work)
            || (sink->is_dry_run && !problem_is_set(problem));
        if (problem->reason != REASON_CONFLICT) break;
    }
    if (done) tell_refusals(batch);
    return done;
}

struct naming {
    const struct store_sink *sink;
    struct import_account *accounts;
    size_t n;
};

static bool name_accounts(struct tx *tx, void *context)
{
    const struct naming *naming = context;
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, naming->n);
    struct subaccount *rows = ARENA_ARRAY(tx->arena, struct subaccount, naming->n);

    for (size_t i = 0; i < naming->n; i++)
        ids[i] = naming->accounts[i].id;
    if (!subaccounts_load_many(tx, naming->sink->agency.id, ids, naming->n, rows)) return false;
    for (size_t i = 0; i < naming->n; i++) {
        naming->accounts[i].name = rows[i].name;
        naming->accounts[i].reference = rows[i].reference;
    }
    return true;
}

static void describe(struct import_sink *base, struct import_account *accounts, size_t n)
{
    struct store_sink *sink = (struct store_sink *)base;
    struct naming naming = { sink, accounts, n };
    struct problem problem;

    problem_init(&problem, sink->arena);
    tx_run(sink->store.tx, sink->arena, &problem, clock_now(), name_accounts, &naming);
}

static void close_store(struct import_sink *base)
{
    command_store_close(&((struct store_sink *)base)->store);
}

static const struct import_sink_kind store_kind = { send, describe, close_store };

/* A server that holds the store is named as the way in. */
static bool open_store(struct command_run *run, struct store_sink *sink)
{
    if (command_store_open(run, DB_OPEN_EXISTING, &sink->store)) return true;
    if (run->problem.reason == REASON_STORE_BUSY)
        run->problem.detail =
            str_format(run->arena,
                       "%.*s If it is a server, import through it: --url http://HOST:PORT"
                       " --key-file FILE",
                       STR_ARG(problem_detail(&run->problem)));
    return false;
}

struct import_sink *import_into_store(struct command_run *run)
{
    const struct import_settings *settings = run->settings;
    struct store_sink *sink = ARENA_NEW(run->arena, struct store_sink);

    sink->sink.kind = &store_kind;
    sink->sink.knows_billed_seconds = true;
    sink->arena = run->arena;
    sink->agency_text = settings->agency;
    sink->is_dry_run = settings->dry_run;
    id_set_node(IMPORT_NODE);
    if (!open_store(run, sink)) return NULL;
    if (!tx_run(sink->store.tx, run->arena, &run->problem, clock_now(), find_agency, sink)) {
        command_store_close(&sink->store);
        return NULL;
    }
    sink->sink.agency_zone = zone_find(sink->agency.timezone);
    return &sink->sink;
}
