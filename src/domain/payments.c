#include "domain/payments.h"

#include "base/id.h"

const char payment_account_removed[] = "subaccount_removed";
const char payment_action_required[] = "action_required";
const char payment_action_expired[] = "action_expired";

struct str payment_key(struct arena *arena, enum id_kind kind, id64_t id)
{
    struct str text = id_format(arena, kind, id);

    return str_format(arena, "minutebank-%.*s", STR_ARG(text));
}
