/* What an import did: sums over its lines, and the table that tells them. */
#include "cli/import.h"

#include "base/fibonacci_hash.h"
#include "base/id.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

static size_t slot_of(const struct import_totals *totals, id64_t id)
{
    size_t i = (size_t)(fibonacci_hash((uint64_t)id) >> 32) & (totals->n_slots - 1);

    while (totals->slots[i] != 0 && totals->accounts[totals->slots[i] - 1].id != id)
        i = (i + 1) & (totals->n_slots - 1);
    return i;
}

static void grow(struct import_totals *totals)
{
    size_t capacity = totals->capacity == 0 ? FIRST_CAPACITY : totals->capacity * 2;
    struct import_account *accounts = ARENA_ARRAY(totals->arena, struct import_account, capacity);

    if (totals->n_accounts > 0)
        memcpy(accounts, totals->accounts, totals->n_accounts * sizeof(*accounts));
    totals->accounts = accounts;
    totals->capacity = capacity;
    totals->n_slots = capacity * 2;
    totals->slots = ARENA_ARRAY(totals->arena, uint32_t, totals->n_slots);
    for (size_t i = 0; i < totals->n_accounts; i++)
        totals->slots[slot_of(totals, accounts[i].id)] = (uint32_t)i + 1;
}

static struct import_account *account_of(struct import_totals *totals, id64_t id)
{
    if (totals->n_accounts == totals->capacity) grow(totals);
    size_t slot = slot_of(totals, id);
    if (totals->slots[slot] == 0) {
        totals->accounts[totals->n_accounts] =
            (struct import_account){ .id = id, .name = STR_NONE, .reference = STR_NONE };
        totals->slots[slot] = (uint32_t)++totals->n_accounts;
    }
    return &totals->accounts[totals->slots[slot] - 1];
}

void import_totals_add(struct import_totals *totals, const struct import_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        const struct call_submission *submission = &batch->at[i].submission;
        totals->lines++;
        totals->outcomes[submission->outcome]++;
        if (submission->outcome != CALL_ACCEPTED) continue;
        struct import_account *account = account_of(totals, submission->charged_subaccount);
        account->calls++;
        account->seconds[submission->record.tier] += submission->billed_seconds;
    }
}

static int by_name(const void *a, const void *b)
{
    const struct import_account *x = a, *y = b;
    int order = str_compare(x->name, y->name);

    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

/* Column widths count characters, as terminals show them. */
static void print_cell(struct str text, size_t width)
{
    size_t points = str_code_points(text);

    printf("%.*s", STR_ARG(text));
    for (size_t i = points; i < width + 2; i++)
        putchar(' ');
}

static void print_accounts(struct import_totals *totals, const char *seconds)
{
    struct import_account sum = { 0 };
    size_t name = strlen("sub-account"), reference = strlen("reference");

    qsort(totals->accounts, totals->n_accounts, sizeof(*totals->accounts), by_name);
    for (size_t i = 0; i < totals->n_accounts; i++) {
        const struct import_account *account = &totals->accounts[i];
        size_t name_points = str_code_points(account->name);
        size_t reference_points = str_code_points(account->reference);
        if (name_points > name) name = name_points;
        if (reference_points > reference) reference = reference_points;
    }
    printf("\n");
    print_cell(STR("sub-account"), name);
    print_cell(STR("reference"), reference);
    printf("%-17s  %10s  basic %-7s  premium %-7s\n", "id", "calls", seconds, seconds);
    for (size_t i = 0; i <= totals->n_accounts; i++) {
        bool is_sum = i == totals->n_accounts;
        const struct import_account *account = is_sum ? &sum : &totals->accounts[i];
        struct str id = is_sum ? STR("") : id_format(totals->arena, ID_SUBACCOUNT, account->id);
        print_cell(is_sum ? STR("all") : account->name, name);
        print_cell(account->reference, reference);
        printf("%-17.*s  %10lld  %13lld  %15lld\n", STR_ARG(id), (long long)account->calls,
               (long long)account->seconds[TIER_BASIC], (long long)account->seconds[TIER_PREMIUM]);
        sum.calls += account->calls;
        sum.seconds[TIER_BASIC] += account->seconds[TIER_BASIC];
        sum.seconds[TIER_PREMIUM] += account->seconds[TIER_PREMIUM];
    }
}

void import_print_summary(struct import_totals *totals, const struct import_summary *summary)
{
    const struct {
        const char *name;
        int64_t count;
    } rows[] = {
        { "lines", totals->lines },
        { summary->is_dry_run ? "to charge" : "charged", totals->outcomes[CALL_ACCEPTED] },
        { "duplicates", totals->outcomes[CALL_DUPLICATE] },
        { "conflicts", totals->outcomes[CALL_CONFLICT] },
        { "rejected", totals->outcomes[CALL_REJECTED] },
    };

    if (summary->is_dry_run) printf("dry run: nothing was changed\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        printf("%-10s  %10lld\n", rows[i].name, (long long)rows[i].count);
    if (totals->outcomes[CALL_CONFLICT] + totals->outcomes[CALL_REJECTED] > 0)
        printf("refused lines, each with its number and reason: %.*s\n",
               STR_ARG(summary->rejected));
    if (totals->outcomes[CALL_CONFLICT] > 0)
        printf(
            "conflicts have the id of a call that was charged with other content: another leg of it"
            " (--separate-legs),\nor the same line imported with other settings\n");
    if (totals->n_accounts > 0)
        print_accounts(totals, summary->knows_billed_seconds ? "seconds" : "talk");
}
