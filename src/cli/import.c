/* minutebank import calls: files of call records into a store or a running server, each line charged once however often
   it is imported. */
#include "cli/import.h"

#include "base/time.h"
#include "integrations/call_file.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

enum {
    BATCH_ARENA_BYTES = 1024 * 1024,
    BATCH_TEXT_BYTES_MAX = 2 * 1024 * 1024, /* of lines in one batch: servers take bodies of 8 MB */
};

/* clang-format off */
#define TEXT(option_name, member, ...) \
    {.name = (option_name), .type = OPTION_TEXT, .offset = offsetof(struct import_settings, member), __VA_ARGS__}

static const struct option import_options[] = {
    TEXT("format", format, .placeholder = "FORMAT", .help = "asterisk-csv, twilio-csv or minutebank-ndjson"),
    TEXT("map", map, .placeholder = "COLUMN=FIELD,…",
         .help = "which column (name, or number from 1) says which field of the call"),
    TEXT("subaccount", subaccount, .placeholder = "ID|REFERENCE",
         .help = "whose calls they are where no column says so"),
    TEXT("tier", tier, .placeholder = "TIER", .help = "basic or premium, where no column says it (default: premium)"),
    TEXT("direction", direction, .placeholder = "DIRECTION", .help = "inbound or outbound, for all calls of the file"),
    TEXT("inbound-contexts", inbound_contexts, .placeholder = "CONTEXTS",
         .default_text = "from-trunk*,from-pstn*,from-did*,ext-did*,inbound*,incoming*",
         .help = "asterisk-csv: dcontexts whose calls are inbound, all others are outbound"),
    TEXT("timezone", timezone, .placeholder = "ZONE",
         .help = "the zone of times that name none (default: the agency's)"),
    TEXT("source", source, .placeholder = "NAME",
         .help = "what the call ids are unique in (default: asterisk, twilio; in NDJSON as each record says)"),
    {.name = "separate-legs", .type = OPTION_SWITCH, .offset = offsetof(struct import_settings, separate_legs),
     .help = "asterisk-csv without a sequence column: lines that share a uniqueid are calls of their own"},
    {.name = "dry-run", .type = OPTION_SWITCH, .offset = offsetof(struct import_settings, dry_run),
     .help = "change nothing, and tell what would happen"},
    TEXT("rejected", rejected, .placeholder = "FILE",
         .help = "where refused lines go (default: the file's name and .rejected)"),
    {.name = "batch", .type = OPTION_INTEGER, .offset = offsetof(struct import_settings, batch),
     .default_text = "1000", .min = 1, .max = 10000, .placeholder = "N", .help = "lines in one transaction or request"},
    TEXT("url", url, .placeholder = "URL", .help = "import through the server at this address instead of --store"),
    TEXT("key-file", key_file, .placeholder = "FILE", .help = "holds the API key for --url (scope calls:write)"),
    TEXT("key", key, .placeholder = "KEY",
         .help = "the key itself; better in a file or in MINUTEBANK_KEY, as others can see a command line"),
    TEXT("agency", agency, .placeholder = "ID", .help = "which one, in a store of several"),
    COMMON_OPTIONS,
    OPTION_END,
};

#undef TEXT
/* clang-format on */

static volatile sig_atomic_t stopped;

static void note_signal(int number)
{
    (void)number;
    stopped = 1;
}

bool import_is_stopped(void)
{
    return stopped != 0;
}

/* The first signal ends it after the batch under way, the second at once. Reads in progress are interrupted. */
static void watch_signals(void)
{
    struct sigaction action = { .sa_handler = note_signal };

    action.sa_flags = (int)SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* One run of the command. */
struct import {
    struct command_run *run;
    const struct import_settings *settings;
    const struct call_format *format;
    struct call_file_settings file_settings;
    FILE *in;
    struct call_file *file;
    struct import_sink *sink;
    struct import_rejected rejected;
    struct import_seen *seen; /* of a dry run */
    struct import_batch batch;
    struct import_totals totals;
    struct import_progress progress;
};

/* What a file of whole records says itself. */
static bool check_columns_only(struct command_run *run, const struct import_settings *settings)
{
    const struct {
        const char *option;
        bool is_given;
    } options[] = {
        { "--map", !str_is_absent(settings->map) },
        { "--subaccount", !str_is_absent(settings->subaccount) },
        { "--tier", !str_is_absent(settings->tier) },
        { "--direction", !str_is_absent(settings->direction) },
        { "--timezone", !str_is_absent(settings->timezone) },
        { "--separate-legs", settings->separate_legs },
    };

    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (options[i].is_given)
            return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                        "%s is for formats with columns: the records of %.*s say it themselves",
                        options[i].option, STR_ARG(settings->format));
    }
    return true;
}

static bool read_choice(struct command_run *run, const char *option, struct str given,
                        names_t names, int otherwise, int *out)
{
    *out = str_is_absent(given) ? otherwise : name_index(names, given);
    if (*out >= 0 || str_is_absent(given)) return true;
    return fail(&run->problem, REASON_BAD_REQUEST, NULL, "%s is %s or %s", option, names[0],
                names[1]);
}

static bool check_settings(struct import *import)
{
    struct command_run *run = import->run;
    const struct import_settings *settings = import->settings;
    struct call_file_settings *file = &import->file_settings;

    if (!str_equal_c(run->positional[0], "calls"))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "only calls can be imported: minutebank import calls FILE");
    import->format = call_format_find(settings->format);
    if (import->format == NULL)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--format is one of %.*s",
                    STR_ARG(call_format_names(run->arena)));
    if (!call_format_has_columns(import->format) && !check_columns_only(run, settings))
        return false;
    *file = (struct call_file_settings){
        .map = settings->map,
        .source = settings->source,
        .subaccount = settings->subaccount,
        .inbound_contexts = settings->inbound_contexts,
        .separate_legs = settings->separate_legs,
    };
    if (!str_is_absent(settings->url) && !str_is_absent(settings->agency))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--agency is for --store: a server's key belongs to one agency");
    if (!str_is_absent(settings->timezone)) {
        file->zone = zone_find(settings->timezone);
        if (file->zone == NULL)
            return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--timezone: %s",
                        reason_sentence(REASON_BAD_TIMEZONE));
    }
    return read_choice(run, "--tier", settings->tier, tier_names, TIER_PREMIUM, &file->tier)
        && read_choice(run, "--direction", settings->direction, call_direction_names, -1,
                       &file->direction);
}

static bool open_input(struct import *import)
{
    struct command_run *run = import->run;
    struct str name = run->positional[1];

    import->in = str_equal_c(name, "-") ? stdin : fopen(str_to_c(run->arena, name), "re");
    if (import->in != NULL) return true;
    return fail(&run->problem, REASON_BAD_REQUEST, NULL, "%.*s cannot be opened: %s", STR_ARG(name),
                strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread imports */
}

static struct str rejected_name(const struct import *import)
{
    struct str name = import->run->positional[1];

    if (!str_is_absent(import->settings->rejected)) return import->settings->rejected;
    if (str_equal_c(name, "-")) return STR("stdin.rejected");
    return str_format(import->run->arena, "%.*s.rejected", STR_ARG(name));
}

/* The file itself must not be written over. */
static bool check_rejected(struct import *import, struct str path)
{
    struct command_run *run = import->run;
    struct stat in, out;

    if (fstat(fileno(import->in), &in) == 0 && stat(str_to_c(run->arena, path), &out) == 0
        && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--rejected: this is the file to import itself");
    return true;
}

/* Times without a zone have no meaning before it is known. */
static bool settle_zone(struct import *import)
{
    struct call_file_settings *file = &import->file_settings;

    if (file->zone == NULL) file->zone = import->sink->agency_zone;
    if (file->zone != NULL || !call_format_has_columns(import->format)) return true;
    return fail(&import->run->problem, REASON_BAD_REQUEST, NULL,
                "the agency's time zone cannot be read with this key: say it with --timezone ZONE");
}

/* An exit code. */
static int start(struct import *import)
{
    struct command_run *run = import->run;
    struct str rejected = rejected_name(import);

    if (!open_input(import)) return EXIT_FAILED;
    if (!check_rejected(import, rejected)) return EXIT_USAGE;
    import->file =
        call_file_open(import->in, import->format, &import->file_settings, &run->problem);
    if (import->file == NULL) return EXIT_USAGE;
    import->sink =
        str_is_absent(import->settings->url) ? import_into_store(run) : import_into_server(run);
    if (import->sink == NULL || !settle_zone(import)
        || !import_rejected_begin(&import->rejected, rejected, run->arena, &run->problem))
        return EXIT_FAILED;
    if (import->settings->dry_run) import->seen = import_seen_new();
    import->totals.arena = run->arena;
    import->batch.arena = arena_new(BATCH_ARENA_BYTES);
    import_progress_begin(&import->progress, import->in);
    return EXIT_FINE;
}

static void finish(struct import *import)
{
    if (import->batch.arena != NULL) arena_free(import->batch.arena);
    import_seen_free(import->seen);
    if (import->sink != NULL) import->sink->kind->close(import->sink);
    if (import->file != NULL) call_file_close(import->file);
    if (import->in != NULL && import->in != stdin) fclose(import->in);
}

static void add_line(struct import_batch *batch, const struct call_line *from)
{
    struct import_line *line = &batch->at[batch->n++];

    *line = (struct import_line){ .number = from->number,
                                  .text = from->text,
                                  .submission.record = from->record,
                                  .code = STR_NONE,
                                  .field = from->field,
                                  .detail = from->detail };
    if (from->is_bad) {
        line->code = str_from_c(reason_code(from->reason));
        line->submission.outcome = CALL_REJECTED;
    } else {
        batch->order[batch->n_order++] = line;
    }
}

/* The next lines of the file, until the batch is full. */
static enum call_file_found fill(struct import *import)
{
    struct import_batch *batch = &import->batch;
    size_t most = (size_t)import->settings->batch, n_bytes = 0;
    enum call_file_found found = CALL_FILE_LINE;
    instant_t now = clock_now();

    arena_reset(batch->arena);
    batch->at = ARENA_ARRAY(batch->arena, struct import_line, most);
    batch->order = ARENA_ARRAY(batch->arena, struct import_line *, most);
    batch->n = batch->n_order = 0;
    while (batch->n < most && n_bytes < BATCH_TEXT_BYTES_MAX && !import_is_stopped()) {
        struct call_line line;
        found = call_file_next(import->file, batch->arena, now, &line, &import->run->problem);
        if (found != CALL_FILE_LINE) break;
        if (line.is_header) {
            import_rejected_header(&import->rejected, line.number, line.text);
            continue;
        }
        n_bytes += line.text.len;
        add_line(batch, &line);
    }
    return found;
}

/* Who is unknown, in the words of the file: what an operator counts and sets right. */
static void name_unknown(const struct import_batch *batch)
{
    for (size_t i = 0; i < batch->n_order; i++) {
        struct import_line *line = batch->order[i];
        struct str name = line->submission.record.subaccount;
        if (str_equal_c(line->code, reason_code(REASON_UNKNOWN_SUBACCOUNT)))
            line->detail =
                str_format(batch->arena, "There is no sub-account \"%.*s\" here.", STR_ARG(name));
    }
}

/* A dry run's own memory of what came before in the file. */
static void recall(struct import *import)
{
    for (size_t i = 0; import->seen != NULL && i < import->batch.n_order; i++) {
        struct import_line *line = import->batch.order[i];
        struct call_submission *submission = &line->submission;
        if (submission->outcome != CALL_ACCEPTED) continue;
        submission->outcome = import_seen_add(import->seen, &submission->record);
        if (submission->outcome != CALL_CONFLICT) continue;
        line->code = str_from_c(reason_code(REASON_CALL_CONFLICT));
        line->detail = str_from_c(reason_sentence(REASON_CALL_CONFLICT));
    }
}

static bool send_batch(struct import *import)
{
    struct import_batch *batch = &import->batch;

    if (batch->n_order > 0 && !import->sink->kind->send(import->sink, batch, &import->run->problem))
        return false;
    recall(import);
    name_unknown(batch);
    import_rejected_add(&import->rejected, batch);
    import_totals_add(&import->totals, batch);
    import_progress_tell(&import->progress, call_file_bytes(import->file), import->totals.lines);
    return true;
}

/* Batch after batch, until the end, a signal, or a failure: whether the whole file was done. */
static bool import_all(struct import *import)
{
    enum call_file_found found;

    do {
        found = fill(import);
        if (import->batch.n > 0) {
            /* Lines before one that cannot be read are charged all the same. */
            struct problem reading = import->run->problem;
            problem_clear(&import->run->problem);
            if (!send_batch(import)) return false;
            import->run->problem = reading;
        }
    } while (found == CALL_FILE_LINE && !import_is_stopped());
    if (found == CALL_FILE_LINE || found == CALL_FILE_INTERRUPTED)
        fail(&import->run->problem, REASON_BAD_REQUEST, NULL,
             "stopped; import the file again to go on, what is charged already stays as it is");
    return found == CALL_FILE_END;
}

static int tell(struct import *import, bool done)
{
    const struct import_summary summary = {
        .is_dry_run = import->settings->dry_run,
        .knows_billed_seconds = import->sink->knows_billed_seconds,
        .rejected = rejected_name(import),
    };
    struct problem *problem = &import->run->problem;
    const int64_t *outcomes = import->totals.outcomes;

    import_progress_end(&import->progress);
    import->sink->kind->describe(import->sink, import->totals.accounts, import->totals.n_accounts);
    if (!import_rejected_end(&import->rejected, problem)) done = false;
    import_print_summary(&import->totals, &summary);
    if (problem_is_set(problem)) done = false;
    return done && outcomes[CALL_REJECTED] + outcomes[CALL_CONFLICT] == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int import_calls(struct command_run *run)
{
    struct import import = { .run = run, .settings = run->settings };

    if (!check_settings(&import)) return EXIT_USAGE;
    watch_signals();
    int exit_code = start(&import);
    if (exit_code == EXIT_FINE) exit_code = tell(&import, import_all(&import));
    finish(&import);
    return exit_code;
}

const struct command import_command = {
    .name = "import",
    .summary = "charges the calls of a file that another system wrote",
    .usage = "calls FILE --format FORMAT [--map COLUMN=FIELD,…] [--url URL --key-file FILE]",
    .about =
        "FILE may be - for standard input. Every line is charged once, however often the file is imported.\n"
        "Lines that cannot be charged go to FILE.rejected, with their number and the reason, and stop nothing.\n"
        "Exit code: 0 when every line is charged, now or before; 1 when one was refused or the import failed;\n"
        "2 when the command is wrong. See docs/importing.md.",
    .options = import_options,
    .settings_size = sizeof(struct import_settings),
    .n_positional = 2,
    .run = import_calls,
};
