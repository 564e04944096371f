/* What somebody signs in with, as far as one device can be told from another: its browser and system by their names
   without their versions, which change every month, and the network that it is in, as addresses within one change
   every day. Pure. */
#ifndef DOMAIN_DEVICES_H
#define DOMAIN_DEVICES_H

#include "base/str.h"

/* The same for the same. `address` is an IP address as text. */
int64_t device_number(struct arena *arena, struct str user_agent, struct str address);

/* "Firefox on Linux"; absent when it does not say what it is. */
struct str device_name(struct arena *arena, struct str user_agent);

/* "Firefox on Linux, address 203.0.113.7": one line, whatever was sent. */
struct str device_text(struct arena *arena, struct str user_agent, struct str address);

#endif
