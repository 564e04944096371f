#include "domain/mapping.h"

#include "domain/mapping_values.h"

#include <assert.h>

const char *const mapping_field_names[] = {
    "id",
    "source",
    "subaccount",
    "tier",
    "direction",
    "status",
    "started_at",
    "answered_at",
    "ended_at",
    "duration_seconds",
    "reservation",
    "agent",
    "project",
    "campaign",
    "contact",
    "from",
    "to",
    "outcome",
    "sentiment",
    "summary",
    "recording_url",
    "key",
    NULL,
};

const char *const mapping_form_names[] = {
    "text",
    "seconds",
    "milliseconds",
    "minutes",
    "time",
    "epoch_seconds",
    "epoch_milliseconds",
    "mail_time",
    "local_time",
    NULL,
};

const char *const mapping_outcome_names[] = { "call", "ignored", "faulty", NULL };

/* clang-format off */
static const struct field word_fields[] = {
    FIELD_TEXT(struct mapping_word, from, .max = MAPPING_TEXT_MAX, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct mapping_word, to, .max = MAPPING_TEXT_MAX, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field condition_fields[] = {
    FIELD_TEXT(struct mapping_condition, at, .max = MAPPING_TEXT_MAX, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct mapping_condition, is, .max = MAPPING_TEXT_MAX, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field rule_fields[] = {
    FIELD_NAME(struct mapping_rule, field, mapping_field_names, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct mapping_rule, at, .max = MAPPING_TEXT_MAX, .flags = FIELD_NULLABLE | FIELD_OMIT_NULL),
    FIELD_TEXT(struct mapping_rule, value, .max = MAPPING_TEXT_MAX, .flags = FIELD_NULLABLE | FIELD_OMIT_NULL),
    FIELD_NAME(struct mapping_rule, as, mapping_form_names, .flags = FIELD_NULLABLE | FIELD_OMIT_NULL),
    FIELD_LIST(struct mapping_rule, words, word_fields, struct mapping_word, .max = MAPPING_WORDS_MAX),
    FIELD_TEXT(struct mapping_rule, otherwise, .max = MAPPING_TEXT_MAX, .flags = FIELD_NULLABLE | FIELD_OMIT_NULL),
    FIELD_END,
};

const struct field mapping_fields[] = {
    FIELD_LIST(struct mapping, when, condition_fields, struct mapping_condition, .max = MAPPING_CONDITIONS_MAX),
    FIELD_LIST(struct mapping, rules, rule_fields, struct mapping_rule, .min = 1, .max = MAPPING_RULES_MAX,
               .flags = FIELD_REQUIRED),
    FIELD_END,
};
/* clang-format on */

/* --- whether it makes sense --- */

enum kind_of_value { VALUE_TEXT, VALUE_LENGTH, VALUE_INSTANT };

static enum kind_of_value kind_of_field(int field)
{
    switch (field) {
    case MAP_DURATION: return VALUE_LENGTH;
    case MAP_STARTED_AT:
    case MAP_ANSWERED_AT:
    case MAP_ENDED_AT: return VALUE_INSTANT;
    default: return VALUE_TEXT;
    }
}

static enum kind_of_value kind_of_form(int form)
{
    if (form >= FORM_SECONDS && form <= FORM_MINUTES) return VALUE_LENGTH;
    return form >= FORM_TIME ? VALUE_INSTANT : VALUE_TEXT;
}

static enum mapping_form form_of(const struct mapping_rule *rule)
{
    static const enum mapping_form usual[] = { FORM_TEXT, FORM_SECONDS, FORM_TIME };

    return rule->as >= 0 ? (enum mapping_form)rule->as : usual[kind_of_field(rule->field)];
}

static bool refuse(struct problem *problem, const char *list, size_t i, const char *member,
                   enum reason reason, const char *sentence)
{
    return fail_field(problem, reason, str_format(problem->arena, "%s.%zu.%s", list, i, member),
                      "%s", sentence);
}

static bool check_pointer(struct problem *problem, const char *list, size_t i, struct str at)
{
    return (at.len > 0 && pointer_is_valid(at))
        || refuse(problem, list, i, "at", REASON_BAD_POINTER, reason_sentence(REASON_BAD_POINTER));
}

static bool check_rule(struct problem *problem, size_t i, const struct mapping_rule *rule)
{
    bool has_place = !str_is_absent(rule->at), has_value = !str_is_absent(rule->value);

    if (has_place && has_value)
        return refuse(problem, "rules", i, "value", REASON_EXCLUSIVE_FIELDS,
                      "A value is either found in the payload or always the same.");
    if (!has_place && !has_value)
        return refuse(problem, "rules", i, "at", REASON_REQUIRED,
                      "Say where the value stands in the payload, or what it always is.");
    if (has_place && !check_pointer(problem, "rules", i, rule->at)) return false;
    return rule->as < 0 || kind_of_form(rule->as) == kind_of_field(rule->field)
        || refuse(problem, "rules", i, "as", REASON_NOT_ALLOWED_VALUE,
                  "This field has no values of this form.");
}

bool mapping_check(const struct mapping *mapping, struct problem *problem)
{
    const struct mapping_condition *when = mapping->when.at;
    const struct mapping_rule *rules = mapping->rules.at;
    bool is_fine = true;

    for (size_t i = 0; i < mapping->when.count; i++)
        is_fine = check_pointer(problem, "when", i, when[i].at) && is_fine;
    for (size_t i = 0; i < mapping->rules.count; i++)
        is_fine = check_rule(problem, i, &rules[i]) && is_fine;
    return is_fine;
}

/* --- what it makes of a payload --- */

struct applying {
    const struct mapping *mapping;
    struct arena *arena;
    const struct mapping_defaults *defaults;
    const struct cJSON *payload;
    struct problem *problem;
    struct mapped_call *out;
    bool found[MAP_RECORD_FIELDS];
    bool is_fine;
};

static struct str text_at(const struct applying *a, struct str pointer)
{
    return json_scalar(a->arena, pointer_find(a->arena, a->payload, pointer));
}

/* Of the conditions on each place one holds. */
static bool is_meant(const struct applying *a)
{
    const struct mapping_condition *when = a->mapping->when.at;

    for (size_t i = 0; i < a->mapping->when.count; i++) {
        struct str text = text_at(a, when[i].at);
        bool holds = false;
        for (size_t j = 0; j < a->mapping->when.count; j++)
            holds = holds
                || (str_equal(when[j].at, when[i].at) && !str_is_absent(text)
                    && str_equal(when[j].is, text));
        if (!holds) return false;
    }
    return true;
}

static struct str value_of(const struct applying *a, const struct mapping_rule *rule)
{
    const struct mapping_word *words = rule->words.at;
    struct str text = str_is_absent(rule->at) ? rule->value : text_at(a, rule->at);

    if (str_is_absent(text) || rule->words.count == 0) return text;
    for (size_t i = 0; i < rule->words.count; i++) {
        if (str_equal(words[i].from, text)) return words[i].to;
    }
    return rule->otherwise;
}

static void add_key(struct mapped_call *out, struct str text)
{
    struct str key = str_trim(text);

    if (key.len == 0 || str_code_points(key) > MAPPING_KEY_CHARS || out->n_keys == MAPPING_KEYS_MAX)
        return;
    for (size_t i = 0; i < out->n_keys; i++) {
        if (str_equal(out->keys[i], key)) return;
    }
    out->keys[out->n_keys++] = key;
}

/* What only describes a call is cut; what it is known or found by is not. */
static struct str cut_to_fit(int field, struct str text)
{
    size_t most = (size_t)call_record_fields[field].max;

    if (field < MAP_AGENT || field == MAP_RECORDING_URL || !str_is_text(text)) return text;
    while (str_code_points(text) > most)
        text = str_cut(text, text.len - (str_code_points(text) - most));
    return text;
}

static void fail_value(struct applying *a, int field, enum reason reason)
{
    a->is_fine = false;
    fail_field_as(a->problem, reason, str_from_c(mapping_field_names[field]));
}

static void set_length(struct applying *a, int field, enum mapping_form form, struct str text)
{
    seconds_t seconds;

    if (!form_read_seconds(form, text, &seconds))
        fail_value(a, field, REASON_WRONG_TYPE);
    else if (seconds < 0)
        fail_value(a, field, REASON_TOO_SMALL);
    else if (seconds > CALL_DURATION_MAX)
        fail_value(a, field, REASON_TOO_LARGE);
    else
        a->out->record.duration_seconds = seconds;
}

static void set_instant(struct applying *a, int field, enum mapping_form form, struct str text)
{
    instant_t *at =
        (instant_t *)(void *)((char *)&a->out->record + call_record_fields[field].offset);

    if (!form_read_instant(form, a->defaults->zone, text, at))
        fail_value(a, field, REASON_BAD_TIME);
}

static void set_value(struct applying *a, const struct mapping_rule *rule, struct str text)
{
    int field = rule->field;

    a->found[field] = true;
    switch (kind_of_field(field)) {
    case VALUE_LENGTH: set_length(a, field, form_of(rule), text); break;
    case VALUE_INSTANT: set_instant(a, field, form_of(rule), text); break;
    case VALUE_TEXT:
        if (!field_from_text(&call_record_fields[field], a->arena, cut_to_fit(field, text),
                             a->problem, &a->out->record))
            a->is_fine = false;
        break;
    }
}

/* An empty text is none: forms and CSV have no other way to say so. */
static void take_values(struct applying *a)
{
    const struct mapping_rule *rules = a->mapping->rules.at;

    for (size_t i = 0; i < a->mapping->rules.count; i++) {
        if (rules[i].field != MAP_KEY && a->found[rules[i].field]) continue;
        struct str text = value_of(a, &rules[i]);
        if (str_trim(text).len == 0) continue;
        if (rules[i].field == MAP_KEY)
            add_key(a->out, text);
        else
            set_value(a, &rules[i], text);
    }
}

/* --- what follows from the rest --- */

static bool was_answered(const struct call_record *record)
{
    return record->status != CALL_NO_ANSWER && record->status != CALL_BUSY
        && record->status != CALL_CANCELED;
}

static seconds_t seconds_between(instant_t from, instant_t to)
{
    return to <= from ? 0 : (to - from + MICROS_PER_SECOND - 1) / MICROS_PER_SECOND;
}

static void derive_duration(struct applying *a)
{
    struct call_record *record = &a->out->record;
    instant_t from = record->answered_at != INSTANT_NONE ? record->answered_at : record->started_at;

    if (a->found[MAP_DURATION] || from == INSTANT_NONE || record->ended_at == INSTANT_NONE) return;
    a->found[MAP_DURATION] = true;
    record->duration_seconds = seconds_between(from, record->ended_at);
    if (record->duration_seconds > CALL_DURATION_MAX) fail_value(a, MAP_DURATION, REASON_TOO_LARGE);
}

static void derive_start(struct applying *a)
{
    struct call_record *record = &a->out->record;

    if (a->found[MAP_STARTED_AT]) return;
    if (record->answered_at != INSTANT_NONE)
        record->started_at = record->answered_at;
    else if (record->ended_at != INSTANT_NONE)
        record->started_at = record->ended_at - record->duration_seconds * MICROS_PER_SECOND;
    a->found[MAP_STARTED_AT] = record->started_at != INSTANT_NONE;
}

static void complete(struct applying *a)
{
    struct call_record *record = &a->out->record;

    if (a->found[MAP_STATUS] && !was_answered(record)) {
        record->duration_seconds = 0;
        a->found[MAP_DURATION] = true;
    }
    derive_duration(a);
    derive_start(a);
    if (!a->found[MAP_TIER]) record->tier = a->defaults->tier;
    a->found[MAP_TIER] = true;
    if (!a->found[MAP_SOURCE]) record->source = a->defaults->source;
}

/* Everything but the account, which others may know. */
static void check_required(struct applying *a)
{
    for (int field = 0; field < MAP_RECORD_FIELDS; field++) {
        bool is_required = (call_record_fields[field].flags & FIELD_REQUIRED) != 0;
        if (is_required && field != MAP_SUBACCOUNT && !a->found[field])
            fail_value(a, field, REASON_REQUIRED);
    }
}

enum mapping_outcome mapping_apply(const struct mapping *mapping, struct arena *arena,
                                   const struct mapping_defaults *defaults,
                                   const struct cJSON *payload, struct problem *problem,
                                   struct mapped_call *out)
{
    struct applying a = { .mapping = mapping,
                          .arena = arena,
                          .defaults = defaults,
                          .payload = payload,
                          .problem = problem,
                          .out = out,
                          .is_fine = true };

    *out = (struct mapped_call){ 0 };
    fields_clear(call_record_fields, &out->record);
    if (!is_meant(&a)) return MAPPING_IGNORED;
    take_values(&a);
    complete(&a);
    check_required(&a);
    return a.is_fine && call_record_check(&out->record, defaults->now, STR(""), problem)
        ? MAPPING_CALL
        : MAPPING_FAULTY;
}
