#include "domain/devices.h"

#include "base/hash.h"
#include "base/types.h"

#include <arpa/inet.h>
#include <string.h>

/* Of an IPv4 address a /16, of IPv6 a /32: what a provider hands out in one region. */
enum { IPV4_NETWORK_BYTES = 2, IPV6_NETWORK_BYTES = 4, IPV6_BYTES = 16 };

/* By what a browser's User-Agent is known; of several the first, as each names those it descends from. */
static const struct mark {
    const char *part, *name;
} browsers[] = {
    { "Edg", "Edge" },       { "OPR/", "Opera" },     { "SamsungBrowser", "Samsung Internet" },
    { "Firefox", "Firefox" }, { "FxiOS", "Firefox" }, { "CriOS", "Chrome" },
    { "Chrome", "Chrome" },  { "Safari", "Safari" },  { "curl", "curl" },
}, systems[] = {
    { "iPhone", "iPhone" }, { "iPad", "iPad" },         { "Android", "Android" },
    { "Windows", "Windows" }, { "Mac OS X", "macOS" }, { "CrOS", "ChromeOS" }, { "Linux", "Linux" },
};

static const char *name_in(const struct mark *marks, size_t n, struct str text)
{
    for (size_t i = 0; i < n && !str_is_absent(text); i++) {
        if (str_contains(text, str_from_c(marks[i].part))) return marks[i].name;
    }
    return NULL;
}

/* Absent when it is no address: then the text itself counts. */
static struct str network_of(struct str address, unsigned char bytes[static IPV6_BYTES])
{
    char text[INET6_ADDRSTRLEN] = "";

    if (address.len >= sizeof(text)) return STR_NONE;
    if (address.len > 0) memcpy(text, address.at, address.len);
    if (inet_pton(AF_INET, text, bytes) == 1)
        return (struct str){ (const char *)bytes, IPV4_NETWORK_BYTES };
    if (inet_pton(AF_INET6, text, bytes) == 1)
        return (struct str){ (const char *)bytes, IPV6_NETWORK_BYTES };
    return STR_NONE;
}

static void add_without_digits(struct buffer *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') buffer_add_byte(out, text.at[i]);
    }
}

int64_t device_number(struct arena *arena, struct str user_agent, struct str address)
{
    unsigned char bytes[IPV6_BYTES];
    struct str network = network_of(address, bytes);
    struct buffer text = buffer_new(arena, user_agent.len + INET6_ADDRSTRLEN);

    buffer_add(&text, str_is_absent(network) ? address : network);
    buffer_add_byte(&text, '\n');
    add_without_digits(&text, user_agent);
    struct hash hash = hash_of(buffer_str(&text));
    return hash_to_int63(&hash);
}

struct str device_name(struct arena *arena, struct str user_agent)
{
    const char *browser = name_in(browsers, COUNT_OF(browsers), user_agent);
    const char *system = name_in(systems, COUNT_OF(systems), user_agent);

    if (browser == NULL && system == NULL) return STR_NONE;
    return str_format(arena, "%s%s%s", browser == NULL ? "a browser" : browser,
                      system == NULL ? "" : " on ", system == NULL ? "" : system);
}

struct str device_text(struct arena *arena, struct str user_agent, struct str address)
{
    struct str name = device_name(arena, user_agent);
    struct str place = str_is_absent(address) ? STR("unknown") : address;

    if (str_is_absent(name)) name = STR("a program that does not say what it is");
    return str_format(arena, "%.*s, address %.*s", STR_ARG(name), STR_ARG(place));
}
