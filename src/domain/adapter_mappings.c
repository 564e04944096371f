/* What each engine's payloads say, in the mapping language (domain/mapping.h). Paths and words are the engines' own, as
   their documentation has them. */
#include "domain/adapter_parts.h"

/* clang-format off */
#define LIST_OF(array) { (void *)(array), COUNT_OF(array) }
#define AT(map_field, pointer, ...) \
    { .field = (map_field), .at = { pointer, sizeof(pointer) - 1 }, .as = -1, __VA_ARGS__ }
#define AT_AS(map_field, pointer, form) \
    { .field = (map_field), .at = { pointer, sizeof(pointer) - 1 }, .as = (form) }
#define ALWAYS(map_field, text) { .field = (map_field), .value = { text, sizeof(text) - 1 }, .as = -1 }
#define WORDS(array) .words = LIST_OF(array)
#define OTHERWISE(text) .otherwise = { text, sizeof(text) - 1 }
#define WORD(theirs, ours) { { theirs, sizeof(theirs) - 1 }, { ours, sizeof(ours) - 1 } }
#define IS(pointer, text) { { pointer, sizeof(pointer) - 1 }, { text, sizeof(text) - 1 } }
#define MAPPING(conditions, list) { .when = LIST_OF(conditions), .rules = LIST_OF(list) }

/* --- CloudEvents: the record of POST /v1/calls in the event's data --- */

static const struct mapping_condition cloudevents_when[] = {
    IS("/type", "minutebank.call.recorded"),
};
static const struct mapping_rule cloudevents_rules[] = {
    AT(MAP_ID, "/id"),
    AT(MAP_SOURCE, "/source"),
    AT(MAP_SUBACCOUNT, "/data/subaccount"),
    AT(MAP_TIER, "/data/tier"),
    AT(MAP_DIRECTION, "/data/direction"),
    AT(MAP_STATUS, "/data/status"),
    AT(MAP_STARTED_AT, "/data/started_at"),
    AT(MAP_ANSWERED_AT, "/data/answered_at"),
    AT(MAP_ENDED_AT, "/data/ended_at"),
    AT(MAP_DURATION, "/data/duration_seconds"),
    AT(MAP_RESERVATION, "/data/reservation"),
    AT(MAP_AGENT, "/data/agent"),
    AT(MAP_PROJECT, "/data/project"),
    AT(MAP_CAMPAIGN, "/data/campaign"),
    AT(MAP_CONTACT, "/data/contact"),
    AT(MAP_FROM, "/data/from"),
    AT(MAP_TO, "/data/to"),
    AT(MAP_OUTCOME, "/data/outcome"),
    AT(MAP_SENTIMENT, "/data/sentiment"),
    AT(MAP_SUMMARY, "/data/summary"),
    AT(MAP_RECORDING_URL, "/data/recording_url"),
    AT(MAP_KEY, "/subject"),
    AT(MAP_KEY, "/data/agent"),
};
const struct mapping cloudevents_mapping = MAPPING(cloudevents_when, cloudevents_rules);

/* --- Vapi: the end-of-call report --- */

static const struct mapping_condition vapi_when[] = {
    IS("/message/type", "end-of-call-report"),
};
static const struct mapping_word vapi_directions[] = {
    WORD("outboundPhoneCall", "outbound"),
};
static const struct mapping_word vapi_statuses[] = {
    WORD("assistant-ended-call", "completed"),
    WORD("assistant-ended-call-after-message-spoken", "completed"),
    WORD("assistant-ended-call-with-hangup-task", "completed"),
    WORD("assistant-said-end-call-phrase", "completed"),
    WORD("customer-ended-call", "completed"),
    WORD("exceeded-max-duration", "completed"),
    WORD("silence-timed-out", "completed"),
    WORD("manually-canceled", "completed"),
    WORD("vonage-completed", "completed"),
    WORD("assistant-forwarded-call", "transferred"),
    WORD("assistant-request-returned-forwarding-phone-number", "transferred"),
    WORD("voicemail", "voicemail"),
    WORD("customer-busy", "busy"),
    WORD("customer-did-not-answer", "no_answer"),
    WORD("customer-ended-call-before-warm-transfer", "completed"),
    WORD("customer-ended-call-after-warm-transfer-attempt", "completed"),
    WORD("customer-ended-call-during-transfer", "completed"),
    WORD("scheduled-call-deleted", "canceled"),
};
static const struct mapping_rule vapi_rules[] = {
    AT(MAP_ID, "/message/call/id"),
    AT(MAP_DIRECTION, "/message/call/type", WORDS(vapi_directions), OTHERWISE("inbound")),
    ALWAYS(MAP_DIRECTION, "inbound"),
    AT(MAP_STATUS, "/message/endedReason", WORDS(vapi_statuses), OTHERWISE("failed")),
    AT(MAP_STARTED_AT, "/message/startedAt"),
    AT(MAP_STARTED_AT, "/message/call/startedAt"),
    AT(MAP_STARTED_AT, "/message/call/createdAt"),
    AT(MAP_ENDED_AT, "/message/endedAt"),
    AT(MAP_ENDED_AT, "/message/call/endedAt"),
    AT_AS(MAP_DURATION, "/message/durationMs", FORM_MILLISECONDS),
    AT(MAP_DURATION, "/message/durationSeconds"),
    AT(MAP_AGENT, "/message/call/assistantId"),
    AT(MAP_AGENT, "/message/assistant/id"),
    AT(MAP_FROM, "/message/customer/number"),
    AT(MAP_FROM, "/message/call/customer/number"),
    AT(MAP_TO, "/message/phoneNumber/number"),
    AT(MAP_TO, "/message/call/phoneNumber/number"),
    AT(MAP_OUTCOME, "/message/endedReason"),
    AT(MAP_SUMMARY, "/message/analysis/summary"),
    AT(MAP_SUMMARY, "/message/summary"),
    AT(MAP_RECORDING_URL, "/message/artifact/recordingUrl"),
    AT(MAP_RECORDING_URL, "/message/recordingUrl"),
    AT(MAP_SUBACCOUNT, "/message/call/metadata/subaccount"),
    AT(MAP_SUBACCOUNT, "/message/assistant/metadata/subaccount"),
    AT(MAP_KEY, "/message/call/assistantId"),
    AT(MAP_KEY, "/message/assistant/id"),
    AT(MAP_KEY, "/message/phoneNumber/number"),
    AT(MAP_KEY, "/message/call/phoneNumber/number"),
    AT(MAP_KEY, "/message/call/phoneNumberId"),
};
const struct mapping vapi_mapping = MAPPING(vapi_when, vapi_rules);

/* --- Retell: a call that has ended, again when it was analyzed; either may come first, or alone --- */

static const struct mapping_condition retell_when[] = {
    IS("/event", "call_ended"),
    IS("/event", "call_analyzed"),
};
static const struct mapping_word retell_statuses[] = {
    WORD("user_hangup", "completed"),
    WORD("agent_hangup", "completed"),
    WORD("inactivity", "completed"),
    WORD("ivr_reached", "completed"),
    WORD("max_duration_reached", "completed"),
    WORD("call_transfer", "transferred"),
    WORD("transfer_bridged", "transferred"),
    WORD("voicemail_reached", "voicemail"),
    WORD("machine_detected", "voicemail"),
    WORD("dial_busy", "busy"),
    WORD("user_declined", "busy"),
    WORD("dial_no_answer", "no_answer"),
    WORD("transfer_cancelled", "completed"),
};
static const struct mapping_rule retell_rules[] = {
    AT(MAP_ID, "/call/call_id"),
    AT(MAP_DIRECTION, "/call/direction"),
    ALWAYS(MAP_DIRECTION, "inbound"),
    AT(MAP_STATUS, "/call/disconnection_reason", WORDS(retell_statuses), OTHERWISE("failed")),
    ALWAYS(MAP_STATUS, "completed"),
    AT_AS(MAP_STARTED_AT, "/call/start_timestamp", FORM_EPOCH_MILLISECONDS),
    AT_AS(MAP_ENDED_AT, "/call/end_timestamp", FORM_EPOCH_MILLISECONDS),
    AT_AS(MAP_DURATION, "/call/duration_ms", FORM_MILLISECONDS),
    AT(MAP_AGENT, "/call/agent_id"),
    AT(MAP_FROM, "/call/from_number"),
    AT(MAP_TO, "/call/to_number"),
    AT(MAP_OUTCOME, "/call/disconnection_reason"),
    AT(MAP_SENTIMENT, "/call/call_analysis/user_sentiment"),
    AT(MAP_SUMMARY, "/call/call_analysis/call_summary"),
    AT(MAP_RECORDING_URL, "/call/recording_url"),
    AT(MAP_SUBACCOUNT, "/call/metadata/subaccount"),
    AT(MAP_KEY, "/call/agent_id"),
    AT(MAP_KEY, "/call/to_number"),
    AT(MAP_KEY, "/call/from_number"),
};
const struct mapping retell_mapping = MAPPING(retell_when, retell_rules);

/* --- Twilio: the status callback of a call that is over; it has no start, only when it was written --- */

static const struct mapping_condition twilio_when[] = {
    IS("/CallStatus", "completed"), IS("/CallStatus", "busy"),     IS("/CallStatus", "no-answer"),
    IS("/CallStatus", "failed"),    IS("/CallStatus", "canceled"),
};
static const struct mapping_word twilio_statuses[] = {
    WORD("completed", "completed"), WORD("busy", "busy"), WORD("no-answer", "no_answer"),
    WORD("failed", "failed"), WORD("canceled", "canceled"),
};
static const struct mapping_word twilio_directions[] = {
    WORD("inbound", "inbound"),
    WORD("trunking-terminating", "outbound"),
    WORD("trunking-originating", "inbound"),
};
static const struct mapping_rule twilio_rules[] = {
    AT(MAP_ID, "/CallSid"),
    AT(MAP_DIRECTION, "/Direction", WORDS(twilio_directions), OTHERWISE("outbound")),
    AT(MAP_STATUS, "/CallStatus", WORDS(twilio_statuses)),
    AT_AS(MAP_ENDED_AT, "/Timestamp", FORM_MAIL_TIME),
    AT(MAP_DURATION, "/CallDuration"),
    AT(MAP_FROM, "/From"),
    AT(MAP_TO, "/To"),
    AT(MAP_RECORDING_URL, "/RecordingUrl"),
    AT(MAP_KEY, "/To"),
    AT(MAP_KEY, "/From"),
    AT(MAP_KEY, "/AccountSid"),
};
const struct mapping twilio_mapping = MAPPING(twilio_when, twilio_rules);

/* --- ElevenLabs: a conversation with its transcript, and calls that never began --- */

static const struct mapping_condition elevenlabs_when[] = {
    IS("/type", "post_call_transcription"),
    IS("/type", "call_initiation_failure"),
};
static const struct mapping_word elevenlabs_failures[] = {
    WORD("busy", "busy"),
    WORD("no-answer", "no_answer"),
};
static const struct mapping_word elevenlabs_ends[] = {
    WORD("done", "completed"),
    WORD("failed", "failed"),
};
static const struct mapping_word elevenlabs_nothing[] = {
    WORD("call_initiation_failure", "0"),
};
static const struct mapping_word elevenlabs_dialled[] = {
    WORD("call_initiation_failure", "outbound"),
};
static const struct mapping_rule elevenlabs_rules[] = {
    AT(MAP_ID, "/data/conversation_id"),
    AT(MAP_DIRECTION, "/data/metadata/phone_call/direction"),
    AT(MAP_DIRECTION, "/type", WORDS(elevenlabs_dialled)),
    ALWAYS(MAP_DIRECTION, "inbound"),
    AT(MAP_STATUS, "/data/failure_reason", WORDS(elevenlabs_failures), OTHERWISE("failed")),
    AT(MAP_STATUS, "/data/status", WORDS(elevenlabs_ends), OTHERWISE("completed")),
    AT_AS(MAP_STARTED_AT, "/data/metadata/start_time_unix_secs", FORM_EPOCH_SECONDS),
    AT_AS(MAP_STARTED_AT, "/event_timestamp", FORM_EPOCH_SECONDS),
    AT(MAP_DURATION, "/data/metadata/call_duration_secs"),
    AT(MAP_DURATION, "/type", WORDS(elevenlabs_nothing)),
    AT(MAP_AGENT, "/data/agent_id"),
    AT(MAP_FROM, "/data/metadata/phone_call/external_number"),
    AT(MAP_TO, "/data/metadata/phone_call/agent_number"),
    AT(MAP_OUTCOME, "/data/metadata/termination_reason"),
    AT(MAP_OUTCOME, "/data/failure_reason"),
    AT(MAP_SUMMARY, "/data/analysis/transcript_summary"),
    AT(MAP_SUBACCOUNT, "/data/conversation_initiation_client_data/dynamic_variables/subaccount"),
    AT(MAP_KEY, "/data/agent_id"),
    AT(MAP_KEY, "/data/metadata/phone_call/agent_number"),
    AT(MAP_KEY, "/data/metadata/phone_call/phone_number_id"),
};
const struct mapping elevenlabs_mapping = MAPPING(elevenlabs_when, elevenlabs_rules);

/* --- Asterisk: a CDR, whichever call it is of --- */

static const struct mapping_word asterisk_statuses[] = {
    WORD("ANSWERED", "completed"), WORD("NO ANSWER", "no_answer"), WORD("BUSY", "busy"),
    WORD("FAILED", "failed"),      WORD("CONGESTION", "failed"),
};
static const struct mapping_word asterisk_contexts[] = {
    WORD("from-trunk", "inbound"), WORD("from-pstn", "inbound"), WORD("from-external", "inbound"),
    WORD("from-did-direct", "inbound"), WORD("inbound", "inbound"), WORD("incoming", "inbound"),
};
static const struct mapping_rule asterisk_rules[] = {
    AT(MAP_ID, "/leg"),
    AT(MAP_ID, "/uniqueid"),
    AT(MAP_SUBACCOUNT, "/accountcode"),
    AT(MAP_DIRECTION, "/dcontext", WORDS(asterisk_contexts), OTHERWISE("outbound")),
    ALWAYS(MAP_DIRECTION, "outbound"),
    AT(MAP_STATUS, "/disposition", WORDS(asterisk_statuses), OTHERWISE("failed")),
    AT_AS(MAP_STARTED_AT, "/start", FORM_LOCAL_TIME),
    AT_AS(MAP_STARTED_AT, "/calldate", FORM_LOCAL_TIME),
    AT_AS(MAP_ANSWERED_AT, "/answer", FORM_LOCAL_TIME),
    AT_AS(MAP_ENDED_AT, "/end", FORM_LOCAL_TIME),
    AT(MAP_DURATION, "/billsec"),
    AT(MAP_FROM, "/src"),
    AT(MAP_TO, "/dst"),
    AT(MAP_KEY, "/accountcode"),
    AT(MAP_KEY, "/dst"),
    AT(MAP_KEY, "/src"),
};
const struct mapping asterisk_mapping = { .rules = LIST_OF(asterisk_rules) };
/* clang-format on */
