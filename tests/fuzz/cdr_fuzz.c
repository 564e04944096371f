/* Files of call records in all formats: whatever the bytes, each line is a record that makes sense or says why it makes
   none, every line is told once, and nothing is read beyond the file. The first byte chooses format and settings. */
#include "integrations/call_file.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (INT64_C(1795000000) * MICROS_PER_SECOND)

static const char *const formats[] = { "asterisk-csv", "twilio-csv", "minutebank-ndjson" };
static const char *const maps[] = { NULL, "2=subaccount,userfield=tier", "from=subaccount",
                                    "clid=contact,dcontext=direction,nobody=agent" };

static struct call_file_settings settings_of(unsigned choice)
{
    return (struct call_file_settings){
        .zone = zone_find((choice & 1) != 0 ? STR("America/New_York") : STR("UTC")),
        .map = str_from_c(maps[choice / 2 % COUNT_OF(maps)]),
        .source = (choice & 8) != 0 ? STR("pbx") : STR_NONE,
        .subaccount = (choice & 16) != 0 ? STR("acme") : STR_NONE,
        .inbound_contexts = STR("from-trunk*"),
        .tier = TIER_PREMIUM,
        .direction = (choice & 32) != 0 ? CALL_INBOUND : -1,
        .separate_legs = (choice & 4) != 0,
    };
}

/* Fits a field's limits, as the API would have it. */
static void check_text(struct str text, size_t max)
{
    assert(str_is_absent(text) || (str_is_text(text) && str_code_points(text) <= max));
}

static void check_record(struct arena *arena, const struct call_record *record)
{
    struct problem problem;
    struct buffer json = buffer_new(arena, 512);
    const struct cJSON *tree = NULL;
    struct call_record again;

    problem_init(&problem, arena);
    assert(call_record_check(record, NOW, STR(""), &problem));
    check_text(record->id, 128);
    check_text(record->from, 64);
    check_text(record->contact, 120);
    /* What goes to a server arrives as it is. */
    fields_to_json(call_record_fields, record, &json);
    assert(json_parse(arena, buffer_str(&json), &problem, &tree));
    assert(fields_from_json(call_record_fields, FIELDS_CLOSED, arena, tree, STR(""), &problem,
                            &again, NULL));
    assert(str_equal(again.id, record->id));
    assert(call_record_fingerprint(&again, 1) == call_record_fingerprint(record, 1));
}

static void check_line(struct arena *arena, const struct call_line *line, int64_t *last_number)
{
    assert(line->number > *last_number);
    *last_number = line->number;
    assert(line->text.len > 0);
    if (line->is_bad)
        assert(line->reason != REASON_NONE && line->detail.len > 0);
    else if (!line->is_header)
        check_record(arena, &line->record);
}

static void read_all(struct call_file *file, struct arena *arena, size_t size,
                     struct problem *problem)
{
    int64_t last_number = 0;

    for (;;) {
        struct call_line line;
        struct arena_mark mark = arena_mark(arena);
        enum call_file_found found = call_file_next(file, arena, NOW, &line, problem);
        assert(call_file_bytes(file) <= (int64_t)size);
        if (found != CALL_FILE_LINE) {
            assert(found == CALL_FILE_END || problem_is_set(problem));
            assert(found != CALL_FILE_END || call_file_bytes(file) == (int64_t)size);
            return;
        }
        check_line(arena, &line, &last_number);
        arena_rewind(arena, mark);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct arena *arena = arena_new(64 * 1024);
    struct call_file_settings settings = settings_of(data[0] >> 2);
    struct str format = str_from_c(formats[(data[0] & 3) % COUNT_OF(formats)]);
    struct problem problem;
    FILE *in = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "r");

    assert(in != NULL);
    problem_init(&problem, arena);
    struct call_file *file = call_file_open(in, call_format_find(format), &settings, &problem);
    assert((file == NULL) == problem_is_set(&problem));
    if (file != NULL) {
        read_all(file, arena, size - 1, &problem);
        call_file_close(file);
    }
    fclose(in);
    arena_free(arena);
    return 0;
}
