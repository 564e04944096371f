/* Records through the API of a running server (import.h). Sending again what may have arrived is harmless: a record
   that was charged is a duplicate then. */
#include "cli/http_client.h"
#include "cli/import.h"

#include "base/field.h"
#include "base/log.h"
#include "domain/accounts.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_FILE_MAX = 512, PAGE_ROWS = 500, RESULTS_MAX = 10000, RECORD_BYTES = 1024 };

/* A sub-account of the agency, as the API's list has it. */
struct named_account {
    id64_t id;
    struct str name, reference;
};

struct server_sink {
    struct import_sink sink; /* first */
    struct http_client *client;
    struct arena *arena;
    bool is_dry_run;
    bool has_accounts; /* the key may list them */
    struct named_account *accounts;
    size_t n_accounts, capacity;
    struct named_account *by_id, *by_reference; /* sorted; those without a reference left out */
    size_t n_by_reference;
};

/* What went wrong, in the server's words. */
static bool refused(struct problem *problem, struct arena *arena, const struct http_reply *reply)
{
    struct http_refusal refusal = http_refusal(arena, reply);

    if (str_is_absent(refusal.code))
        return fail(problem, REASON_BAD_REQUEST, NULL, "the server answers %ld; is it Minutebank?",
                    reply->status);
    return fail(problem, REASON_BAD_REQUEST, NULL, "the server refuses it (%.*s): %.*s",
                STR_ARG(refusal.code), STR_ARG(refusal.detail));
}

/* The sub-accounts' list */

struct account_page {
    struct list data;
    struct str next_cursor;
};

static const struct field account_fields[] = {
    FIELD_ID(struct named_account, id, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct named_account, name, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct named_account, reference, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field page_fields[] = {
    FIELD_LIST(struct account_page, data, account_fields, struct named_account,
               .flags = FIELD_REQUIRED | FIELD_OPEN),
    FIELD_TEXT(struct account_page, next_cursor, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static void add_accounts(struct server_sink *sink, const struct account_page *page)
{
    if (sink->n_accounts + page->data.count > sink->capacity) {
        size_t capacity = (sink->n_accounts + page->data.count) * 2;
        struct named_account *at = ARENA_ARRAY(sink->arena, struct named_account, capacity);
        if (sink->n_accounts > 0) memcpy(at, sink->accounts, sink->n_accounts * sizeof(*at));
        sink->accounts = at;
        sink->capacity = capacity;
    }
    if (page->data.count > 0)
        memcpy(sink->accounts + sink->n_accounts, page->data.at,
               page->data.count * sizeof(*sink->accounts));
    sink->n_accounts += page->data.count;
}

/* All that answer to `query`; false when the key may not read them or the server failed. */
static bool list_accounts(struct server_sink *sink, const char *query, struct problem *problem)
{
    struct str cursor = STR_NONE;

    do {
        struct str path =
            str_format(sink->arena, "/v1/subaccounts?limit=%d%s%s%.*s", PAGE_ROWS, query,
                       str_is_absent(cursor) ? "" : "&cursor=", STR_ARG(cursor));
        struct http_reply reply;
        struct account_page page;
        const struct cJSON *tree;
        if (!http_client_send(sink->client, sink->arena, path.at, NULL, STR_NONE, &reply, problem))
            return false;
        if (reply.status != 200) return refused(problem, sink->arena, &reply);
        if (!json_parse(sink->arena, reply.body, problem, &tree)
            || !fields_from_json(page_fields, FIELDS_OPEN, sink->arena, tree, STR(""), problem,
                                 &page, NULL))
            return false;
        add_accounts(sink, &page);
        cursor = page.next_cursor;
    } while (!str_is_absent(cursor));
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    const struct named_account *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int compare_references(const void *a, const void *b)
{
    const struct named_account *x = a, *y = b;

    return str_compare(x->reference, y->reference);
}

static void index_accounts(struct server_sink *sink)
{
    sink->by_id = ARENA_ARRAY(sink->arena, struct named_account, sink->n_accounts + 1);
    sink->by_reference = ARENA_ARRAY(sink->arena, struct named_account, sink->n_accounts + 1);
    for (size_t i = 0; i < sink->n_accounts; i++) {
        sink->by_id[i] = sink->accounts[i];
        if (!str_is_absent(sink->accounts[i].reference))
            sink->by_reference[sink->n_by_reference++] = sink->accounts[i];
    }
    qsort(sink->by_id, sink->n_accounts, sizeof(*sink->by_id), compare_ids);
    qsort(sink->by_reference, sink->n_by_reference, sizeof(*sink->by_reference),
          compare_references);
}

static const struct named_account *account_by_id(const struct server_sink *sink, id64_t id)
{
    const struct named_account wanted = { .id = id };

    return bsearch(&wanted, sink->by_id, sink->n_accounts, sizeof(wanted), compare_ids);
}

/* By id, then by reference, as the server itself looks. */
static const struct named_account *account_named(const struct server_sink *sink, struct str name)
{
    const struct named_account wanted = { .reference = name }, *by_id;
    id64_t id;

    if (id_parse(ID_SUBACCOUNT, name, &id) && (by_id = account_by_id(sink, id)) != NULL)
        return by_id;
    return bsearch(&wanted, sink->by_reference, sink->n_by_reference, sizeof(wanted),
                   compare_references);
}

/* Sending */

struct result {
    struct str id;
    int status;
    struct str code, field, detail;
    id64_t charged;
    seconds_t billed_seconds;
};

struct results {
    struct list results;
};

static const struct field result_fields[] = {
    FIELD_NAME(struct result, status, call_outcome_names, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct result, code, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct result, field, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct result, detail, .flags = FIELD_NULLABLE),
    FIELD_ID(struct result, charged, ID_SUBACCOUNT, .flags = FIELD_NULLABLE),
    FIELD_INTEGER(struct result, billed_seconds, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field results_fields[] = {
    FIELD_LIST(struct results, results, result_fields, struct result, .max = RESULTS_MAX,
               .flags = FIELD_REQUIRED | FIELD_OPEN),
    FIELD_END,
};

static void take_result(struct import_line *line, const struct result *result)
{
    line->submission.outcome = (enum call_outcome)result->status;
    line->submission.charged_subaccount = result->charged;
    line->submission.billed_seconds = result->billed_seconds;
    line->code = result->code;
    line->field = result->field;
    line->detail = result->detail;
}

static bool take_results(struct arena *arena, const struct http_reply *reply,
                         struct import_line **lines, size_t n, struct problem *problem)
{
    const struct cJSON *tree;
    struct results results;

    if (!json_parse(arena, reply->body, problem, &tree)
        || !fields_from_json(results_fields, FIELDS_OPEN, arena, tree, STR(""), problem, &results,
                             NULL))
        return false;
    if (results.results.count != n)
        return fail(problem, REASON_INTERNAL, NULL, "the server answers %zu results to %zu records",
                    results.results.count, n);
    for (size_t i = 0; i < n; i++)
        take_result(lines[i], &((const struct result *)results.results.at)[i]);
    return true;
}

static void refuse_as_too_large(struct import_line *line)
{
    line->submission.outcome = CALL_REJECTED;
    line->code = str_from_c(reason_code(REASON_BODY_TOO_LARGE));
    line->detail = STR("The server takes no request as large as this record alone.");
}

static bool send_some(struct server_sink *sink, struct arena *arena, struct import_line **lines,
                      size_t n, struct problem *problem)
{
    struct buffer body = buffer_new(arena, n * RECORD_BYTES);
    struct http_reply reply;

    for (size_t i = 0; i < n; i++) {
        fields_to_json(call_record_fields, &lines[i]->submission.record, &body);
        buffer_add_byte(&body, '\n');
    }
    if (!http_client_send(sink->client, arena, "/v1/calls", "application/x-ndjson",
                          buffer_str(&body), &reply, problem))
        return false;
    if (reply.status == 200) return take_results(arena, &reply, lines, n, problem);
    if (reply.status != 413) return refused(problem, arena, &reply);
    if (n == 1) {
        refuse_as_too_large(lines[0]);
        return true;
    }
    /* It takes less at once. */
    return send_some(sink, arena, lines, n / 2, problem)
        && send_some(sink, arena, lines + n / 2, n - n / 2, problem);
}

/* What can be told without sending. */
static void match(const struct server_sink *sink, struct import_line *line)
{
    const struct named_account *account = account_named(sink, line->submission.record.subaccount);

    if (account != NULL) {
        line->submission.outcome = CALL_ACCEPTED;
        line->submission.charged_subaccount = account->id;
        line->submission.billed_seconds = line->submission.record.duration_seconds;
        return;
    }
    line->submission.outcome = CALL_REJECTED;
    line->code = str_from_c(reason_code(REASON_UNKNOWN_SUBACCOUNT));
    line->field = STR("subaccount");
}

static bool send(struct import_sink *base, struct import_batch *batch, struct problem *problem)
{
    struct server_sink *sink = (struct server_sink *)base;

    if (batch->n_order == 0) return true;
    if (!sink->is_dry_run)
        return send_some(sink, batch->arena, batch->order, batch->n_order, problem);
    for (size_t i = 0; i < batch->n_order; i++)
        match(sink, batch->order[i]);
    return true;
}

static void describe(struct import_sink *base, struct import_account *accounts, size_t n)
{
    const struct server_sink *sink = (const struct server_sink *)base;

    for (size_t i = 0; sink->has_accounts && i < n; i++) {
        const struct named_account *account = account_by_id(sink, accounts[i].id);
        if (account == NULL) continue;
        accounts[i].name = account->name;
        accounts[i].reference = account->reference;
    }
}

static void close_server(struct import_sink *base)
{
    http_client_close(((struct server_sink *)base)->client);
}

static const struct import_sink_kind server_kind = { send, describe, close_server };

static bool read_key(struct command_run *run, const struct import_settings *settings,
                     struct str *out)
{
    char line[KEY_FILE_MAX];

    *out = settings->key;
    if (str_is_absent(settings->key_file)) return true;
    FILE *file = fopen(str_to_c(run->arena, settings->key_file), "r");
    bool read = file != NULL && fgets(line, sizeof(line), file) != NULL;
    if (file != NULL) fclose(file);
    if (!read)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--key-file: the file cannot be read");
    *out = str_copy(run->arena, str_trim(str_from_c(line)));
    return true;
}

/* The zone of the agency, when the key may read it. */
static const struct zone *agency_zone(struct server_sink *sink)
{
    struct agency_card {
        struct str timezone;
    } card = { STR_NONE };
    static const struct field fields[] = {
        FIELD_TEXT(struct agency_card, timezone, .flags = FIELD_REQUIRED),
        FIELD_END,
    };
    struct http_reply reply;
    struct problem problem;
    const struct cJSON *tree;

    problem_init(&problem, sink->arena);
    if (!http_client_send(sink->client, sink->arena, "/v1/agency", NULL, STR_NONE, &reply, &problem)
        || reply.status != 200 || !json_parse(sink->arena, reply.body, &problem, &tree)
        || !fields_from_json(fields, FIELDS_OPEN, sink->arena, tree, STR(""), &problem, &card,
                             NULL))
        return NULL;
    return zone_find(card.timezone);
}

/* Names for the summary, and in a dry run to match by. Without the scope "read" there are none. */
static bool learn_accounts(struct server_sink *sink, struct problem *problem)
{
    struct problem listing;

    problem_init(&listing, sink->arena);
    sink->has_accounts =
        list_accounts(sink, "", &listing) && list_accounts(sink, "&status=removed", &listing);
    if (sink->has_accounts)
        index_accounts(sink);
    else if (sink->is_dry_run)
        return fail(problem, REASON_BAD_REQUEST, NULL,
                    "a dry run needs an API key with the scope \"read\": %.*s",
                    STR_ARG(problem_detail(&listing)));
    return true;
}

struct import_sink *import_into_server(struct command_run *run)
{
    const struct import_settings *settings = run->settings;
    struct server_sink *sink = ARENA_NEW(run->arena, struct server_sink);
    struct http_client_settings client = { .url = settings->url, .is_stopped = import_is_stopped };

    sink->sink.kind = &server_kind;
    sink->sink.knows_billed_seconds = !settings->dry_run;
    sink->arena = run->arena;
    sink->is_dry_run = settings->dry_run;
    if (!read_key(run, settings, &client.key)) return NULL;
    sink->client = http_client_open(&client, run->arena, &run->problem);
    if (sink->client == NULL) return NULL;
    if (str_is_absent(settings->timezone)) sink->sink.agency_zone = agency_zone(sink);
    if (learn_accounts(sink, &run->problem)) return &sink->sink;
    http_client_close(sink->client);
    return NULL;
}
