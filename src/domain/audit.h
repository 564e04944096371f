/* Who did what: an agency's events are a chain, each with a hash over itself and the hash before it, so that none can
   be changed, taken out or slipped in without every later one telling. Pure. */
#ifndef DOMAIN_AUDIT_H
#define DOMAIN_AUDIT_H

#include "base/hash.h"
#include "base/types.h"

struct audit_event {
    id64_t agency_id, id;
    instant_t at;
    struct str action;
    id64_t user_id, api_key_id;
    struct str actor_name;
    struct str target_kind; /* an id prefix: "sub" */
    id64_t target_id;
    struct str address, user_agent, request_id;
    struct str before, after; /* JSON objects, or absent */
    int64_t seq;              /* 1, 2, 3 … within the agency */
};

/* BLAKE2b-256 over the hash of the event before it (all zeros for the first) and every field of this one: numbers as 8
   bytes, low byte first; texts as their length plus one in 4 bytes (0 is absent) and their bytes. */
struct hash audit_chain_hash(struct arena *arena, const struct hash *previous,
                             const struct audit_event *event);

#endif
