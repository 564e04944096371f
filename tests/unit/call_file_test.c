/* Asterisk's files of call records: what lines become, and what messy ones do. */
#include "call_file_fixture.h"

#define QUOTED                                                                                 \
    "\"acme\",\"1001\",\"+15550001\",\"from-internal\",\"\"\"Bob\"\" <1001>\",\"SIP/1001-a\"," \
    "\"SIP/trunk-b\",\"Dial\",\"SIP/trunk/1,60\",\"2026-03-10 08:12:40\","                     \
    "\"2026-03-10 08:12:45\",\"2026-03-10 08:13:45\",65,60,\"ANSWERED\",\"DOCUMENTATION\""
#define BARE                                                                      \
    "acme,1001,+15550001,from-internal,Bob <1001>,SIP/1001-a,SIP/trunk-b,Dial,x," \
    "2026-03-10 08:12:40,2026-03-10 08:12:45,2026-03-10 08:13:45,65,60,ANSWERED,DOCUMENTATION"
#define UNANSWERED(disposition)                                                                 \
    "\"acme\",\"1001\",\"+15550001\",\"from-internal\",\"\",\"SIP/1001-a\",\"\",\"Dial\",\"\"," \
    "\"2026-03-10 08:12:40\",,\"2026-03-10 08:13:45\",65,0,\"" disposition                      \
    "\",\"3\",\"1732435965.7\""

static void a_line_of_cdr_csv_becomes_a_call(void **state)
{
    struct reading reading = read_asterisk(*state, STR(QUOTED ",\"1732435965.1042\",\"\"\n"));
    const struct call_record *call = good(&reading, 0);

    assert_int_equal(reading.n, 1);
    assert_int_equal(reading.end, CALL_FILE_END);
    assert_str(call->id, "1732435965.1042");
    assert_str(call->source, "asterisk");
    assert_str(call->subaccount, "acme");
    assert_int_equal(call->tier, TIER_PREMIUM);
    assert_int_equal(call->direction, CALL_OUTBOUND);
    assert_int_equal(call->status, CALL_COMPLETED);
    assert_true(call->started_at == utc("2026-03-10T08:12:40Z"));
    assert_true(call->answered_at == utc("2026-03-10T08:12:45Z"));
    assert_true(call->ended_at == utc("2026-03-10T08:13:45Z"));
    assert_int_equal(call->duration_seconds, 60);
    assert_str(call->from, "1001");
    assert_str(call->to, "+15550001");
    assert_true(str_is_absent(call->contact));
    assert_true(str_is_absent(call->reservation));
}

static void both_quoting_styles_are_the_same_call(void **state)
{
    struct reading reading =
        read_asterisk(*state, STR(QUOTED ",\"1732435965.1\",\"\"\n" BARE ",1732435965.1,\n"));

    assert_int_equal(reading.n, 2);
    assert_str(good(&reading, 1)->id, "1732435965.1");
    assert_true(call_record_fingerprint(good(&reading, 0), 1)
                == call_record_fingerprint(good(&reading, 1), 1));
}

static void the_optional_columns_are_told_by_their_number(void **state)
{
    static const struct {
        const char *more, *id;
    } rows[] = {
        { ",\"1732435965.1\"", "1732435965.1" },
        { ",\"pbx-2-1732435965.1\"", "pbx-2-1732435965.1" },
        { ",\"1732435965.1\",\"note\"", "1732435965.1" },
        { ",\"any-id\",\"note\"", "any-id" },
        { ",\"1732435965.1\",\"note\",\"peer\",\"1732435960.9\",4", "1732435965.1.4" },
        { ",\"1732435965.1\",\"peer\",\"1732435960.9\",4", "1732435965.1.4" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str text = str_format(*state, "%s%s\n", QUOTED, rows[i].more);
        struct reading reading = read_asterisk(*state, text);
        assert_str(good(&reading, 0)->id, rows[i].id);
    }
}

static void a_line_without_a_uniqueid_is_known_by_its_values(void **state)
{
    struct reading reading =
        read_asterisk(*state,
                      STR(QUOTED "\n" QUOTED "\r\n" QUOTED ",\"a note\"\n" QUOTED
                                 ",\"peer\",\"1732435960.9\",4\n" QUOTED ",,\"a note\"\n"));

    struct str id = good(&reading, 0)->id;
    assert_true(str_starts_with(id, STR("line-")) && id.len == 5 + 32);
    assert_true(str_equal(id, good(&reading, 1)->id));
    for (size_t i = 2; i < 5; i++) {
        assert_true(str_starts_with(good(&reading, i)->id, STR("line-")));
        assert_false(str_equal(id, good(&reading, i)->id));
    }
}

static void legs_of_a_uniqueid_are_told_apart_when_asked_for(void **state)
{
    struct call_file_settings settings = settings_of(NULL);
    struct str text = STR(QUOTED ",\"1732435965.1\",\"\"\n" QUOTED
                                 ",\"1732435965.1\",\"b\"\n" QUOTED ",\"1732435965.1\",\"\"\n");

    settings.separate_legs = true;
    struct reading reading = read_with(*state, "asterisk-csv", text, &settings);
    assert_true(str_starts_with(good(&reading, 0)->id, STR("1732435965.1-")));
    assert_false(str_equal(good(&reading, 0)->id, good(&reading, 1)->id));
    assert_true(str_equal(good(&reading, 0)->id, good(&reading, 2)->id));
}

static void dispositions_are_read_in_any_spelling(void **state)
{
    static const struct {
        const char *line;
        int status;
    } rows[] = {
        { UNANSWERED("NO ANSWER"), CALL_NO_ANSWER },
        { UNANSWERED("no answer"), CALL_NO_ANSWER },
        { UNANSWERED("NOANSWER"), CALL_NO_ANSWER },
        { UNANSWERED("BUSY"), CALL_BUSY },
        { UNANSWERED("FAILED"), CALL_FAILED },
        { UNANSWERED("CONGESTION"), CALL_FAILED },
        { UNANSWERED("Answered"), CALL_COMPLETED },
        { UNANSWERED("8"), CALL_COMPLETED },
        { UNANSWERED("4"), CALL_BUSY },
        { UNANSWERED("2"), CALL_FAILED },
        { UNANSWERED("0"), CALL_NO_ANSWER },
        { UNANSWERED("16"), CALL_FAILED },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading = read_asterisk(*state, str_from_c(rows[i].line));
        assert_row(good(&reading, 0)->status == rows[i].status, rows[i].line);
        assert_true(good(&reading, 0)->answered_at == INSTANT_NONE);
    }
    struct reading unknown = read_asterisk(*state, STR(UNANSWERED("LOST")));
    assert_bad(&unknown, 0, REASON_NOT_ALLOWED_VALUE, "status");
}

/* QUOTED with one of its values changed. */
static struct reading read_changed(struct arena *arena, const char *from, const char *to)
{
    const char *found = strstr(QUOTED, from);
    assert_non_null(found);
    struct str line = str_format(arena, "%.*s%s%s,\"1732435965.1\"\n", (int)(found - QUOTED),
                                 QUOTED, to, found + strlen(from));
    return read_asterisk(arena, line);
}

static void the_context_says_the_direction(void **state)
{
    static const struct {
        const char *context;
        int direction;
    } rows[] = {
        { "from-internal", CALL_OUTBOUND },   { "from-trunk", CALL_INBOUND },
        { "from-trunk-sip-1", CALL_INBOUND }, { "ext-did", CALL_INBOUND },
        { "ext-did-2", CALL_OUTBOUND },       { "", CALL_OUTBOUND },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading = read_changed(*state, "from-internal", rows[i].context);
        assert_row(good(&reading, 0)->direction == rows[i].direction, rows[i].context);
    }
}

static void the_voicemail_answers_as_such(void **state)
{
    struct reading reading = read_changed(*state, "\"Dial\"", "\"VoiceMail\"");

    assert_int_equal(good(&reading, 0)->status, CALL_VOICEMAIL);
}

static void what_must_be_exact_is_refused_by_its_field(void **state)
{
    static const struct {
        const char *from, *to;
        enum reason reason;
        const char *field;
    } rows[] = {
        { "\"acme\"", "\"\"", REASON_REQUIRED, "subaccount" },
        { "\"acme\"", "\"Caf\xE9\"", REASON_BAD_TEXT, "subaccount" },
        { "2026-03-10 08:12:40", "yesterday", REASON_BAD_TIME, "started_at" },
        { "2026-03-10 08:12:40", "", REASON_REQUIRED, "started_at" },
        { "2026-03-10 08:12:40", "2027-03-10 08:12:40", REASON_IN_FUTURE, "started_at" },
        { "2026-03-10 08:13:45", "2026-03-10 08:11:45", REASON_ENDED_BEFORE_START, "ended_at" },
        { "60,\"ANSWERED\"", "-60,\"ANSWERED\"", REASON_TOO_SMALL, "duration_seconds" },
        { "60,\"ANSWERED\"", "86401,\"ANSWERED\"", REASON_TOO_LARGE, "duration_seconds" },
        { "60,\"ANSWERED\"", "99999999999999999999,\"ANSWERED\"", REASON_WRONG_TYPE,
          "duration_seconds" },
        { "60,\"ANSWERED\"", "60.5,\"ANSWERED\"", REASON_WRONG_TYPE, "duration_seconds" },
        { "60,\"ANSWERED\"", ",\"ANSWERED\"", REASON_REQUIRED, "duration_seconds" },
        { "60,\"ANSWERED\"", "600,\"ANSWERED\"", REASON_TOO_LARGE, "duration_seconds" },
        { "\"ANSWERED\"", "\"NO ANSWER\"", REASON_TALK_WITHOUT_ANSWER, "duration_seconds" },
        { "\"ANSWERED\"", "\"\"", REASON_REQUIRED, "status" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading = read_changed(*state, rows[i].from, rows[i].to);
        assert_bad(&reading, 0, rows[i].reason, rows[i].field);
    }
}

static void what_describes_the_call_is_made_to_fit(void **state)
{
    struct reading latin = read_changed(*state, "+15550001", "Jos\xE9");
    struct str nul =
        STR("\"acme\",\"10\00001\",\"2\",\"c\",\"\",\"\",\"\",\"\",\"\",\"2026-03-10 08:12:40\""
            ",,,65,60,8,3\n");
    struct str long_number = str_repeat(*state, STR("1"), 80);

    assert_str(good(&latin, 0)->to, "Jos\xC3\xA9");
    struct reading with_nul = read_asterisk(*state, nul);
    assert_str(good(&with_nul, 0)->from, "1001");
    struct reading cut = read_changed(*state, "+15550001", str_to_c(*state, long_number));
    assert_int_equal(good(&cut, 0)->to.len, 64);
}

static void a_uniqueid_that_is_too_long_is_refused(void **state)
{
    struct str id = str_repeat(*state, STR("7"), 129);
    struct str line = str_format(*state, "%s,\"%.*s\",\"\"\n", QUOTED, STR_ARG(id));
    struct reading reading = read_asterisk(*state, line);

    assert_bad(&reading, 0, REASON_TOO_LONG, "id");
}

static void a_column_may_be_mapped_by_name_or_number(void **state)
{
    static const char *const maps[] = { "userfield=subaccount", "18=subaccount",
                                        " User Field = subaccount ,",
                                        "PEERACCOUNT=subaccount,userfield=subaccount" };

    for (size_t i = 0; i < COUNT_OF(maps); i++) {
        struct call_file_settings settings = settings_of(maps[i]);
        struct reading reading = read_with(*state, "asterisk-csv",
                                           STR(QUOTED ",\"1732435965.1\",\"harbor\"\n"), &settings);
        assert_str(good(&reading, 0)->subaccount, "harbor");
    }
}

static void the_first_mapped_column_that_is_not_empty_counts(void **state)
{
    struct call_file_settings settings = settings_of("userfield=subaccount,accountcode=subaccount");
    struct reading reading = read_with(
        *state, "asterisk-csv",
        STR(QUOTED ",\"1732435965.1\",\"harbor\"\n" QUOTED ",\"1732435965.2\",\"\"\n"), &settings);

    assert_str(good(&reading, 0)->subaccount, "harbor");
    assert_str(good(&reading, 1)->subaccount, "acme");
}

static void tier_direction_and_texts_come_from_mapped_columns(void **state)
{
    struct call_file_settings settings =
        settings_of("dcontext=direction,userfield=tier,clid=contact");
    struct reading reading = read_with(
        *state, "asterisk-csv",
        STR("acme,1,2,Inbound,Bob,a,b,c,d,2026-03-10 08:12:40,,,65,60,8,3,1732435965.1,Basic\n"
            "acme,1,2,outgoing,Bob,a,b,c,d,2026-03-10 08:12:40,,,65,60,8,3,1732435965.2,\n"
            "acme,1,2,sideways,Bob,a,b,c,d,2026-03-10 08:12:40,,,65,60,8,3,1732435965.3,\n"
            "acme,1,2,inbound,Bob,a,b,c,d,2026-03-10 08:12:40,,,65,60,8,3,1732435965.4,gold\n"),
        &settings);

    assert_int_equal(good(&reading, 0)->direction, CALL_INBOUND);
    assert_int_equal(good(&reading, 0)->tier, TIER_BASIC);
    assert_str(good(&reading, 0)->contact, "Bob");
    assert_int_equal(good(&reading, 1)->direction, CALL_OUTBOUND);
    assert_int_equal(good(&reading, 1)->tier, TIER_PREMIUM);
    assert_bad(&reading, 2, REASON_NOT_ALLOWED_VALUE, "direction");
    assert_bad(&reading, 3, REASON_NOT_ALLOWED_VALUE, "tier");
}

static void settings_say_what_the_lines_do_not(void **state)
{
    struct call_file_settings settings = settings_of(NULL);

    settings.subaccount = STR("rest");
    settings.source = STR("pbx-2");
    settings.tier = TIER_BASIC;
    settings.direction = CALL_INBOUND;
    settings.zone = zone_find(STR("America/New_York"));
    struct reading reading = read_with(
        *state, "asterisk-csv",
        STR(QUOTED "\n,1,2,c,,,,,,2026-03-10 08:12:40,,,65,60,8,3,1732435965.2\n"), &settings);
    const struct call_record *call = good(&reading, 0);

    assert_str(call->subaccount, "acme");
    assert_str(call->source, "pbx-2");
    assert_int_equal(call->tier, TIER_BASIC);
    assert_int_equal(call->direction, CALL_INBOUND);
    assert_true(call->started_at == utc("2026-03-10T12:12:40Z"));
    assert_str(good(&reading, 1)->subaccount, "rest");
}

static void a_map_that_means_nothing_is_refused(void **state)
{
    static const char *const maps[] = {
        "accountcode",         "=subaccount",  "accountcode=",
        "accountcode=account", "0=subaccount", "65=subaccount",
    };

    for (size_t i = 0; i < COUNT_OF(maps); i++) {
        struct call_file_settings settings = settings_of(maps[i]);
        struct reading reading = read_with(*state, "asterisk-csv", STR(QUOTED "\n"), &settings);
        assert_row(reading.n == 0 && problem_is_set(&reading.problem), maps[i]);
    }
    struct call_file_settings settings = settings_of("client=subaccount");
    struct reading reading = read_with(*state, "asterisk-csv", STR(QUOTED "\n"), &settings);
    assert_int_equal(reading.end, CALL_FILE_FAILED);
    assert_true(str_starts_with(problem_detail(&reading.problem), STR("--map: ")));
}

static void a_header_says_where_asterisks_columns_are(void **state)
{
    struct call_file_settings settings = settings_of("did=agent");
    struct str text =
        STR("calldate,clid,src,dst,duration,billsec,disposition,accountcode,uniqueid,did\n"
            "2026-03-10 08:12:40,Bob,1001,2002,65,60,ANSWERED,acme,1732435965.1,777\n"
            "calldate,clid,src,dst,duration,billsec,disposition,accountcode,uniqueid,did\n"
            "2026-03-10 08:12:41,Bob,1001,2002,65,60,ANSWERED,acme,1732435965.2,778\n");
    struct reading reading = read_with(*state, "asterisk-csv", text, &settings);

    assert_int_equal(reading.n, 4);
    assert_true(reading.lines[0].is_header && reading.lines[2].is_header);
    assert_str(good(&reading, 1)->id, "1732435965.1");
    assert_int_equal(good(&reading, 1)->duration_seconds, 60);
    assert_true(good(&reading, 1)->ended_at == INSTANT_NONE);
    assert_str(good(&reading, 3)->agent, "778");
}

static void messy_lines_are_read_or_refused_alone(void **state)
{
    struct reading reading =
        read_asterisk(*state,
                      STR("\xEF\xBB\xBF" QUOTED ",\"1732435965.1\"\r\n"
                          "\r\n"
                          "   \n"
                          "junk\n" QUOTED ",\"1732435965.2\",\"never closed\n" QUOTED
                          ",\"1732435965.3\",\"two\nlines\"\n" QUOTED ",\"1732435965.4\",\"\""));

    static const struct {
        int64_t number;
        const char *id;
    } lines[] = {
        { 1, "1732435965.1" }, { 4, NULL },           { 5, NULL },
        { 6, "1732435965.3" }, { 8, "1732435965.4" },
    };
    assert_int_equal(reading.n, COUNT_OF(lines));
    assert_int_equal(reading.end, CALL_FILE_END);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_int_equal(reading.lines[i].number, lines[i].number);
        assert_int_equal(reading.lines[i].is_bad, lines[i].id == NULL);
        if (lines[i].id != NULL) assert_str(good(&reading, i)->id, lines[i].id);
    }
    assert_str(reading.lines[1].text, "junk");
    assert_true(str_ends_with(reading.lines[2].text, STR("\"never closed")));
    assert_true(str_ends_with(reading.lines[3].text, STR("\"two\nlines\"")));
}

static void a_line_of_any_length_stops_nothing(void **state)
{
    struct buffer text = buffer_new(*state, 0);

    buffer_add(&text, str_repeat(*state, STR("x"), 300000));
    buffer_add(&text, STR("\n" QUOTED ",\"1732435965.1\"\n"));
    struct reading reading = read_asterisk(*state, buffer_str(&text));

    assert_int_equal(reading.n, 2);
    assert_bad(&reading, 0, REASON_TOO_LONG, "");
    assert_true(reading.lines[0].text.len < 300000);
    assert_int_equal(reading.lines[1].number, 2);
    assert_str(good(&reading, 1)->id, "1732435965.1");
}

static void a_last_line_that_is_still_being_written_is_left_for_later(void **state)
{
    struct reading cut = read_asterisk(*state, STR(QUOTED ",\"1732435965.1\",\"\"\n" QUOTED));
    struct reading whole = read_asterisk(
        *state, STR(QUOTED ",\"1732435965.1\",\"\"\n" QUOTED ",\"1732435965.2\",\"\""));
    struct reading alone = read_asterisk(*state, STR(QUOTED));
    struct reading named =
        read_twilio(*state,
                    STR("Sid,Start Time,Direction,From,Duration,Status,Answered By\n"
                        "CA1,2026-03-10T08:12:45Z,inbound,a,5,completed"));

    good(&cut, 0);
    assert_bad(&cut, 1, REASON_INVALID, "");
    assert_str(good(&whole, 1)->id, "1732435965.2");
    good(&alone, 0);
    assert_bad(&named, 1, REASON_INVALID, "");
}

static void files_that_are_no_text_are_told(void **state)
{
    static const struct {
        struct str start;
        const char *word;
    } rows[] = {
        { { "\x1F\x8B\x08", 3 }, "zcat" },
        { { "PK\x03\x04", 4 }, "ZIP" },
        { { "\xFF\xFE\x22\x00", 4 }, "iconv" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading = read_asterisk(*state, rows[i].start);
        assert_int_equal(reading.end, CALL_FILE_FAILED);
        assert_non_null(strstr(str_to_c(*state, problem_detail(&reading.problem)), rows[i].word));
    }
}

/* Calls around the hour that comes twice in Berlin: 02:00 to 03:00 on 2025-10-26. */
static void the_duration_says_which_of_two_hours_was_meant(void **state)
{
    static const struct {
        const char *start, *answer, *end;
        int duration;
        const char *started, *answered, *ended;
    } rows[] = {
        /* Over the moment when clocks are set back. */
        { "02:59:30", "02:59:40", "02:00:30", 60, "2025-10-26T00:59:30Z", "2025-10-26T00:59:40Z",
          "2025-10-26T01:00:30Z" },
        /* The answer comes after it. */
        { "02:59:30", "02:00:10", "02:00:30", 60, "2025-10-26T00:59:30Z", "2025-10-26T01:00:10Z",
          "2025-10-26T01:00:30Z" },
        /* Begun in the second hour, as the end tells. */
        { "02:30:00", "02:30:10", "03:10:00", 2400, "2025-10-26T01:30:00Z", "2025-10-26T01:30:10Z",
          "2025-10-26T02:10:00Z" },
        /* Begun in the first. */
        { "02:30:00", "02:30:10", "03:10:00", 6000, "2025-10-26T00:30:00Z", "2025-10-26T00:30:10Z",
          "2025-10-26T02:10:00Z" },
        /* Nobody can tell: the first. */
        { "02:30:00", "02:30:10", "02:31:00", 60, "2025-10-26T00:30:00Z", "2025-10-26T00:30:10Z",
          "2025-10-26T00:31:00Z" },
    };
    struct call_file_settings settings = settings_of(NULL);

    settings.zone = zone_find(STR("Europe/Berlin"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str line = str_format(
            *state,
            "acme,1,2,c,,,,,,2025-10-26 %s,2025-10-26 %s,2025-10-26 %s,%d,20,8,3,1732435965.1\n",
            rows[i].start, rows[i].answer, rows[i].end, rows[i].duration);
        struct reading reading = read_with(*state, "asterisk-csv", line, &settings);
        const struct call_record *call = good(&reading, 0);
        assert_row(call->started_at == utc(rows[i].started), rows[i].started);
        assert_row(call->answered_at == utc(rows[i].answered), rows[i].answered);
        assert_row(call->ended_at == utc(rows[i].ended), rows[i].ended);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_cdr_csv_becomes_a_call),
        cmocka_unit_test(both_quoting_styles_are_the_same_call),
        cmocka_unit_test(the_optional_columns_are_told_by_their_number),
        cmocka_unit_test(a_line_without_a_uniqueid_is_known_by_its_values),
        cmocka_unit_test(legs_of_a_uniqueid_are_told_apart_when_asked_for),
        cmocka_unit_test(dispositions_are_read_in_any_spelling),
        cmocka_unit_test(the_context_says_the_direction),
        cmocka_unit_test(the_voicemail_answers_as_such),
        cmocka_unit_test(what_must_be_exact_is_refused_by_its_field),
        cmocka_unit_test(what_describes_the_call_is_made_to_fit),
        cmocka_unit_test(a_uniqueid_that_is_too_long_is_refused),
        cmocka_unit_test(a_column_may_be_mapped_by_name_or_number),
        cmocka_unit_test(the_first_mapped_column_that_is_not_empty_counts),
        cmocka_unit_test(tier_direction_and_texts_come_from_mapped_columns),
        cmocka_unit_test(settings_say_what_the_lines_do_not),
        cmocka_unit_test(a_map_that_means_nothing_is_refused),
        cmocka_unit_test(a_header_says_where_asterisks_columns_are),
        cmocka_unit_test(messy_lines_are_read_or_refused_alone),
        cmocka_unit_test(a_line_of_any_length_stops_nothing),
        cmocka_unit_test(a_last_line_that_is_still_being_written_is_left_for_later),
        cmocka_unit_test(files_that_are_no_text_are_told),
        cmocka_unit_test(the_duration_says_which_of_two_hours_was_meant),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
