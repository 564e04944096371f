#include "base/config.h"

#include <assert.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 64, VARIABLE_MAX = 128 };

/* Where a value came from; a later source never overrides an earlier one. */
struct reading {
    const struct option *options;
    const struct option *const *all_known;
    struct arena *arena;
    struct problem *problem;
    char *out;
    bool given[OPTIONS_MAX];
};

static const struct option *find_option(const struct option *options, struct str name,
                                        size_t *index)
{
    for (size_t i = 0; options[i].name != NULL; i++) {
        if (str_equal_c(name, options[i].name)) {
            if (index != NULL) *index = i;
            return &options[i];
        }
    }
    return NULL;
}

static bool set_integer(struct reading *reading, const struct option *option, struct str value,
                        const char *source)
{
    int64_t number;

    if (!str_to_int64(value, &number))
        return fail(reading->problem, REASON_BAD_REQUEST, NULL, "%s: this must be a whole number",
                    source);
    if ((option->min != 0 || option->max != 0) && (number < option->min || number > option->max))
        return fail(reading->problem, REASON_BAD_REQUEST, NULL,
                    "%s: this must be between %lld and %lld", source, (long long)option->min,
                    (long long)option->max);
    *(int64_t *)(void *)(reading->out + option->offset) = number;
    return true;
}

static bool set_switch(struct reading *reading, const struct option *option, struct str value,
                       const char *source)
{
    bool on = str_equal_c(value, "true") || str_equal_c(value, "1") || str_equal_c(value, "yes");
    bool off = str_equal_c(value, "false") || str_equal_c(value, "0") || str_equal_c(value, "no");

    *(bool *)(reading->out + option->offset) = on;
    return on || off
        || fail(reading->problem, REASON_BAD_REQUEST, NULL, "%s: this must be true or false",
                source);
}

/* `source` names the option as its giver knows it: --listen, MINUTEBANK_LISTEN, listen. */
static bool set_value(struct reading *reading, size_t index, struct str value, const char *source)
{
    const struct option *option = &reading->options[index];

    if (reading->given[index]) return true;
    reading->given[index] = true;
    if (!str_is_text(value))
        return fail(reading->problem, REASON_BAD_REQUEST, NULL, "%s: this is not valid text",
                    source);
    if (option->type == OPTION_INTEGER) return set_integer(reading, option, value, source);
    if (option->type == OPTION_SWITCH) return set_switch(reading, option, value, source);
    *(struct str *)(void *)(reading->out + option->offset) = str_copy(reading->arena, value);
    return true;
}

/* An option of the command line; the given ones are those before it. */
static bool set_option(struct reading *reading, size_t index, struct str value)
{
    struct str name = str_format(reading->arena, "--%s", reading->options[index].name);

    if (reading->given[index])
        return fail(reading->problem, REASON_BAD_REQUEST, NULL, "%.*s is given twice",
                    STR_ARG(name));
    return set_value(reading, index, value, str_to_c(reading->arena, name));
}

/* One --option, and its value from "=…" or the next argument; *at moves past what was taken. */
static bool read_option(struct reading *reading, int argc, char *const *argv, int *at,
                        struct str *config)
{
    struct str rest = str_from_c(argv[*at] + 2), name = STR_NONE;
    bool is_config, has_value = str_contains_byte(rest, '=');
    size_t index = 0;

    str_split(&rest, '=', &name);
    is_config = str_equal_c(name, "config");
    const struct option *option = find_option(reading->options, name, &index);
    if (option == NULL && !is_config)
        return fail(reading->problem, REASON_BAD_REQUEST, NULL, "there is no option --%.*s",
                    STR_ARG(name));
    (*at)++;
    if (option != NULL && option->type == OPTION_SWITCH && !has_value)
        return set_option(reading, index, STR("true"));
    if (!has_value) {
        if (*at >= argc)
            return fail(reading->problem, REASON_BAD_REQUEST, NULL, "--%.*s needs a value",
                        STR_ARG(name));
        rest = str_from_c(argv[(*at)++]);
    }
    if (is_config) {
        *config = rest;
        return true;
    }
    return set_option(reading, index, rest);
}

/* "public-url" as MINUTEBANK_PUBLIC_URL, or as public_url in the file. */
static void spell(const char *name, bool upper, char *out, size_t size)
{
    size_t len = (size_t)snprintf(out, size, "%s%s", upper ? "MINUTEBANK_" : "", name);

    for (size_t i = 0; i < len && i + 1 < size; i++) {
        if (out[i] == '-')
            out[i] = '_';
        else if (upper && out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - ('a' - 'A'));
    }
}

static bool read_environment(struct reading *reading)
{
    char variable[VARIABLE_MAX];

    for (size_t i = 0; reading->options[i].name != NULL; i++) {
        spell(reading->options[i].name, true, variable, sizeof(variable));
        const char *value = getenv(variable); /* NOLINT(concurrency-mt-unsafe): before any thread */
        if (value != NULL && !set_value(reading, i, str_from_c(value), variable)) return false;
    }
    return true;
}

static bool known_elsewhere(const struct reading *reading, const char *key)
{
    char name[VARIABLE_MAX];

    for (size_t t = 0; reading->all_known != NULL && reading->all_known[t] != NULL; t++) {
        for (size_t i = 0; reading->all_known[t][i].name != NULL; i++) {
            spell(reading->all_known[t][i].name, false, name, sizeof(name));
            if (strcmp(name, key) == 0) return true;
        }
    }
    return false;
}

/* inih's handler: 1 goes on, 0 stops. */
static int take_setting(void *context, const char *section, const char *key, const char *value)
{
    struct reading *reading = context;
    char name[VARIABLE_MAX];

    (void)section;
    for (size_t i = 0; reading->options[i].name != NULL; i++) {
        spell(reading->options[i].name, false, name, sizeof(name));
        if (strcmp(name, key) == 0) return set_value(reading, i, str_from_c(value), key);
    }
    if (known_elsewhere(reading, key)) return 1;
    fail(reading->problem, REASON_BAD_REQUEST, NULL,
         "the configuration file has an unknown setting \"%s\"", key);
    return 0;
}

static bool read_file(struct reading *reading, struct str path)
{
    int line = ini_parse(str_to_c(reading->arena, path), take_setting, reading);

    if (line == 0) return true;
    if (line < 0)
        return fail(reading->problem, REASON_BAD_REQUEST, NULL, "%.*s cannot be read",
                    STR_ARG(path));
    return fail(reading->problem, REASON_BAD_REQUEST, NULL, "%.*s: line %d cannot be understood",
                STR_ARG(path), line);
}

static bool read_defaults(struct reading *reading)
{
    for (size_t i = 0; reading->options[i].name != NULL; i++) {
        const struct option *option = &reading->options[i];

        if (option->default_text != NULL
            && !set_value(reading, i, str_from_c(option->default_text), option->name))
            return false;
    }
    return true;
}

/* Options to their places, the rest to `positionals`. */
static bool read_arguments(struct reading *reading, int argc, char *const *argv, struct str *config,
                           struct positionals *positionals)
{
    int at = 0;

    positionals->n = 0;
    while (at < argc) {
        if (strncmp(argv[at], "--", 2) == 0) {
            if (!read_option(reading, argc, argv, &at, config)) return false;
        } else if (positionals->n < positionals->max) {
            positionals->at[positionals->n++] = str_from_c(argv[at++]);
        } else {
            return fail(reading->problem, REASON_BAD_REQUEST, NULL,
                        "there is one argument too many: %s", argv[at]);
        }
    }
    return true;
}

/* What no source gives is absent, 0 or false. */
static void clear_all(struct reading *reading)
{
    size_t count = 0;

    for (const struct option *option = reading->options; option->name != NULL; option++, count++) {
        void *at = reading->out + option->offset;

        if (option->type == OPTION_TEXT) *(struct str *)at = STR_NONE;
        if (option->type == OPTION_INTEGER) *(int64_t *)at = 0;
        if (option->type == OPTION_SWITCH) *(bool *)at = false;
    }
    assert(count <= OPTIONS_MAX);
}

bool options_read(const struct option *options, const struct option *const *all_known,
                  struct arena *arena, int argc, char *const *argv, struct problem *problem,
                  void *out, struct positionals *positionals)
{
    struct reading reading = { options, all_known, arena, problem, out, { false } };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread */
    struct str config = str_from_c(getenv("MINUTEBANK_CONFIG"));

    clear_all(&reading);
    return read_arguments(&reading, argc, argv, &config, positionals) && read_environment(&reading)
        && (config.len == 0 || read_file(&reading, config)) && read_defaults(&reading);
}

void options_print(const struct option *options)
{
    char left[VARIABLE_MAX];

    for (; options->name != NULL; options++) {
        snprintf(left, sizeof(left), "--%s %s", options->name,
                 options->placeholder != NULL ? options->placeholder : "");
        printf("  %-30s %s", left, options->help);
        if (options->default_text != NULL) printf(" (default: %s)", options->default_text);
        printf("\n");
    }
    printf("  %-30s %s\n", "--config FILE", "an INI file with settings");
}
