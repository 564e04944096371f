/* A sub-account's wallet as the API shows it (engine/wallets.h), read. */
#ifndef API_WALLETS_H
#define API_WALLETS_H

#include "engine/wallets.h"
#include "http/request.h"

/* The wallet as it is in this transaction. */
bool wallet_view_load(struct request *r, id64_t subaccount, struct wallet_view *out);

#endif
