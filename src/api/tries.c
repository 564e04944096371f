#include "api/tries.h"

#include "base/hash.h"
#include "base/rng.h"
#include "base/types.h"
#include "http/proxy.h"

#include <string.h>

enum { KEY_BYTES_MAX = 1024, DOUBLINGS_MAX = 20 };

static const struct tries_rule {
    int64_t free_tries;
    int64_t longest_wait_us;
} rules[TRIES_KINDS] = {
    [TRIES_OF_ACCOUNT] = { TRIES_FREE_PER_ACCOUNT,
                           TRIES_ACCOUNT_WAIT_MAX_SECONDS *MICROS_PER_SECOND },
    [TRIES_OF_ADDRESS] = { TRIES_FREE_PER_ADDRESS,
                           TRIES_ADDRESS_WAIT_MAX_SECONDS *MICROS_PER_SECOND },
    [TRIES_OF_CODE] = { TRIES_FREE_PER_CODE, TRIES_CODE_WAIT_MAX_SECONDS *MICROS_PER_SECOND },
};

struct key_text {
    char at[KEY_BYTES_MAX];
    size_t len;
};

static void add(struct key_text *text, const void *at, size_t len)
{
    size_t room = sizeof(text->at) - text->len;
    size_t taken = len < room ? len : room;

    if (taken > 0) memcpy(text->at + text->len, at, taken);
    text->len += taken;
}

/* The place's length goes in too, so that no two pairs of place and account read the same. */
static int64_t key_of(struct tries *tries, struct str place, struct str account)
{
    struct key_text text = { .len = 0 };

    if (!tries->has_secret) rng_secure(tries->secret, sizeof(tries->secret));
    tries->has_secret = true;
    add(&text, tries->secret, sizeof(tries->secret));
    add(&text, &place.len, sizeof(place.len));
    add(&text, place.at, place.len);
    add(&text, account.at, account.len);

    struct hash hash = hash_of((struct str){ text.at, text.len });

    return hash_to_int63(&hash);
}

static struct tries_entry *entry_in(struct tries_entry set[static TRIES_WAYS], int64_t key,
                                    int64_t now_us)
{
    struct tries_entry *chosen = &set[0];

    for (size_t i = 0; i < TRIES_WAYS; i++) {
        if (set[i].key == key) {
            chosen = &set[i];
            break;
        }
        if (set[i].last_us < chosen->last_us) chosen = &set[i];
    }
    if (chosen->key != key || now_us - chosen->last_us >= TRIES_KEPT_SECONDS * MICROS_PER_SECOND)
        *chosen = (struct tries_entry){ .key = key, .last_us = now_us };
    return chosen;
}

static struct tries_entry *entry_of(struct tries *tries, enum tries_kind kind, struct str place,
                                    struct str account, int64_t now_us)
{
    int64_t key = key_of(tries, place, account);

    return entry_in(tries->entries[kind][key % TRIES_SETS], key, now_us);
}

/* What a password's try counts in. */
enum { PASSWORD_ENTRIES = 2 };

static void entries_of(struct tries *tries, struct str account, struct str address, int64_t now_us,
                       struct tries_entry *out[static PASSWORD_ENTRIES])
{
    unsigned char network[ADDRESS_BYTES];
    struct str place = address_network(address, network);

    out[TRIES_OF_ACCOUNT] = entry_of(tries, TRIES_OF_ACCOUNT, place, account, now_us);
    out[TRIES_OF_ADDRESS] = entry_of(tries, TRIES_OF_ADDRESS, place, STR_NONE, now_us);
}

static int64_t wait_of(const struct tries_entry *entry, const struct tries_rule *rule,
                       int64_t now_us)
{
    int64_t over = entry->count - rule->free_tries;

    if (over < 0) return 0;

    int64_t delay_us = MICROS_PER_SECOND << (over < DOUBLINGS_MAX ? over : DOUBLINGS_MAX);
    int64_t until_us =
        entry->last_us + (delay_us < rule->longest_wait_us ? delay_us : rule->longest_wait_us);

    return until_us > now_us ? until_us - now_us : 0;
}

/* `entries` are of the kinds from `first` on. False when one of them has to wait; else all count. */
static bool begin(struct tries_entry *const *entries, enum tries_kind first, size_t n,
                  int64_t now_us, int64_t *wait_us)
{
    *wait_us = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t wait = wait_of(entries[i], &rules[first + i], now_us);

        if (wait > *wait_us) *wait_us = wait;
    }
    for (size_t i = 0; i < n && *wait_us == 0; i++) {
        entries[i]->count++;
        entries[i]->last_us = now_us;
    }
    return *wait_us == 0;
}

bool tries_begin(struct tries *tries, struct str account, struct str address, int64_t now_us,
                 int64_t *wait_us)
{
    struct tries_entry *entries[PASSWORD_ENTRIES];

    pthread_mutex_lock(&tries->lock);
    entries_of(tries, account, address, now_us, entries);
    bool may = begin(entries, TRIES_OF_ACCOUNT, PASSWORD_ENTRIES, now_us, wait_us);
    pthread_mutex_unlock(&tries->lock);
    return may;
}

void tries_succeeded(struct tries *tries, struct str account, struct str address, int64_t now_us)
{
    struct tries_entry *entries[PASSWORD_ENTRIES];

    pthread_mutex_lock(&tries->lock);
    entries_of(tries, account, address, now_us, entries);
    entries[TRIES_OF_ACCOUNT]->count = 0;
    if (entries[TRIES_OF_ADDRESS]->count > 0) entries[TRIES_OF_ADDRESS]->count--;
    pthread_mutex_unlock(&tries->lock);
}

bool tries_begin_code(struct tries *tries, struct str account, int64_t now_us, int64_t *wait_us)
{
    pthread_mutex_lock(&tries->lock);
    struct tries_entry *entry = entry_of(tries, TRIES_OF_CODE, STR_NONE, account, now_us);
    bool may = begin(&entry, TRIES_OF_CODE, 1, now_us, wait_us);
    pthread_mutex_unlock(&tries->lock);
    return may;
}

void tries_code_succeeded(struct tries *tries, struct str account, int64_t now_us)
{
    pthread_mutex_lock(&tries->lock);
    entry_of(tries, TRIES_OF_CODE, STR_NONE, account, now_us)->count = 0;
    pthread_mutex_unlock(&tries->lock);
}
