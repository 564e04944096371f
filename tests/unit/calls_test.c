/* Call records: the field table, what makes a record acceptable, and its fingerprint. */
#include "source_root.h"

#include "base/time.h"
#include "domain/calls.h"

enum { SUBACCOUNT = 21 };
#define NOW        (INT64_C(1780000000) * MICROS_PER_SECOND)
#define SECONDS(n) (MICROS_PER_SECOND * (n))

static struct call_record complete_record(void)
{
    return (struct call_record){
        .id = STR("c-1"),
        .source = STR("asterisk"),
        .subaccount = STR("sub_0k3v9m2c5x1qy"),
        .tier = TIER_PREMIUM,
        .direction = CALL_OUTBOUND,
        .status = CALL_COMPLETED,
        .started_at = NOW - SECONDS(100),
        .answered_at = NOW - SECONDS(90),
        .ended_at = NOW - SECONDS(30),
        .duration_seconds = 60,
        .reservation = STR("res"),
        .agent = STR("Ana"),
        .project = STR("Solar"),
        .campaign = STR("Spring"),
        .contact = STR("Bo"),
        .from = STR("+4930123"),
        .to = STR("+1212555"),
        .outcome = STR("booked"),
        .sentiment = STR("positive"),
        .summary = STR("Wants a call back."),
        .recording_url = STR("https://example.com/r/1"),
    };
}

static struct call_record bare_record(void)
{
    struct call_record record;

    fields_clear(call_record_fields, &record);
    record.id = STR("c-2");
    record.subaccount = STR("acme");
    record.tier = TIER_BASIC;
    record.direction = CALL_INBOUND;
    record.status = CALL_COMPLETED;
    record.started_at = NOW - SECONDS(100);
    record.duration_seconds = 60;
    return record;
}

static void fields_stand_in_the_order_of_the_api_with_their_limits(void **state)
{
    static const struct {
        const char *name;
        enum field_type type;
        bool is_required;
        int64_t min, max;
    } expected[] = {
        { "id", FIELD_IS_TEXT, true, 1, 128 },
        { "source", FIELD_IS_TEXT, false, 1, 64 },
        { "subaccount", FIELD_IS_TEXT, true, 1, 64 },
        { "tier", FIELD_IS_NAME, true, 0, 0 },
        { "direction", FIELD_IS_NAME, true, 0, 0 },
        { "status", FIELD_IS_NAME, true, 0, 0 },
        { "started_at", FIELD_IS_INSTANT, true, 0, 0 },
        { "answered_at", FIELD_IS_INSTANT, false, 0, 0 },
        { "ended_at", FIELD_IS_INSTANT, false, 0, 0 },
        { "duration_seconds", FIELD_IS_INTEGER, true, 0, 86400 },
        { "reservation", FIELD_IS_TEXT, false, 0, 64 },
        { "agent", FIELD_IS_TEXT, false, 0, 120 },
        { "project", FIELD_IS_TEXT, false, 0, 120 },
        { "campaign", FIELD_IS_TEXT, false, 0, 120 },
        { "contact", FIELD_IS_TEXT, false, 0, 120 },
        { "from", FIELD_IS_TEXT, false, 0, 64 },
        { "to", FIELD_IS_TEXT, false, 0, 64 },
        { "outcome", FIELD_IS_TEXT, false, 0, 120 },
        { "sentiment", FIELD_IS_TEXT, false, 0, 32 },
        { "summary", FIELD_IS_TEXT, false, 0, 2000 },
        { "recording_url", FIELD_IS_TEXT, false, 0, 2048 },
    };

    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct field *field = &call_record_fields[i];

        assert_string_equal(field->name, expected[i].name);
        assert_int_equal(field->type, expected[i].type);
        assert_int_equal(field->flags, expected[i].is_required ? FIELD_REQUIRED : FIELD_NULLABLE);
        assert_int_equal(field->min, expected[i].min);
        assert_int_equal(field->max, expected[i].max);
    }
    assert_null(call_record_fields[COUNT_OF(expected)].name);
}

static void a_record_is_read_from_json(void **state)
{
    const struct str text = STR("{\"id\":\"c-9\",\"subaccount\":\"acme\",\"tier\":\"premium\","
                                "\"direction\":\"inbound\",\"status\":\"voicemail\","
                                "\"started_at\":\"2026-11-23T08:12:45Z\",\"duration_seconds\":31,"
                                "\"agent\":null,\"summary\":\"\"}");
    const struct cJSON *json;
    struct problem problem;
    struct call_record record;
    instant_t started_at;

    problem_init(&problem, *state);
    assert_true(json_parse(*state, text, &problem, &json));
    assert_true(fields_from_json(call_record_fields, FIELDS_CLOSED, *state, json, STR(""), &problem,
                                 &record, NULL));
    assert_true(instant_parse(STR("2026-11-23T08:12:45Z"), &started_at));
    assert_true(str_equal_c(record.id, "c-9"));
    assert_int_equal(record.tier, TIER_PREMIUM);
    assert_int_equal(record.direction, CALL_INBOUND);
    assert_int_equal(record.status, CALL_VOICEMAIL);
    assert_true(record.started_at == started_at);
    assert_true(record.answered_at == INSTANT_NONE);
    assert_int_equal(record.duration_seconds, 31);
    assert_true(str_is_absent(record.agent));
    assert_true(str_is_absent(record.source));
    assert_false(str_is_absent(record.summary));
}

static void statuses_and_directions_have_the_names_of_the_rule_book(void **state)
{
    static const char *const statuses[] = { "completed", "voicemail", "no_answer",  "busy",
                                            "failed",    "canceled",  "transferred" };

    assert_int_equal(COUNT_OF(statuses), CALL_STATUS_COUNT);
    for (size_t i = 0; i < CALL_STATUS_COUNT; i++)
        assert_string_equal(call_status_names[i], statuses[i]);
    assert_null(call_status_names[CALL_STATUS_COUNT]);
    assert_string_equal(call_direction_names[CALL_INBOUND], "inbound");
    assert_string_equal(call_direction_names[CALL_OUTBOUND], "outbound");
    assert_null(call_direction_names[CALL_DIRECTION_COUNT]);
}

static void somebody_picked_up_when_completed_voicemail_or_transferred(void **state)
{
    for (int status = 0; status < CALL_STATUS_COUNT; status++)
        assert_int_equal(call_is_answered((enum call_status)status),
                         status == CALL_COMPLETED || status == CALL_VOICEMAIL
                             || status == CALL_TRANSFERRED);
}

/* Checks a record that is wrong in one thing: nothing else is reported. */
static void assert_refused(void **state, const struct call_record *record, enum reason reason,
                           const char *field)
{
    struct problem problem;

    problem_init(&problem, *state);
    assert_false(call_record_check(record, NOW, STR(""), &problem));
    assert_int_equal(problem.n_fields, 1);
    assert_int_equal(problem.fields[0].reason, reason);
    assert_true(str_equal_c(problem.fields[0].field, field));
}

static void assert_accepted(void **state, const struct call_record *record)
{
    struct problem problem;

    problem_init(&problem, *state);
    assert_true(call_record_check(record, NOW, STR(""), &problem));
    assert_false(problem_is_set(&problem));
}

static void complete_and_bare_records_are_accepted(void **state)
{
    const struct call_record complete = complete_record(), bare = bare_record();

    assert_accepted(state, &complete);
    assert_accepted(state, &bare);
}

static void a_start_may_be_ahead_by_the_clock_skew_and_no_more(void **state)
{
    struct call_record record = bare_record();

    record.started_at = NOW + CALL_CLOCK_SKEW;
    assert_accepted(state, &record);
    record.started_at += 1;
    assert_refused(state, &record, REASON_IN_FUTURE, "started_at");
}

static void an_answer_or_an_end_in_the_future_is_refused(void **state)
{
    struct call_record answered = bare_record(), ended = bare_record();

    answered.answered_at = NOW + CALL_CLOCK_SKEW + 1;
    assert_refused(state, &answered, REASON_IN_FUTURE, "answered_at");
    ended.ended_at = NOW + CALL_CLOCK_SKEW + 1;
    assert_refused(state, &ended, REASON_IN_FUTURE, "ended_at");
}

static void history_reaches_back_ten_years(void **state)
{
    struct call_record record = bare_record();

    record.started_at = NOW - CALL_AGE_MAX;
    assert_accepted(state, &record);
    record.started_at -= 1;
    assert_refused(state, &record, REASON_TOO_OLD, "started_at");
}

static void a_call_is_answered_and_ends_after_it_started(void **state)
{
    struct call_record record = bare_record();

    record.answered_at = record.started_at;
    assert_accepted(state, &record);
    record.answered_at = record.started_at - 1;
    assert_refused(state, &record, REASON_ENDED_BEFORE_START, "answered_at");

    record = bare_record();
    record.ended_at = record.started_at - 1;
    assert_refused(state, &record, REASON_ENDED_BEFORE_START, "ended_at");
}

static void a_call_does_not_end_before_it_is_answered(void **state)
{
    struct call_record record = complete_record();

    record.duration_seconds = 0;
    record.ended_at = record.answered_at - 1;
    assert_refused(state, &record, REASON_ENDED_BEFORE_START, "ended_at");
}

static void talk_fits_between_start_and_end_with_a_second_of_rounding(void **state)
{
    struct call_record record = bare_record();

    record.ended_at = record.started_at + SECONDS(59);
    assert_accepted(state, &record);
    record.ended_at -= 1;
    assert_refused(state, &record, REASON_TOO_LARGE, "duration_seconds");
}

static void only_a_call_that_was_taken_has_talk_time(void **state)
{
    for (int status = 0; status < CALL_STATUS_COUNT; status++) {
        struct call_record record = bare_record();

        record.status = status;
        if (status == CALL_NO_ANSWER || status == CALL_BUSY || status == CALL_CANCELED)
            assert_refused(state, &record, REASON_TALK_WITHOUT_ANSWER, "duration_seconds");
        else
            assert_accepted(state, &record);
        record.duration_seconds = 0;
        assert_accepted(state, &record);
    }
}

static void all_that_is_wrong_is_reported_below_the_records_path(void **state)
{
    struct call_record record = bare_record();
    struct problem problem;

    record.status = CALL_BUSY;
    record.started_at = NOW - CALL_AGE_MAX - 1;
    problem_init(&problem, *state);
    assert_false(call_record_check(&record, NOW, STR("3."), &problem));
    assert_int_equal(problem.n_fields, 2);
    assert_true(str_equal_c(problem.fields[0].field, "3.started_at"));
    assert_true(str_equal_c(problem.fields[1].field, "3.duration_seconds"));
}

static int64_t fingerprint(const struct call_record *record)
{
    return call_record_fingerprint(record, SUBACCOUNT);
}

static void fingerprints_are_the_same_on_every_machine(void **state)
{
    const struct call_record complete = complete_record(), bare = bare_record();
    struct call_record longest_plain = bare, shortest_hashed = bare;

    longest_plain.summary = str_repeat(*state, STR("x"), 128);
    shortest_hashed.summary = str_repeat(*state, STR("x"), 129);
    assert_true(fingerprint(&complete) == INT64_C(7439637331546189165));
    assert_true(fingerprint(&bare) == INT64_C(5842369742950621719));
    assert_true(fingerprint(&longest_plain) == INT64_C(2038695081383105663));
    assert_true(fingerprint(&shortest_hashed) == INT64_C(7539000794404297523));
}

static void id_source_and_the_accounts_name_are_not_content(void **state)
{
    const struct call_record record = complete_record();
    struct call_record other = record;

    other.id = STR("c-2");
    other.source = STR_NONE;
    other.subaccount = STR("acme");
    assert_true(fingerprint(&record) == fingerprint(&other));
    assert_true(fingerprint(&record) != call_record_fingerprint(&record, SUBACCOUNT + 1));
}

/* Each field's value changed in turn: text gets another letter, numbers go up by one. */
static void change(const struct field *field, struct call_record *record)
{
    char *at = (char *)record + field->offset;

    switch (field->type) {
    case FIELD_IS_TEXT: *(struct str *)(void *)at = STR("changed"); break;
    case FIELD_IS_NAME: *(int *)(void *)at += 1; break;
    default: *(int64_t *)(void *)at += 1; break;
    }
}

static void every_other_field_changes_the_fingerprint(void **state)
{
    const struct call_record record = complete_record();

    for (const struct field *field = call_record_fields; field->name != NULL; field++) {
        struct call_record other = record;
        bool is_identity = field->offset == offsetof(struct call_record, id)
            || field->offset == offsetof(struct call_record, source)
            || field->offset == offsetof(struct call_record, subaccount);

        change(field, &other);
        assert_int_equal(fingerprint(&record) == fingerprint(&other), is_identity);
    }
}

static void absent_and_empty_are_different_contents(void **state)
{
    const struct call_record absent = bare_record();
    struct call_record empty = absent;

    empty.agent = STR("");
    assert_true(fingerprint(&absent) != fingerprint(&empty));
}

static void a_text_does_not_flow_into_the_next_field(void **state)
{
    struct call_record left = bare_record(), right = bare_record(), moved = bare_record();

    left.agent = STR("ab");
    left.project = STR("c");
    right.agent = STR("a");
    right.project = STR("bc");
    moved.project = STR("abc");
    assert_true(fingerprint(&left) != fingerprint(&right));
    assert_true(fingerprint(&left) != fingerprint(&moved));
}

static void long_texts_count_to_their_last_byte(void **state)
{
    const size_t lengths[] = { 127, 128, 129, 2000, 8000 };

    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct call_record record = complete_record(), other = record;
        struct buffer text = buffer_new(*state, lengths[i] + 1);

        buffer_add(&text, str_repeat(*state, STR("x"), lengths[i]));
        record.summary = record.recording_url = buffer_str(&text);
        other.recording_url = record.recording_url;
        buffer_add_byte(&text, 'y');
        other.summary = str_sub(buffer_str(&text), 1, lengths[i]);
        assert_true(fingerprint(&record) != fingerprint(&other));
        other.summary = record.summary;
        assert_true(fingerprint(&record) == fingerprint(&other));
    }
}

static int set_up(void **state)
{
    *state = arena_new(16384);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_stand_in_the_order_of_the_api_with_their_limits),
        cmocka_unit_test(a_record_is_read_from_json),
        cmocka_unit_test(statuses_and_directions_have_the_names_of_the_rule_book),
        cmocka_unit_test(somebody_picked_up_when_completed_voicemail_or_transferred),
        cmocka_unit_test(complete_and_bare_records_are_accepted),
        cmocka_unit_test(a_start_may_be_ahead_by_the_clock_skew_and_no_more),
        cmocka_unit_test(an_answer_or_an_end_in_the_future_is_refused),
        cmocka_unit_test(history_reaches_back_ten_years),
        cmocka_unit_test(a_call_is_answered_and_ends_after_it_started),
        cmocka_unit_test(a_call_does_not_end_before_it_is_answered),
        cmocka_unit_test(talk_fits_between_start_and_end_with_a_second_of_rounding),
        cmocka_unit_test(only_a_call_that_was_taken_has_talk_time),
        cmocka_unit_test(all_that_is_wrong_is_reported_below_the_records_path),
        cmocka_unit_test(fingerprints_are_the_same_on_every_machine),
        cmocka_unit_test(id_source_and_the_accounts_name_are_not_content),
        cmocka_unit_test(every_other_field_changes_the_fingerprint),
        cmocka_unit_test(absent_and_empty_are_different_contents),
        cmocka_unit_test(a_text_does_not_flow_into_the_next_field),
        cmocka_unit_test(long_texts_count_to_their_last_byte),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
