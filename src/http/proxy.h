/* The client's address, also behind proxies that are trusted to tell it. */
#ifndef HTTP_PROXY_H
#define HTTP_PROXY_H

#include "base/str.h"

#include <sys/socket.h>

/* "192.0.2.7" or "2001:db8::1"; IPv4 in IPv6 as IPv4. */
struct str address_text(struct arena *arena, const struct sockaddr *address);

/* The right-most address of X-Forwarded-For (absent: none) that is not a trusted proxy, when the peer itself is one;
   else the peer. `trusted` is a comma-separated list, absent: none. */
struct str client_address(struct str peer, struct str forwarded_for, struct str trusted);

/* Where somebody is: of IPv6 the network, in `network`, as one subscriber has all of its addresses. */
enum { ADDRESS_BYTES = 16, ADDRESS_NETWORK_BYTES = 8 };
struct str address_network(struct str address, unsigned char network[static ADDRESS_BYTES]);

bool address_is_loopback(struct str address);

#endif
