#include "api/sentences.h"

#include "api/moved.h"
#include "base/decimal.h"
#include "base/id.h"
#include "base/json.h"
#include "store/adjustments.h"
#include "store/audit.h"
#include "store/minute_moves.h"
#include "store/names.h"
#include "store/purchases.h"
#include "store/refunds.h"

/* What a posting's reference is the id of; kinds without one have none. */
static const struct {
    bool has_reference;
    enum id_kind id_kind;
} references[POSTING_KIND_COUNT] = {
    [POSTING_PURCHASE] = { true, ID_PURCHASE },
    [POSTING_MOVE] = { true, ID_MINUTE_MOVE },
    [POSTING_REFUND] = { true, ID_REFUND },
    [POSTING_DISPUTE] = { true, ID_REFUND },
    [POSTING_REFUND_RETURN] = { true, ID_REFUND },
    [POSTING_ADJUSTMENT] = { true, ID_ADJUSTMENT },
    [POSTING_PLATFORM_GRANT] = { true, ID_ADJUSTMENT },
    [POSTING_PAYOUT] = { true, ID_PAYOUT },
    [POSTING_PAYOUT_RETURN] = { true, ID_PAYOUT },
};

/* The entries, and what was read about them beside. */
struct telling {
    struct request *r;
    enum statement_side side;
    const struct statement_entry *entries;
    size_t n;
    struct sentence *out;
    struct str *subjects; /* names of the sub-accounts that the postings are about */
    id64_t *ids;          /* room for one of each */
};

static enum posting_kind kind_of(const struct telling *t, size_t i)
{
    return (enum posting_kind)t->entries[i].kind;
}

/* The references of the entries of some kinds, ID_NONE of others. */
static const id64_t *ids_of(const struct telling *t, unsigned kinds)
{
    for (size_t i = 0; i < t->n; i++)
        t->ids[i] = (kinds >> t->entries[i].kind & 1) != 0 ? t->entries[i].reference_id : ID_NONE;
    return t->ids;
}

static struct str usd(const struct telling *t, micros_t amount)
{
    return micros_format(t->r->arena, amount);
}

/* --- in the postings' own words --- */

static bool tell_kinds(struct telling *t)
{
    for (size_t i = 0; i < t->n; i++) {
        enum posting_kind kind = kind_of(t, i);
        id64_t reference = t->entries[i].reference_id;

        t->out[i] = (struct sentence){ str_from_c(posting_kind_sentence(kind)), STR_NONE };
        if (references[kind].has_reference && reference != ID_NONE)
            t->out[i].reference = id_format(t->r->arena, references[kind].id_kind, reference);
    }
    return true;
}

/* --- purchases and refunds --- */

static bool tell_purchases(struct telling *t)
{
    micros_t *paid = ARENA_ARRAY(t->r->arena, micros_t, t->n);

    if (!purchases_paid(t->r->tx, t->r->caller.agency, ids_of(t, 1u << POSTING_PURCHASE), t->n,
                        paid))
        return false;
    for (size_t i = 0; i < t->n; i++) {
        if (paid[i] == MICROS_NONE) continue;
        struct str amount = usd(t, paid[i]);
        t->out[i].description = t->side == SIDE_WALLET
            ? str_format(t->r->arena, "Minutes bought for %.*s USD", STR_ARG(amount))
            : str_format(t->r->arena, "Base of minutes that %.*s bought for %.*s USD",
                         STR_ARG(t->subjects[i]), STR_ARG(amount));
    }
    return true;
}

static const char *refund_words(enum statement_side side, enum posting_kind kind)
{
    if (side == SIDE_WALLET) return posting_kind_sentence(kind);
    return kind == POSTING_REFUND ? "Base of minutes refunded" : posting_kind_sentence(kind);
}

static bool tell_refunds(struct telling *t)
{
    const unsigned kinds =
        1u << POSTING_REFUND | 1u << POSTING_DISPUTE | 1u << POSTING_REFUND_RETURN;
    struct refund_brief *briefs = ARENA_ARRAY(t->r->arena, struct refund_brief, t->n);

    if (!refunds_brief(t->r->tx, t->r->caller.agency, ids_of(t, kinds), t->n, briefs)) return false;
    for (size_t i = 0; i < t->n; i++) {
        if (briefs[i].purchase == ID_NONE) continue;
        struct str amount = usd(t, briefs[i].amount);
        const char *words = refund_words(t->side, kind_of(t, i));
        t->out[i].description = t->side == SIDE_WALLET
            ? str_format(t->r->arena, "%s: %.*s USD", words, STR_ARG(amount))
            : str_format(t->r->arena, "%s to %.*s: %.*s USD", words, STR_ARG(t->subjects[i]),
                         STR_ARG(amount));
    }
    return true;
}

/* --- moves --- */

static bool tell_moves_of_wallet(struct telling *t, const struct minute_move_ends *ends)
{
    struct moved_entry *moved = ARENA_ARRAY(t->r->arena, struct moved_entry, t->n);

    for (size_t i = 0; i < t->n; i++)
        moved[i] = (struct moved_entry){ .entry = &t->entries[i], .ends = ends[i] };
    if (!moved_describe(t->r, moved, t->n)) return false;
    for (size_t i = 0; i < t->n; i++) {
        if (!str_is_absent(moved[i].description)) t->out[i].description = moved[i].description;
    }
    return true;
}

static bool tell_moves_of_credit(struct telling *t, const struct minute_move_ends *ends)
{
    id64_t *both = ARENA_ARRAY(t->r->arena, id64_t, 2 * t->n);
    struct str *names = ARENA_ARRAY(t->r->arena, struct str, 2 * t->n);

    for (size_t i = 0; i < t->n; i++) {
        both[2 * i] = ends[i].from;
        both[2 * i + 1] = ends[i].to;
    }
    if (!names_find(t->r->tx, t->r->caller.agency, both, 2 * t->n, names)) return false;
    for (size_t i = 0; i < t->n; i++) {
        if (ends[i].from == ID_NONE) continue;
        t->out[i].description = str_format(t->r->arena, "Minutes moved from %.*s to %.*s",
                                           STR_ARG(names[2 * i]), STR_ARG(names[2 * i + 1]));
    }
    return true;
}

static bool tell_moves(struct telling *t)
{
    struct minute_move_ends *ends = ARENA_ARRAY(t->r->arena, struct minute_move_ends, t->n);

    return minute_moves_ends(t->r->tx, t->r->caller.agency, ids_of(t, 1u << POSTING_MOVE), t->n,
                             ends)
        && (t->side == SIDE_WALLET ? tell_moves_of_wallet(t, ends) : tell_moves_of_credit(t, ends));
}

/* --- what somebody gave a reason for --- */

static bool tell_adjustments(struct telling *t)
{
    const unsigned kinds = 1u << POSTING_ADJUSTMENT | 1u << POSTING_PLATFORM_GRANT;
    struct str *reasons = ARENA_ARRAY(t->r->arena, struct str, t->n);

    if (!adjustments_reasons(t->r->tx, t->r->caller.agency, ids_of(t, kinds), t->n, reasons))
        return false;
    for (size_t i = 0; i < t->n; i++) {
        if (str_is_absent(reasons[i])) continue;
        /* What is given costs credit. */
        const char *way = t->entries[i].amount < 0 ? "Minutes given to" : "Minutes taken back from";
        t->out[i].description = t->side == SIDE_WALLET
            ? str_format(t->r->arena, "%s: %.*s", posting_kind_sentence(kind_of(t, i)),
                         STR_ARG(reasons[i]))
            : str_format(t->r->arena, "%s %.*s: %.*s", way, STR_ARG(t->subjects[i]),
                         STR_ARG(reasons[i]));
    }
    return true;
}

struct note {
    struct str note;
};

/* The note of a settlement is in the trail alone. */
static bool tell_settlements(struct telling *t)
{
    static const struct field note_fields[] = {
        FIELD_TEXT(struct note, note, .flags = FIELD_NULLABLE),
        FIELD_END,
    };
    struct str *records = ARENA_ARRAY(t->r->arena, struct str, t->n);

    for (size_t i = 0; i < t->n; i++)
        t->ids[i] = t->entries[i].kind == POSTING_SETTLEMENT ? t->entries[i].posting_id : ID_NONE;
    if (!audit_records_of(t->r->tx, t->r->caller.agency, t->ids, t->n, records)) return false;
    for (size_t i = 0; i < t->n; i++) {
        const struct cJSON *record;
        struct note kept;

        if (str_is_absent(records[i])) continue;
        if (!json_parse(t->r->arena, records[i], &t->r->problem, &record)
            || !fields_from_json(note_fields, FIELDS_OPEN, t->r->arena, record, STR(""),
                                 &t->r->problem, &kept, NULL))
            return false;
        if (!str_is_absent(kept.note))
            t->out[i].description =
                str_format(t->r->arena, "%s: %.*s", posting_kind_sentence(POSTING_SETTLEMENT),
                           STR_ARG(kept.note));
    }
    return true;
}

static bool name_subjects(struct telling *t)
{
    for (size_t i = 0; i < t->n; i++)
        t->ids[i] = t->entries[i].subject_id;
    return names_find(t->r->tx, t->r->caller.agency, t->ids, t->n, t->subjects);
}

bool sentences_of(struct request *r, enum statement_side side,
                  const struct statement_entry *entries, size_t n, struct sentence *out)
{
    struct telling telling = {
        .r = r,
        .side = side,
        .entries = entries,
        .n = n,
        .out = out,
        .subjects = ARENA_ARRAY(r->arena, struct str, n),
        .ids = ARENA_ARRAY(r->arena, id64_t, n),
    };

    return tell_kinds(&telling) && (side == SIDE_WALLET || name_subjects(&telling))
        && tell_purchases(&telling) && tell_refunds(&telling) && tell_moves(&telling)
        && tell_adjustments(&telling) && (side == SIDE_WALLET || tell_settlements(&telling));
}
