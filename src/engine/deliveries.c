#include "engine/deliveries.h"

#include "domain/limits.h"
#include "engine/accounts.h"

#include <string.h>

enum { KEY_HASH_BYTES = 16 };

bool delivery_understand(struct tx *tx, const struct reception *reception, struct str payload,
                         struct understood *out)
{
    const struct mapping_defaults defaults = {
        .zone = reception->zone,
        .now = tx->now,
        .tier = reception->connection->tier,
        .source = connection_source(tx->arena, reception->connection),
    };
    const struct cJSON *tree;

    problem_init(&out->problem, tx->arena);
    if (!json_parse_foreign(tx->arena, payload, tx->problem, &tree)) return false;
    out->outcome =
        mapping_apply(reception->mapping, tx->arena, &defaults, tree, &out->problem, &out->call);
    return true;
}

/* --- whose it is --- */

/* A name that the payload or the URL gives, as the agency's accounts and the connection's rules know it. */
static bool account_by_name(struct tx *tx, const struct connection *connection,
                            struct charged_agency *agency, struct str name, id64_t *out)
{
    const struct charged_account *account = accounts_find(agency, name);

    *out = account == NULL ? ID_NONE : account->id;
    return account != NULL
        || connection_rule_find(tx, connection->agency_id, connection->id, name, out);
}

bool delivery_account(struct tx *tx, const struct reception *reception,
                      const struct mapped_call *call, id64_t *out)
{
    const struct connection *connection = reception->connection;
    struct charged_agency *agency = accounts_load(tx->cache, tx, connection->agency_id);
    bool is_named = !str_is_absent(reception->subaccount);
    struct str name = is_named ? reception->subaccount : call->record.subaccount;

    *out = ID_NONE;
    if (agency == NULL) return false;
    if (!str_is_absent(name)) return account_by_name(tx, connection, agency, name, out);
    for (size_t i = 0; i < call->n_keys && *out == ID_NONE; i++) {
        if (!connection_rule_find(tx, connection->agency_id, connection->id, call->keys[i], out))
            return false;
    }
    if (*out == ID_NONE) *out = connection->fallback;
    return true;
}

/* --- what is kept of it --- */

static bool names_calls_apart(const struct connection *connection)
{
    return adapter_of((enum adapter_kind)connection->engine)->names_calls_apart;
}

/* The call's id, where that is enough; else with what the payload is: another content under the same id must not be
   taken for a retry. */
static struct str key_of(struct tx *tx, const struct connection *connection, struct str payload,
                         const struct mapped_call *call)
{
    struct hash hash = hash_of(payload);
    struct str hex = str_hex(tx->arena, (struct bytes){ hash.at, KEY_HASH_BYTES });
    struct str id = call->record.id;

    if (str_is_absent(id)) return str_format(tx->arena, "payload %.*s", STR_ARG(hex));
    return names_calls_apart(connection)
        ? id
        : str_format(tx->arena, "%.*s %.*s", STR_ARG(id), STR_ARG(hex));
}

struct str delivery_keys(struct arena *arena, struct str named, const struct mapped_call *call)
{
    struct buffer json = buffer_new(arena, 128);
    struct str keys[DELIVERY_KEYS_MAX] = { named, call->record.subaccount };

    memcpy(&keys[2], call->keys, sizeof(call->keys));
    buffer_add_byte(&json, '[');
    for (size_t i = 0; i < DELIVERY_KEYS_MAX - MAPPING_KEYS_MAX + call->n_keys; i++) {
        size_t same = 0;
        while (same < i && !str_equal(keys[same], keys[i]))
            same++;
        if (str_is_absent(keys[i]) || same < i) continue;
        if (json.len > 1) buffer_add_byte(&json, ',');
        json_write_string(&json, keys[i]);
    }
    buffer_add_byte(&json, ']');
    return buffer_str(&json);
}

static void note_facts(struct tx *tx, const struct mapped_call *call, struct str payload,
                       struct delivery *out)
{
    out->payload = payload;
    out->external_id = call->record.id;
    out->from = call->record.from;
    out->to = call->record.to;
    out->started_at = call->record.started_at;
    out->duration_seconds = call->record.duration_seconds;
    out->keys = delivery_keys(tx->arena, out->named, call);
}

/* What is wrong is told by the first field. */
static void note_problem(const struct problem *problem, struct delivery *out)
{
    bool has_fields = problem->n_fields > 0;

    out->reason = str_from_c(reason_code(has_fields ? problem->fields[0].reason : problem->reason));
    out->field = has_fields ? problem->fields[0].field : STR_NONE;
    out->detail = has_fields ? problem->fields[0].detail : problem_detail(problem);
}

static void note_refusal(enum reason reason, struct str field, struct delivery *out)
{
    out->reason = str_from_c(reason_code(reason));
    out->field = field;
    out->detail = str_from_c(reason_sentence(reason));
}

/* --- charging it --- */

static bool is_settled_by(const struct connection *connection,
                          const struct call_submission *submission)
{
    return submission->outcome == CALL_ACCEPTED || submission->outcome == CALL_DUPLICATE
        || (submission->outcome == CALL_CONFLICT && names_calls_apart(connection));
}

static struct call_submission submission_of(struct tx *tx, const struct mapped_call *call,
                                            id64_t account)
{
    struct call_submission submission = { .record = call->record };

    submission.record.subaccount = id_format(tx->arena, ID_SUBACCOUNT, account);
    return submission;
}

static bool charge(struct tx *tx, const struct connection *connection,
                   const struct mapped_call *call, id64_t account, struct actor actor,
                   struct call_submission *submission)
{
    *submission = submission_of(tx, call, account);
    return calls_record(tx, connection->agency_id, &submission, 1, actor);
}

static void settle(struct delivery *delivery, const struct call_submission *submission,
                   instant_t now)
{
    delivery->state = submission->outcome == CALL_ACCEPTED ? DELIVERY_CHARGED : DELIVERY_DUPLICATE;
    delivery->call = submission->call_id;
    delivery->payload = STR_NONE;
    delivery->reason = delivery->field = delivery->detail = STR_NONE;
    delivery->settled_at = now;
}

/* Charges it if it can be; what stands against that is noted. */
static bool try_to_charge(struct tx *tx, const struct reception *reception,
                          const struct understood *understood, struct delivery *delivery,
                          struct call_submission *submission)
{
    id64_t account;

    if (understood->outcome == MAPPING_FAULTY) {
        note_problem(&understood->problem, delivery);
        return true;
    }
    if (!delivery_account(tx, reception, &understood->call, &account)) return false;
    if (account == ID_NONE) {
        note_refusal(REASON_UNKNOWN_SUBACCOUNT, STR("subaccount"), delivery);
        return true;
    }
    if (!charge(tx, reception->connection, &understood->call, account, (struct actor){ 0 },
                submission))
        return false;
    if (is_settled_by(reception->connection, submission))
        settle(delivery, submission, tx->now);
    else
        note_refusal(submission->refused, submission->refused_field, delivery);
    return true;
}

static enum delivery_outcome outcome_of(const struct delivery *delivery)
{
    static const enum delivery_outcome outcomes[DELIVERY_STATE_COUNT] = {
        [DELIVERY_UNMATCHED] = DELIVERY_IS_UNMATCHED,
        [DELIVERY_CHARGED] = DELIVERY_IS_ACCEPTED,
        [DELIVERY_DUPLICATE] = DELIVERY_IS_DUPLICATE,
        [DELIVERY_DISMISSED] = DELIVERY_IS_DUPLICATE,
    };

    return outcomes[delivery->state];
}

/* One more waits, if there is room; what waits already is counted once for all that came together. */
static bool let_wait(struct tx *tx, struct reception *reception, const struct delivery *delivery,
                     enum delivery_outcome *outcome)
{
    if (!reception->has_counted
        && !delivery_count_unmatched(tx, reception->connection->agency_id, &reception->waiting))
        return false;
    reception->has_counted = true;
    if (reception->waiting >= limits()->unmatched_calls) {
        *outcome = DELIVERY_HAS_NO_ROOM;
        return true;
    }
    reception->waiting++;
    return delivery_insert(tx, delivery);
}

bool delivery_receive(struct tx *tx, struct reception *reception, struct str payload,
                      enum delivery_outcome *outcome, struct call_submission *submission)
{
    const struct connection *connection = reception->connection;
    struct understood understood;
    struct delivery delivery;
    bool found;

    *submission = (struct call_submission){ .outcome = CALL_OUTCOME_COUNT };
    *outcome = DELIVERY_IS_IGNORED;
    if (!delivery_understand(tx, reception, payload, &understood)) return false;
    if (understood.outcome == MAPPING_IGNORED) return true;

    struct str key = key_of(tx, connection, payload, &understood.call);

    if (!delivery_find(tx, connection->agency_id, connection->id, key, &delivery, &found))
        return false;
    if (found && delivery.state != DELIVERY_UNMATCHED) {
        *outcome = DELIVERY_IS_DUPLICATE;
        return delivery_repeat(tx, &delivery);
    }
    if (!found)
        delivery = (struct delivery){ .agency_id = connection->agency_id,
                                      .id = id_new(tx->now),
                                      .connection = connection->id,
                                      .key = key,
                                      .received_at = tx->now,
                                      .settled_at = INSTANT_NONE };
    delivery.named = reception->subaccount;
    note_facts(tx, &understood.call, payload, &delivery);
    if (!try_to_charge(tx, reception, &understood, &delivery, submission)) return false;
    *outcome = outcome_of(&delivery);
    if (!found)
        return *outcome == DELIVERY_IS_UNMATCHED ? let_wait(tx, reception, &delivery, outcome)
                                                 : delivery_insert(tx, &delivery);
    delivery.repeats++;
    if (*outcome == DELIVERY_IS_UNMATCHED) *outcome = DELIVERY_IS_DUPLICATE;
    return delivery_update(tx, &delivery);
}

/* --- what people decide --- */

static bool refuse_settled(struct tx *tx, const struct delivery *delivery)
{
    return delivery->state == DELIVERY_UNMATCHED
        || fail_as(tx->problem, REASON_DELIVERY_SETTLED, NULL);
}

static bool refuse_faulty(struct tx *tx, const struct understood *understood)
{
    if (understood->outcome == MAPPING_CALL) return true;
    if (understood->outcome == MAPPING_IGNORED)
        return fail_as(tx->problem, REASON_NOT_A_CALL, NULL);
    *tx->problem = understood->problem;
    return false;
}

static bool refuse_unsettled(struct tx *tx, const struct connection *connection,
                             const struct call_submission *submission)
{
    if (is_settled_by(connection, submission)) return true;
    if (submission->outcome == CALL_CONFLICT)
        return fail_as(tx->problem, REASON_CALL_CONFLICT, NULL);
    return fail_field_as(tx->problem, submission->refused, submission->refused_field);
}

bool delivery_assign(struct tx *tx, struct delivery *delivery, const struct reception *reception,
                     id64_t subaccount, struct actor actor, struct call_submission *submission)
{
    struct understood understood;

    if (!refuse_settled(tx, delivery)
        || !delivery_understand(tx, reception, delivery->payload, &understood)
        || !refuse_faulty(tx, &understood)
        || !charge(tx, reception->connection, &understood.call, subaccount, actor, submission)
        || !refuse_unsettled(tx, reception->connection, submission))
        return false;
    note_facts(tx, &understood.call, delivery->payload, delivery);
    settle(delivery, submission, tx->now);
    delivery->settled_by = actor.user;
    return delivery_update(tx, delivery);
}

/* One of those that may be charged together. */
struct other {
    struct delivery delivery;
    struct mapped_call call;
};

/* Whether it still waits, and is of that account by what it says and the rules of now. */
static bool look_at_other(struct tx *tx, const struct reception *reception, id64_t id,
                          id64_t subaccount, struct other *out, bool *fits)
{
    struct reception arrived = *reception;
    struct understood understood;
    id64_t account;

    *fits = false;
    if (!delivery_lock(tx, reception->connection->agency_id, id, &out->delivery)) return false;
    if (out->delivery.state != DELIVERY_UNMATCHED) return true;
    arrived.subaccount = out->delivery.named;
    if (!delivery_understand(tx, &arrived, out->delivery.payload, &understood)) return false;
    if (understood.outcome != MAPPING_CALL) return true;
    if (!delivery_account(tx, &arrived, &understood.call, &account)) return false;
    out->call = understood.call;
    *fits = account == subaccount;
    return true;
}

static bool gather_others(struct tx *tx, const struct reception *reception, struct str key,
                          id64_t subaccount, struct other *others, size_t *n)
{
    const struct connection *connection = reception->connection;
    size_t bytes = 0;
    struct list ids;

    *n = 0;
    if (!delivery_list_by_key(tx, connection->agency_id, connection->id, key, OTHERS_MAX, &ids))
        return false;
    const struct delivery *waiting = ids.at;
    for (size_t i = 0; i < ids.count && bytes < OTHERS_BYTES_MAX; i++) {
        struct other *other = &others[*n];
        bool fits;
        if (!look_at_other(tx, reception, waiting[i].id, subaccount, other, &fits)) return false;
        bytes += other->delivery.payload.len;
        *n += fits;
    }
    return true;
}

/* What cannot be charged waits on, and says why. */
static bool settle_other(struct tx *tx, const struct connection *connection, struct other *other,
                         const struct call_submission *submission, struct actor actor,
                         struct assigned_others *out)
{
    struct delivery *delivery = &other->delivery;

    note_facts(tx, &other->call, delivery->payload, delivery);
    if (!is_settled_by(connection, submission)) {
        note_refusal(submission->refused, submission->refused_field, delivery);
        return delivery_update(tx, delivery);
    }
    settle(delivery, submission, tx->now);
    delivery->settled_by = actor.user;
    out->charged += delivery->state == DELIVERY_CHARGED;
    out->duplicates += delivery->state == DELIVERY_DUPLICATE;
    return delivery_update(tx, delivery);
}

bool delivery_assign_others(struct tx *tx, const struct reception *reception, struct str key,
                            id64_t subaccount, struct actor actor,
                            struct call_submission *submissions, struct assigned_others *out)
{
    const struct connection *connection = reception->connection;
    struct other *others = ARENA_ARRAY(tx->arena, struct other, OTHERS_MAX);
    struct call_submission **ordered = ARENA_ARRAY(tx->arena, struct call_submission *, OTHERS_MAX);

    *out = (struct assigned_others){ 0 };
    if (!gather_others(tx, reception, key, subaccount, others, &out->n)) return false;
    for (size_t i = 0; i < out->n; i++) {
        submissions[i] = submission_of(tx, &others[i].call, subaccount);
        ordered[i] = &submissions[i];
    }
    if (out->n > 0 && !calls_record(tx, connection->agency_id, ordered, out->n, actor))
        return false;
    for (size_t i = 0; i < out->n; i++) {
        if (!settle_other(tx, connection, &others[i], &submissions[i], actor, out)) return false;
    }
    return delivery_count_by_key(tx, connection->agency_id, connection->id, key, &out->waiting);
}

bool delivery_dismiss(struct tx *tx, struct delivery *delivery, struct str note, struct actor actor)
{
    if (!refuse_settled(tx, delivery)) return false;
    delivery->state = DELIVERY_DISMISSED;
    delivery->note = note;
    delivery->settled_by = actor.user;
    delivery->settled_at = tx->now;
    return delivery_update(tx, delivery);
}
