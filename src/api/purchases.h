/* A purchase as the API shows it, for what happens to one elsewhere. */
#ifndef API_PURCHASES_H
#define API_PURCHASES_H

#include "domain/purchases.h"
#include "http/request.h"

/* The purchase of the path: in the agency, and as far away as its sub-account. */
bool purchase_reach(struct request *r, enum permission permission, struct purchase *out);

#endif
