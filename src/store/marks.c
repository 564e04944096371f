#include "store/marks.h"

#include "base/fibonacci_hash.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 64, TEXT_OF_ONE_MAX = 64, HEX = 16, PARTS = 3 };

/* Open addressing: slots hold position + 1, 0 is free. It grows up to `most` entries. */
struct marks {
    struct mark *at;
    uint32_t *slots; /* twice as many as there is room for entries */
    size_t count, room, most;
    bool lost;
};

static void make_room(struct marks *marks, size_t room)
{
    marks->at = realloc(marks->at, room * sizeof(*marks->at));
    free(marks->slots);
    marks->slots = calloc(room * 2, sizeof(*marks->slots));
    assert(marks->at != NULL && marks->slots != NULL);
    marks->room = room;
}

struct marks *marks_new(size_t most)
{
    struct marks *marks = calloc(1, sizeof(*marks));

    assert(marks != NULL && most >= ROOM_FIRST && (most & (most - 1)) == 0);
    marks->most = most;
    make_room(marks, ROOM_FIRST);
    return marks;
}

void marks_free(struct marks *marks)
{
    if (marks == NULL) return;
    free(marks->slots);
    free(marks->at);
    free(marks);
}

/* The account's slot: its own, or the free one where it would go. */
static size_t slot_of(const struct marks *marks, id64_t agency, id64_t subaccount)
{
    uint64_t hash = fibonacci_hash((uint64_t)agency * 31 + (uint64_t)subaccount);
    size_t mask = marks->room * 2 - 1, slot = (hash >> 32) & mask;

    while (marks->slots[slot] != 0) {
        const struct mark *there = &marks->at[marks->slots[slot] - 1];
        if (there->agency == agency && there->subaccount == subaccount) break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

bool marks_find(const struct marks *marks, id64_t agency, id64_t subaccount, size_t *position)
{
    uint32_t slot = marks->slots[slot_of(marks, agency, subaccount)];

    *position = slot - 1;
    return slot != 0;
}

static void grow(struct marks *marks)
{
    make_room(marks, marks->room * 2);
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->at[i];
        marks->slots[slot_of(marks, mark->agency, mark->subaccount)] = (uint32_t)i + 1;
    }
}

struct mark *marks_of(struct marks *marks, id64_t agency, id64_t subaccount)
{
    size_t slot = slot_of(marks, agency, subaccount);

    if (marks->slots[slot] != 0) return &marks->at[marks->slots[slot] - 1];
    if (marks->count == marks->most) return NULL;
    if (marks->count == marks->room) {
        grow(marks);
        slot = slot_of(marks, agency, subaccount);
    }
    marks->at[marks->count] = (struct mark){ agency, subaccount, 0 };
    marks->slots[slot] = (uint32_t)++marks->count;
    return &marks->at[marks->count - 1];
}

void marks_add(struct marks *marks, id64_t agency, id64_t subaccount, unsigned kinds)
{
    struct mark *mark = marks_of(marks, agency, subaccount);

    if (mark != NULL)
        mark->kinds |= kinds;
    else
        marks->lost = true;
}

void marks_add_all(struct marks *marks, const struct marks *others)
{
    for (size_t i = 0; i < others->count; i++)
        marks_add(marks, others->at[i].agency, others->at[i].subaccount, others->at[i].kinds);
    marks->lost = marks->lost || others->lost;
}

void marks_lose(struct marks *marks)
{
    marks->lost = true;
}

/* The last that came first: what came before it was not put behind it. */
void marks_clear(struct marks *marks)
{
    while (marks->count > 0) {
        const struct mark *last = &marks->at[marks->count - 1];
        marks->slots[slot_of(marks, last->agency, last->subaccount)] = 0;
        marks->count--;
    }
    marks->lost = false;
}

size_t marks_count(const struct marks *marks)
{
    return marks->count;
}

bool marks_are_lost(const struct marks *marks)
{
    return marks->lost;
}

bool marks_are_empty(const struct marks *marks)
{
    return marks->count == 0 && !marks->lost;
}

struct mark *marks_at(struct marks *marks, size_t position)
{
    return &marks->at[position];
}

bool marks_to_text(struct marks *marks, size_t *next, struct buffer *out)
{
    if (*next >= marks->count) return false;
    for (; *next < marks->count && out->len + TEXT_OF_ONE_MAX < MARKS_TEXT_MAX; (*next)++) {
        const struct mark *mark = &marks->at[*next];
        buffer_add_format(out, "%s%llx,%llx,%x", out->len > 0 ? ";" : "",
                          (unsigned long long)mark->agency, (unsigned long long)mark->subaccount,
                          mark->kinds);
    }
    return true;
}

static bool read_hex(struct str text, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_digit = c >= '0' && c <= '9', is_letter = c >= 'a' && c <= 'f';
        if (!is_digit && !is_letter) return false;
        *out = *out * HEX + (uint64_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    return text.len > 0 && text.len <= HEX;
}

static bool read_one(struct marks *marks, struct str text)
{
    uint64_t parts[PARTS];
    struct str rest = text, part;

    for (int i = 0; i < PARTS; i++) {
        if (!str_split(&rest, ',', &part) || !read_hex(part, &parts[i])) return false;
    }
    marks_add(marks, (id64_t)parts[0], (id64_t)parts[1], (unsigned)parts[2]);
    return true;
}

bool marks_from_text(struct marks *marks, struct str text)
{
    struct str rest = text, one;

    while (str_split(&rest, ';', &one)) {
        if (!read_one(marks, one)) return false;
    }
    return true;
}
