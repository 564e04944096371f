#include "http/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

struct str address_text(struct arena *arena, const struct sockaddr *address)
{
    char *text = arena_alloc(arena, INET6_ADDRSTRLEN);

    if (address == NULL) return STR("unknown");
    if (address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text,
                  INET6_ADDRSTRLEN);
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *wide =
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(wide))
            inet_ntop(AF_INET, wide->s6_addr + 12, text, INET6_ADDRSTRLEN);
        else
            inet_ntop(AF_INET6, wide, text, INET6_ADDRSTRLEN);
    }
    return str_from_c(text);
}

static bool is_address(struct str text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char parsed[sizeof(struct in6_addr)];

    if (text.len == 0 || text.len >= sizeof(copy)) return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET, copy, parsed) == 1 || inet_pton(AF_INET6, copy, parsed) == 1;
}

static bool is_trusted(struct str trusted, struct str address)
{
    struct str rest = trusted, one;

    while (str_split(&rest, ',', &one)) {
        if (str_equal(str_trim(one), address)) return true;
    }
    return false;
}

/* Takes the last item off a comma-separated list. */
static bool take_last(struct str *list, struct str *last)
{
    size_t from = list->len;

    if (str_is_absent(*list)) return false;
    while (from > 0 && list->at[from - 1] != ',')
        from--;
    *last = str_trim(str_sub(*list, from, list->len - from));
    *list = from == 0 ? STR_NONE : str_sub(*list, 0, from - 1);
    return true;
}

struct str client_address(struct str peer, struct str forwarded_for, struct str trusted)
{
    struct str rest = forwarded_for, address = peer, next;

    while (is_trusted(trusted, address) && take_last(&rest, &next)) {
        if (!is_address(next)) break;
        address = next;
    }
    return address;
}

bool address_is_loopback(struct str address)
{
    return str_starts_with(address, STR("127.")) || str_equal(address, STR("::1"));
}

struct str address_network(struct str address, unsigned char network[static ADDRESS_BYTES])
{
    char text[INET6_ADDRSTRLEN] = "";

    if (address.len >= sizeof(text)) return str_sub(address, 0, sizeof(text));
    memcpy(text, address.at, address.len);
    if (inet_pton(AF_INET6, text, network) != 1) return address;
    return (struct str){ (const char *)network, ADDRESS_NETWORK_BYTES };
}
