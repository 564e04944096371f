#include "integrations/payments.h"

#include <assert.h>

static struct payments *processors[PROVIDER_TEST + 1];

void payments_use(enum purchase_provider provider, struct payments *payments)
{
    assert((size_t)provider < COUNT_OF(processors));
    processors[provider] = payments;
}

static struct payments *processor_of(int provider)
{
    assert(provider >= 0 && (size_t)provider < COUNT_OF(processors));
    return processors[provider];
}

static struct payment_answer nobody(void)
{
    return (struct payment_answer){
        .outcome = PAYMENT_UNREACHABLE,
        .failure = STR("This server has no card processor."),
    };
}

void payments_charge(struct arena *arena, const struct payment_charge *charge,
                     struct payment_answers *out)
{
    struct payments *processor = processor_of(charge->provider);

    *out = (struct payment_answers){ .n = 1, .at = { nobody() } };
    if (processor != NULL) processor->charge(processor, arena, charge, out);
}

void payments_refund(struct arena *arena, const struct payment_refund *refund,
                     struct payment_answer *out)
{
    struct payments *processor = processor_of(refund->provider);

    *out = nobody();
    if (processor != NULL) processor->refund(processor, arena, refund, out);
}
