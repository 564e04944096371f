/* Twilio's log of calls: the console's export, and its Calls resource written as CSV, with either's names. */
#include "integrations/call_format.h"

enum {
    CALL_SID,
    PARENT_CALL_SID,
    ACCOUNT_SID,
    FROM,
    TO,
    DIRECTION,
    STATUS,
    START_TIME,
    DATE_CREATED,
    END_TIME,
    CALL_DURATION,
    ANSWERED_BY,
    FORWARDED_FROM,
    CALLER_NAME,
    GROUP_SID,
};

static const struct call_column columns[] = {
    [CALL_SID] = { "callsid", "id", "sid" },
    [PARENT_CALL_SID] = { "parentcallsid", NULL, NULL },
    [ACCOUNT_SID] = { "accountsid", "subaccount", NULL },
    [FROM] = { "from", "from", "caller fromnumber" },
    [TO] = { "to", "to", "called tonumber" },
    [DIRECTION] = { "direction", "direction", NULL },
    [STATUS] = { "status", "status", "callstatus" },
    [START_TIME] = { "starttime", "started_at", NULL },
    /* A call that was never dialled has no start. */
    [DATE_CREATED] = { "datecreated", "started_at", NULL },
    [END_TIME] = { "endtime", "ended_at", NULL },
    [CALL_DURATION] = { "duration", "duration_seconds", "callduration" },
    [ANSWERED_BY] = { "answeredby", NULL, NULL },
    [FORWARDED_FROM] = { "forwardedfrom", NULL, NULL },
    [CALLER_NAME] = { "callername", NULL, NULL },
    [GROUP_SID] = { "groupsid", NULL, NULL },
    { NULL, NULL, NULL },
};

static const struct call_word statuses[] = {
    { "completed", CALL_COMPLETED },
    { "busy", CALL_BUSY },
    { "noanswer", CALL_NO_ANSWER },
    { "failed", CALL_FAILED },
    { "canceled", CALL_CANCELED },
    { "cancelled", CALL_CANCELED },
    { "queued", CALL_UNFINISHED },
    { "initiated", CALL_UNFINISHED },
    { "ringing", CALL_UNFINISHED },
    { "inprogress", CALL_UNFINISHED },
    { NULL, 0 },
};

/* A trunk's termination is a call that leaves through Twilio, its origination one that comes. */
static const struct call_word directions[] = {
    { "inbound", CALL_INBOUND },
    { "outboundapi", CALL_OUTBOUND },
    { "outbounddial", CALL_OUTBOUND },
    { "outbound", CALL_OUTBOUND },
    { "trunkingoriginating", CALL_INBOUND },
    { "trunkingterminating", CALL_OUTBOUND },
    { NULL, 0 },
};

/* What answered may have been a machine ("machine_start", "machine_end_beep", …). */
static void complete(struct call_decoding *decoding)
{
    struct call_record *record = decoding->record;
    struct str answered_by = call_cell(decoding->cells, ANSWERED_BY);

    if (record->status == CALL_COMPLETED && str_starts_with(answered_by, STR("machine")))
        record->status = CALL_VOICEMAIL;
    /* Twilio leaves the duration of calls that nobody took empty. */
    if (record->status >= 0 && !call_is_answered((enum call_status)record->status))
        decoding->present |= field_bit(call_record_fields, "duration_seconds");
}

const struct call_format twilio_csv = {
    .name = "twilio-csv",
    .source = "twilio",
    .columns = columns,
    .statuses = statuses,
    .directions = directions,
    .complete = complete,
};
