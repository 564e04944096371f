/* Twilio's export and the API's own records as files. */
#include "call_file_fixture.h"

static void twilios_console_export_becomes_calls(void **state)
{
    struct reading reading = read_twilio(
        *state,
        STR("Call Sid,Parent Call Sid,Start Time,End Time,Direction,From,To,Duration,Status,Price\n"
            "CA01,,2026-03-10 08:12:45 UTC,2026-03-10 08:13:50 UTC,outbound-api,+1555,+1666,65,"
            "completed,-0.02\n"
            "CA02,CA01,2026-03-10 08:12:45 PST,,outbound-dial,+1555,+1666,,no-answer,\n"));
    const struct call_record *call = good(&reading, 1), *unanswered = good(&reading, 2);

    assert_true(reading.lines[0].is_header);
    assert_str(call->id, "CA01");
    assert_str(call->source, "twilio");
    assert_str(call->subaccount, "+1555");
    assert_str(call->from, "+1555");
    assert_str(call->to, "+1666");
    assert_int_equal(call->direction, CALL_OUTBOUND);
    assert_int_equal(call->status, CALL_COMPLETED);
    assert_int_equal(call->duration_seconds, 65);
    assert_true(call->started_at == utc("2026-03-10T08:12:45Z"));
    assert_true(call->ended_at == utc("2026-03-10T08:13:50Z"));
    assert_int_equal(unanswered->status, CALL_NO_ANSWER);
    assert_int_equal(unanswered->duration_seconds, 0);
    assert_true(unanswered->started_at == utc("2026-03-10T16:12:45Z"));
}

static void twilios_own_names_are_read_too(void **state)
{
    static const char *const headers[] = {
        "sid,account_sid,from,to,direction,status,start_time,end_time,duration,answered_by",
        "Sid,AccountSid,From,To,Direction,Status,StartTime,EndTime,Duration,AnsweredBy",
        "\"SID\",\"Account SID\",\"From\",\"To\",\"Direction\",\"Status\",\"Start Time\",\"End Time\","
        "\"Duration\",\"Answered By\"",
    };
    struct call_file_settings settings = settings_of(NULL);

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct str text =
            str_format(*state,
                       "%s\nCA01,AC9,+1555,+1666,inbound,completed,"
                       "\"Tue, 10 Mar 2026 08:12:45 +0000\",2026-03-10T08:13:50Z,65,%s\n",
                       headers[i], i == 0 ? "machine_start" : "human");
        struct reading reading = read_with(*state, "twilio-csv", text, &settings);
        const struct call_record *call = good(&reading, 1);
        assert_str(call->subaccount, "AC9");
        assert_str(call->from, "+1555");
        assert_int_equal(call->direction, CALL_INBOUND);
        assert_int_equal(call->status, i == 0 ? CALL_VOICEMAIL : CALL_COMPLETED);
        assert_true(call->started_at == utc("2026-03-10T08:12:45Z"));
    }
}

#define TWILIO_HEADER "Sid,Date Created,Start Time,Direction,From,Duration,Status\n"

static void twilios_calls_count_when_they_have_ended(void **state)
{
    struct reading reading = read_twilio(
        *state,
        STR(TWILIO_HEADER "CA1,2026-03-10T08:12:45Z,,outbound-api,a,,canceled\n"
                          "CA2,,2026-03-10T08:12:45Z,outbound-api,a,,in-progress\n"
                          "CA3,,2026-03-10T08:12:45Z,outbound-api,a,,completed\n"
                          "CA4,,2026-03-10T08:12:45Z,outbound-api,a,0,failed\n"
                          ",,2026-03-10T08:12:45Z,outbound-api,a,5,completed\n"
                          "CA6,,2026-03-10T08:12:45Z,trunking-originating,a,5,completed\n"));

    assert_true(good(&reading, 1)->started_at == utc("2026-03-10T08:12:45Z"));
    assert_int_equal(good(&reading, 1)->status, CALL_CANCELED);
    assert_bad(&reading, 2, REASON_NOT_ALLOWED_VALUE, "status");
    assert_str(reading.lines[2].detail, "This call has not ended yet.");
    assert_bad(&reading, 3, REASON_REQUIRED, "duration_seconds");
    assert_int_equal(good(&reading, 4)->status, CALL_FAILED);
    assert_bad(&reading, 5, REASON_REQUIRED, "id");
    assert_int_equal(good(&reading, 6)->direction, CALL_INBOUND);
}

static void a_file_of_twilios_must_name_what_is_needed(void **state)
{
    static const char *const texts[] = {
        "CA1,2026-03-10T08:12:45Z,completed\n",
        "Sid,Start Time,Direction,From,Duration\nCA1,2026-03-10T08:12:45Z,inbound,a,5\n",
        "Start Time,Direction,From,Duration,Status\n2026-03-10T08:12:45Z,inbound,a,5,completed\n",
        "Sid,Start Time,Direction,From,Duration,\"Status\n",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct reading reading = read_twilio(*state, str_from_c(texts[i]));
        assert_row(reading.n == 0 && reading.end == CALL_FILE_FAILED, texts[i]);
        assert_true(problem_is_set(&reading.problem));
    }
}

static void the_apis_own_records_are_read_line_by_line(void **state)
{
    struct call_file_settings settings = settings_of(NULL);

    settings.source = STR("engine-2");
    struct reading reading = read_with(
        *state, "minutebank-ndjson",
        STR("\xEF\xBB\xBF{\"id\":\"a\",\"subaccount\":\"acme\",\"tier\":\"basic\",\"direction\":"
            "\"inbound\",\"status\":\"completed\",\"started_at\":\"2026-03-10T08:12:45Z\","
            "\"duration_seconds\":61}\r\n"
            "\n"
            "{\n"
            "{\"id\":\"b\",\"source\":\"own\",\"subaccount\":\"acme\",\"tier\":\"basic\",\"direction\":"
            "\"inbound\",\"status\":\"busy\",\"started_at\":\"2026-03-10T08:12:45Z\","
            "\"duration_seconds\":0}\n"
            "{\"id\":\"c\",\"colour\":\"red\"}"),
        &settings);

    assert_int_equal(reading.n, 4);
    assert_str(good(&reading, 0)->id, "a");
    assert_str(good(&reading, 0)->source, "engine-2");
    assert_int_equal(good(&reading, 0)->duration_seconds, 61);
    assert_true(reading.lines[1].is_bad && reading.lines[1].reason == REASON_BAD_JSON);
    assert_int_equal(reading.lines[1].number, 3);
    assert_str(good(&reading, 2)->source, "own");
    assert_bad(&reading, 3, REASON_UNKNOWN_FIELD, "colour");
}

static void formats_are_found_by_name(void **state)
{
    assert_non_null(call_format_find(STR("asterisk-csv")));
    assert_null(call_format_find(STR("asterisk")));
    assert_str(call_format_names(*state), "asterisk-csv, twilio-csv, minutebank-ndjson");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twilios_console_export_becomes_calls),
        cmocka_unit_test(twilios_own_names_are_read_too),
        cmocka_unit_test(twilios_calls_count_when_they_have_ended),
        cmocka_unit_test(a_file_of_twilios_must_name_what_is_needed),
        cmocka_unit_test(the_apis_own_records_are_read_line_by_line),
        cmocka_unit_test(formats_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
