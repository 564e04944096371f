/* Whose turn a request takes in the queues, and whose memory it is. The agency that a credential names counts only once
   the store has confirmed that credential: until then it is from an address, or whoever makes up credentials would take
   an agency's turns, or as many turns as they can make up names. */
#include "http/exchange.h"

#include "base/time.h"
#include "domain/limits.h"
#include "http/proxy.h"

#include <string.h>

#define SENDER_IS_ADDRESS (UINT64_C(1) << 63) /* ids have 63 bits */

static uint64_t number_at(const struct hash *hash, size_t at)
{
    uint64_t number;

    memcpy(&number, hash->at + at, sizeof(number));
    return number;
}

static atomic_uint_fast64_t *slot_of(struct server *server, const struct hash *hash)
{
    return &server->confirmed[number_at(hash, sizeof(uint64_t)) % COUNT_OF(server->confirmed)];
}

void sender_confirmed(struct exchange *exchange)
{
    const struct hash *hash = &exchange->credential.hash;

    atomic_store_explicit(slot_of(exchange->request.server, hash), number_at(hash, 0),
                          memory_order_relaxed);
}

static bool is_confirmed(struct exchange *exchange)
{
    const struct credential *credential = &exchange->credential;

    return (credential->kind == CREDENTIAL_API_KEY || credential->kind == CREDENTIAL_SESSION)
        && credential->agency != ID_NONE
        && atomic_load_explicit(slot_of(exchange->request.server, &credential->hash),
                                memory_order_relaxed)
        == number_at(&credential->hash, 0);
}

uint64_t sender_of(struct exchange *exchange)
{
    unsigned char network[ADDRESS_BYTES];

    if (is_confirmed(exchange)) return (uint64_t)exchange->credential.agency;
    struct hash place = hash_of(address_network(exchange->request.client_address, network));
    return number_at(&place, 0) | SENDER_IS_ADDRESS;
}

static bool is_address(uint64_t sender)
{
    return (sender & SENDER_IS_ADDRESS) != 0;
}

void sender_may(struct exchange *exchange, struct sender_terms terms)
{
    rates_set_terms(exchange->request.server->rates, (uint64_t)exchange->credential.agency, terms);
}

uint32_t sender_share(struct exchange *exchange)
{
    return is_address(exchange->sender)
        ? 1
        : rates_share(exchange->request.server->rates, exchange->sender);
}

bool sender_is_too_fast(struct exchange *exchange)
{
    return !is_address(exchange->sender)
        && !rates_take(exchange->request.server->rates, exchange->sender, limits()->agency_requests,
                       clock_monotonic_us());
}
