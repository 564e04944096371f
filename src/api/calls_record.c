/* POST /v1/calls: call records in four forms, one result each (domain.md §9). */
#include "api/calls.h"

#include "api/senders.h"
#include "domain/calls.h"
#include "engine/calls.h"
#include "engine/writer.h"
#include "http/request.h"
#include "http/server.h"

#include <string.h>

/* The records of one request, in order. */
struct submissions {
    struct call_submission *at;
    struct call_submission **order; /* pointers to them, as calls_record takes them */
    size_t count, capacity;
};

/* A CloudEvents 1.0 envelope; extension attributes are allowed and ignored. */
struct call_event {
    struct str specversion, id, source, type, subject, datacontenttype, dataschema;
    instant_t time;
    struct call_record data;
};

/* The record inside an event: without id and source, which are the envelope's. */
#define EVENT_DATA_FIELDS (call_record_fields + 2)

static const char *const event_specversions[] = { "1.0", NULL };
static const char *const event_types[] = { "minutebank.call.recorded", NULL };
static const char *const event_content_types[] = { "application/json", NULL };

/* clang-format off */
static const struct field call_event_fields[] = {
    FIELD_TEXT(struct call_event, specversion, .min = 1, .max = 8, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct call_event, id, .min = 1, .max = 128, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct call_event, source, .min = 1, .max = 64, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct call_event, type, .min = 1, .max = 64, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct call_event, subject, .max = 200, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct call_event, datacontenttype, .max = 64, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct call_event, dataschema, .max = 1000, .flags = FIELD_NULLABLE),
    FIELD_INSTANT(struct call_event, time, .flags = FIELD_NULLABLE),
    FIELD_OBJECT(struct call_event, data, EVENT_DATA_FIELDS, .flags = FIELD_REQUIRED),
    FIELD_END,
};
/* clang-format on */

/* Room for one more record, or REASON_BATCH_TOO_LARGE. */
static struct call_submission *submissions_add(struct request *r, struct submissions *s)
{
    size_t most = server_settings(r->server)->batch_records_max;

    if (s->count == most) {
        fail(&r->problem, REASON_BATCH_TOO_LARGE, NULL, "A batch holds at most %zu records.", most);
        return NULL;
    }
    if (s->count == s->capacity) {
        size_t capacity = s->capacity == 0 ? 1 : s->capacity * 8;
        struct call_submission *at = ARENA_ARRAY(r->arena, struct call_submission, capacity);
        if (s->count > 0) memcpy(at, s->at, s->count * sizeof(*at));
        s->at = at;
        s->capacity = capacity;
    }
    return &s->at[s->count++];
}

/* What is wrong with one record becomes its own result and stops nobody else. */
static void take_problem(struct call_submission *submission, const struct problem *problem)
{
    if (!problem_is_set(problem)) return;
    submission->malformed = problem->n_fields > 0 ? problem->fields[0].reason : problem->reason;
    submission->malformed_field = problem->n_fields > 0 ? problem->fields[0].field : STR_NONE;
    submission->malformed_detail = problem->n_fields > 0 ? problem->fields[0].detail : STR_NONE;
}

static void decode_record(struct request *r, const struct cJSON *value,
                          struct call_submission *submission)
{
    struct problem problem;

    problem_init(&problem, r->arena);
    if (!json_is_object(value))
        fail_as(&problem, REASON_WRONG_TYPE, NULL);
    else if (fields_from_json(call_record_fields, FIELDS_CLOSED, r->arena, value, STR(""), &problem,
                              &submission->record, NULL))
        call_record_check(&submission->record, r->now, STR(""), &problem);
    take_problem(submission, &problem);
}

/* An attribute of the envelope that has only one value here. */
static bool check_attribute(struct problem *problem, const char *name, struct str value,
                            names_t allowed)
{
    if (str_is_absent(value) || name_index(allowed, value) >= 0) return true;
    return fail_field(problem, REASON_NOT_ALLOWED_VALUE, str_from_c(name), "This must be \"%s\".",
                      allowed[0]);
}

static void decode_event(struct request *r, const struct cJSON *value,
                         struct call_submission *submission)
{
    struct problem problem;
    struct call_event event = { 0 };

    problem_init(&problem, r->arena);
    bool decoded = fields_from_json(call_event_fields, FIELDS_OPEN, r->arena, value, STR(""),
                                    &problem, &event, NULL);
    submission->record = event.data;
    submission->record.id = event.id;
    submission->record.source = event.source;
    if (decoded && check_attribute(&problem, "specversion", event.specversion, event_specversions)
        && check_attribute(&problem, "type", event.type, event_types)
        && check_attribute(&problem, "datacontenttype", event.datacontenttype, event_content_types))
        call_record_check(&submission->record, r->now, STR("data."), &problem);
    take_problem(submission, &problem);
}

typedef void (*decode_one)(struct request *r, const struct cJSON *value,
                           struct call_submission *submission);

static bool decode_array(struct request *r, const struct cJSON *array, decode_one decode,
                         struct submissions *out)
{
    for (const struct cJSON *item = json_first(array); item != NULL; item = json_next(item)) {
        struct call_submission *submission = submissions_add(r, out);
        if (submission == NULL) return false;
        decode(r, item, submission);
    }
    return true;
}

static bool decode_one_event(struct request *r, struct submissions *out)
{
    const struct cJSON *value;

    if (!json_parse(r->arena, r->body, &r->problem, &value)) return false;
    struct call_submission *submission = submissions_add(r, out);
    if (submission == NULL) return false;
    decode_event(r, value, submission);
    return true;
}

/* An event whose attributes are headers (CloudEvents' binary mode): put together as if it had come in one piece. */
static bool assemble_event(struct request *r)
{
    static const struct {
        const char *header, *member;
    } attributes[] = {
        { "ce-specversion", "specversion" }, { "ce-id", "id" },
        { "ce-source", "source" },           { "ce-type", "type" },
        { "ce-subject", "subject" },         { "ce-time", "time" },
    };
    struct buffer json = buffer_new(r->arena, r->body.len + 256);
    const struct cJSON *data;

    if (!json_parse(r->arena, r->body, &r->problem, &data)) return false;
    buffer_add_c(&json, "{\"data\":");
    buffer_add(&json, str_trim(r->body));
    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        struct str value = request_header(r, attributes[i].header);
        if (str_is_absent(value)) continue;
        if (!str_is_text(value)) return fail_as(&r->problem, REASON_BAD_TEXT, NULL);
        buffer_add_format(&json, ",\"%s\":", attributes[i].member);
        json_write_string(&json, value);
    }
    buffer_add_byte(&json, '}');
    r->body = buffer_str(&json);
    return true;
}

static bool decode_json(struct request *r, struct submissions *out)
{
    const struct cJSON *value;

    if (!str_is_absent(request_header(r, "ce-specversion")))
        return assemble_event(r) && decode_one_event(r, out);
    if (!json_parse(r->arena, r->body, &r->problem, &value)) return false;
    if (json_is_array(value)) return decode_array(r, value, decode_record, out);
    if (!json_is_object(value))
        return fail(&r->problem, REASON_BAD_JSON, NULL,
                    "The body must be a call record or an array of them.");
    struct call_submission *submission = submissions_add(r, out);
    if (submission == NULL) return false;
    decode_record(r, value, submission);
    return true;
}

static bool decode_events(struct request *r, struct submissions *out)
{
    const struct cJSON *value;

    if (!json_parse(r->arena, r->body, &r->problem, &value)) return false;
    if (!json_is_array(value))
        return fail(&r->problem, REASON_BAD_JSON, NULL,
                    "A CloudEvents batch is an array of events.");
    return decode_array(r, value, decode_event, out);
}

/* One record per line, with LF or CRLF; a line that is no JSON is rejected like any other bad record. */
static bool decode_lines(struct request *r, struct submissions *out)
{
    struct str rest = r->body, line;

    if (str_starts_with(rest, STR("\xEF\xBB\xBF"))) rest = str_sub(rest, 3, rest.len);
    while (str_split(&rest, '\n', &line)) {
        const struct cJSON *value;
        struct problem problem;

        line = str_trim(line);
        if (line.len == 0) continue;
        struct call_submission *submission = submissions_add(r, out);
        if (submission == NULL) return false;
        problem_init(&problem, r->arena);
        if (json_parse(r->arena, line, &problem, &value)) decode_record(r, value, submission);
        take_problem(submission, &problem);
    }
    return true;
}

static const struct {
    struct str content_type;
    bool (*decode)(struct request *r, struct submissions *out);
} forms[] = {
    { { "application/json", 16 }, decode_json },
    { { "application/x-ndjson", 20 }, decode_lines },
    { { "application/cloudevents-batch+json", 34 }, decode_events },
    { { "application/cloudevents+json", 28 }, decode_one_event },
};

bool calls_decode(struct request *r)
{
    struct submissions *submissions = ARENA_NEW(r->arena, struct submissions);

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (!str_equal(r->content_type, forms[i].content_type)) continue;
        if (!forms[i].decode(r, submissions)) return false;
        if (submissions->count == 0)
            return fail(&r->problem, REASON_EMPTY_BATCH, NULL, "The batch holds no records.");
        submissions->order = ARENA_ARRAY(r->arena, struct call_submission *, submissions->count);
        for (size_t j = 0; j < submissions->count; j++)
            submissions->order[j] = &submissions->at[j];
        r->state = submissions;
        r->units = (uint32_t)submissions->count;
        return true;
    }
    return fail(&r->problem, REASON_WRONG_CONTENT_TYPE, NULL,
                "Send application/json, application/x-ndjson, application/cloudevents+json or"
                " application/cloudevents-batch+json.");
}

/* With the limit that it broke, if that is what was wrong. */
static struct str detail_of(const struct call_submission *submission)
{
    bool is_told = submission->refused == submission->malformed
        && !str_is_absent(submission->malformed_detail);

    return is_told ? submission->malformed_detail
                   : str_from_c(reason_sentence(submission->refused));
}

static void write_result(struct buffer *out, const struct call_submission *submission)
{
    buffer_add_c(out, "{\"id\":");
    if (str_is_absent(submission->record.id))
        buffer_add_c(out, "null");
    else
        json_write_string(out, submission->record.id);
    buffer_add_c(out, ",\"status\":\"");
    buffer_add_c(out, call_outcome_names[submission->outcome]);
    buffer_add_byte(out, '"');
    if (submission->refused != REASON_NONE) {
        buffer_add_format(out, ",\"code\":\"%s\"", reason_code(submission->refused));
        if (!str_is_absent(submission->refused_field)) {
            buffer_add_c(out, ",\"field\":");
            json_write_string(out, submission->refused_field);
        }
        buffer_add_c(out, ",\"detail\":");
        json_write_string(out, detail_of(submission));
    }
    if (submission->outcome == CALL_ACCEPTED) {
        buffer_add_c(out, ",\"charged\":\"");
        buffer_add_id(out, ID_SUBACCOUNT, submission->charged_subaccount);
        buffer_add_c(out, "\",\"billed_seconds\":");
        buffer_add_int(out, submission->billed_seconds);
        if (submission->named_reservation)
            buffer_add_format(out, ",\"reservation\":\"%s\"",
                              hold_end_names[submission->reservation]);
    }
    buffer_add_byte(out, '}');
}

static bool reply(struct request *r, const struct submissions *submissions)
{
    struct buffer out = buffer_new(r->arena, 128 + submissions->count * 128);
    size_t counts[CALL_OUTCOME_COUNT] = { 0 };

    for (size_t i = 0; i < submissions->count; i++)
        counts[submissions->at[i].outcome]++;
    buffer_add_format(&out, "{\"accepted\":%zu,\"duplicates\":%zu,\"rejected\":%zu,\"results\":[",
                      counts[CALL_ACCEPTED], counts[CALL_DUPLICATE],
                      counts[CALL_CONFLICT] + counts[CALL_REJECTED]);
    for (size_t i = 0; i < submissions->count; i++) {
        if (i > 0) buffer_add_byte(&out, ',');
        write_result(&out, &submissions->at[i]);
    }
    buffer_add_c(&out, "]}");
    return request_reply_text(r, 200, "application/json", buffer_str(&out));
}

/* The requests of one sender as one batch. */
static bool record_of_sender(struct tx *tx, struct request **requests, size_t n)
{
    size_t total = 0, filled = 0;

    for (size_t i = 0; i < n; i++)
        total += ((const struct submissions *)requests[i]->state)->count;
    struct call_submission **all = ARENA_ARRAY(tx->arena, struct call_submission *, total);
    for (size_t i = 0; i < n; i++) {
        const struct submissions *own = requests[i]->state;
        for (size_t j = 0; j < own->count; j++) {
            own->order[j]->only_subaccount = sender_only_subaccount(&requests[i]->caller);
            all[filled++] = own->order[j];
        }
    }
    if (!calls_record(tx, requests[0]->caller.agency, all, total, request_actor(requests[0])))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!reply(requests[i], requests[i]->state)) return false;
    }
    return true;
}

/* All call requests of one commit. */
static bool record_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, record_of_sender);
}

const struct gather calls_gather = { record_together };

bool calls_recorded(struct request *r)
{
    const struct submissions *submissions = r->state;

    calls_count(submissions->at, submissions->count);
    return true;
}
