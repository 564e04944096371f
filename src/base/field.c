#include "base/field_private.h"

#include <assert.h>
#include <string.h>

const struct field *field_find(const struct field *fields, struct str name, size_t *index)
{
    for (size_t i = 0; fields[i].name != NULL; i++) {
        if (str_equal_c(name, fields[i].name)) {
            if (index != NULL) *index = i;
            return &fields[i];
        }
    }
    return NULL;
}

uint64_t field_bit(const struct field *fields, const char *name)
{
    size_t index = 0;
    const struct field *field = field_find(fields, str_from_c(name), &index);

    assert(field != NULL && index < 64);
    return field == NULL ? 0 : UINT64_C(1) << index;
}

int name_index(names_t names, struct str name)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (str_equal_c(name, names[i])) return i;
    }
    return -1;
}

void field_clear(const struct field *field, void *out)
{
    void *at = (char *)out + field->offset;

    switch (field->type) {
    case FIELD_IS_ID: *(id64_t *)at = ID_NONE; break;
    case FIELD_IS_INTEGER: *(int64_t *)at = 0; break;
    case FIELD_IS_MONEY: *(micros_t *)at = MICROS_NONE; break;
    case FIELD_IS_INSTANT: *(instant_t *)at = INSTANT_NONE; break;
    case FIELD_IS_TEXT:
    case FIELD_IS_JSON: *(struct str *)at = STR_NONE; break;
    case FIELD_IS_BOOLEAN: *(bool *)at = false; break;
    case FIELD_IS_NAME: *(int *)at = -1; break;
    case FIELD_IS_NAMES: *(uint64_t *)at = 0; break;
    case FIELD_IS_ID_SET: *(struct id_set *)at = (struct id_set){ 0 }; break;
    case FIELD_IS_LIST: *(struct list *)at = (struct list){ 0 }; break;
    case FIELD_IS_OBJECT:
        if ((field->flags & FIELD_POINTER) != 0)
            *(void **)at = NULL;
        else
            fields_clear(field->fields, at);
        break;
    }
}

void fields_clear(const struct field *fields,
                  void *out) /* NOLINT(misc-no-recursion): as deep as tables nest */
{
    for (const struct field *field = fields; field->name != NULL; field++)
        field_clear(field, out);
}
