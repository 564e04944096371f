/* What audit events hold of a thing before and after. */
#ifndef API_RECORDS_H
#define API_RECORDS_H

#include "http/request.h"

/* A struct as JSON by a table that names nothing secret. */
struct str record_of(struct request *r, const struct field *fields, const void *in);

/* What is kept of each, where more than its own routes record it. */
extern const struct field agency_record[];     /* of a struct agency */
extern const struct field subaccount_record[]; /* of a struct subaccount */
extern const struct field purchase_record[];   /* of a struct purchase, when it is made */
extern const struct field
    settlement_record[]; /* of a struct purchase, before and after it is paid */
extern const struct field minute_move_record[];        /* of a struct minute_move */
extern const struct field knowledge_transfer_record[]; /* of a struct knowledge_transfer */
extern const struct field api_key_record[];            /* of a struct api_key */

#endif
