#include "domain/adapter_parts.h"

#include <assert.h>

const char *const adapter_names[] = {
    "cloudevents", "vapi", "retell", "twilio", "elevenlabs", "asterisk", "generic", NULL,
};

const char *const adapter_header_names[] = {
    [HEADER_AUTHORIZATION] = "Authorization",
    [HEADER_VAPI_SECRET] = "X-Vapi-Secret",
    [HEADER_VAPI_SIGNATURE] = "X-Vapi-Signature",
    [HEADER_VAPI_TIMESTAMP] = "X-Vapi-Timestamp",
    [HEADER_SIGNATURE] = "X-Signature",
    [HEADER_TIMESTAMP] = "X-Timestamp",
    [HEADER_RETELL_SIGNATURE] = "X-Retell-Signature",
    [HEADER_TWILIO_SIGNATURE] = "X-Twilio-Signature",
    [HEADER_ELEVENLABS_SIGNATURE] = "ElevenLabs-Signature",
    [HEADER_CE_SPECVERSION] = "ce-specversion",
    [HEADER_CE_ID] = "ce-id",
    [HEADER_CE_SOURCE] = "ce-source",
    [HEADER_CE_TYPE] = "ce-type",
    [HEADER_CE_SUBJECT] = "ce-subject",
    [HEADER_CE_TIME] = "ce-time",
    [ADAPTER_HEADER_COUNT] = NULL,
};

/* clang-format off */
static const struct adapter adapters[ADAPTER_COUNT] = {
    [ADAPTER_CLOUDEVENTS] = { verify_bearer, split_events, &cloudevents_mapping, false, false },
    [ADAPTER_VAPI]        = { verify_vapi, split_json, &vapi_mapping, true, true },
    [ADAPTER_RETELL]      = { verify_retell, split_json, &retell_mapping, true, true },
    [ADAPTER_TWILIO]      = { verify_twilio, split_form, &twilio_mapping, true, true },
    [ADAPTER_ELEVENLABS]  = { verify_elevenlabs, split_json, &elevenlabs_mapping, true, true },
    [ADAPTER_ASTERISK]    = { verify_bearer, split_cdr, &asterisk_mapping, false, false },
    [ADAPTER_GENERIC]     = { verify_bearer, split_json, NULL, false, false },
};
/* clang-format on */

const struct adapter *adapter_of(enum adapter_kind kind)
{
    assert(kind < ADAPTER_COUNT);
    return &adapters[kind];
}
