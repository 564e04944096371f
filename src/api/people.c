#include "api/people.h"

#include "api/records.h"
#include "base/id.h"
#include "base/json.h"

struct access_view {
    struct str email;
    int role;
    struct str subaccounts;
};

/* clang-format off */
static const struct field access_fields[] = {
    FIELD_TEXT(struct access_view, email),
    FIELD_NAME(struct access_view, role, role_names),
    FIELD_JSON(struct access_view, subaccounts),
    FIELD_END,
};
/* clang-format on */

struct access access_of(const struct access_input *input)
{
    return (struct access){ assignable_role(input->role), input->subaccounts };
}

static void add_account(struct buffer *out, const struct named_subaccount *account)
{
    buffer_add_c(out, "{\"id\":\"");
    buffer_add_id(out, ID_SUBACCOUNT, account->id);
    buffer_add_c(out, "\",\"name\":");
    json_write_string(out, account->name);
    buffer_add_byte(out, '}');
}

struct str reach_json(struct arena *arena, bool is_all, const struct named_subaccount *accounts,
                      size_t n)
{
    struct buffer out = buffer_new(arena, 64 * (n + 1));

    if (is_all) return STR("\"all\"");
    buffer_add_byte(&out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0) buffer_add_byte(&out, ',');
        add_account(&out, &accounts[i]);
    }
    buffer_add_byte(&out, ']');
    return buffer_str(&out);
}

static struct str ids_json(struct arena *arena, bool is_all, const id64_t *ids, size_t n)
{
    struct buffer out = buffer_new(arena, 24 * (n + 1));

    if (is_all) return STR("\"all\"");
    buffer_add_byte(&out, '[');
    for (size_t i = 0; i < n; i++) {
        buffer_add_c(&out, i > 0 ? ",\"" : "\"");
        buffer_add_id(&out, ID_SUBACCOUNT, ids[i]);
        buffer_add_byte(&out, '"');
    }
    buffer_add_byte(&out, ']');
    return buffer_str(&out);
}

struct str access_record(struct request *r, struct str email, enum role role, bool is_all,
                         const id64_t *subaccounts, size_t n)
{
    const struct access_view view = { email, (int)role,
                                      ids_json(r->arena, is_all, subaccounts, n) };

    return record_of(r, access_fields, &view);
}
