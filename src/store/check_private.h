/* Inside the tables of invariants (check_*.c): columns, and numbers of the domain as SQL literals.
   The numbers are stored for ever (ledger.def, postings.def); each is held to its enum here. */
#ifndef STORE_CHECK_PRIVATE_H
#define STORE_CHECK_PRIVATE_H

#include "domain/calls.h"
#include "domain/ledger.h"
#include "store/check.h"

#include <assert.h>

#define SQL_WALLETS         "(0, 1)"
#define SQL_WALLET_BASIC    "0"
#define SQL_WALLET_PREMIUM  "1"
#define SQL_PROFIT          "5"
#define SQL_COLLECTED       "6"
#define SQL_OUTSIDE         "7"
#define SQL_CREDIT          "8"
#define SQL_USED_BASIC      "12"
#define SQL_USED_PREMIUM    "13"
#define SQL_BASE_REVENUE    "17"
#define SQL_CASH            "18"
#define SQL_ROUNDING        "19"
#define SQL_KIND_CALLS      "0"
#define SQL_KIND_PURCHASE   "1"
#define SQL_KIND_SETTLEMENT "3"
#define SQL_KIND_MOVE       "4"
#define SQL_BASIC           "0"
#define SQL_PREMIUM         "1"

static_assert(LEDGER_WALLET_BASIC == 0 && LEDGER_WALLET_PREMIUM == 1, "SQL_WALLETS");
static_assert(LEDGER_PROFIT == 5 && LEDGER_COLLECTED == 6 && LEDGER_OUTSIDE == 7, "SQL_PROFIT …");
static_assert(LEDGER_CREDIT == 8, "SQL_CREDIT");
static_assert(LEDGER_USED_BASIC == 12 && LEDGER_USED_PREMIUM == 13, "SQL_USED_…");
static_assert(LEDGER_BASE_REVENUE == 17 && LEDGER_CASH == 18 && LEDGER_ROUNDING == 19,
              "SQL_CASH …");
static_assert(POSTING_CALLS == 0 && POSTING_PURCHASE == 1, "SQL_KIND_…");
static_assert(POSTING_SETTLEMENT == 3 && POSTING_MOVE == 4, "SQL_KIND_…");
static_assert(TIER_BASIC == 0 && TIER_PREMIUM == 1 && TIER_COUNT == 2, "SQL_BASIC …");

/* Of which kind the user of a row is: the agency 0 is the platform's staff. */
#define SQL_PERSON_PREFIX "CASE t.agency_id WHEN 0 THEN 'plt' ELSE 'usr' END"

/* The tier of a wallet's or a used account's entry. */
#define SQL_TIER_OF_ACCOUNT \
    "CASE WHEN account IN (" SQL_WALLET_PREMIUM ", " SQL_USED_PREMIUM ") THEN 1 ELSE 0 END"

/* value(s, p) of domain.md §1 for s, p >= 0, where the product fits. */
#define SQL_VALUE(seconds, price) "((" seconds " * " price " + 30) / 60)"

/* clang-format off */
/* Columns. The first two are what nearly every row begins with. */
#define AGENCY            COLUMN_ID("agency", ID_AGENCY)
#define SUBACCOUNT        COLUMN_ID("sub-account", ID_SUBACCOUNT)
#define POSTING           COLUMN_ID("posting", ID_POSTING)
#define LEDGER_ACCOUNT_OF COLUMN("account", SHOW_ACCOUNT), COLUMN("of", SHOW_OWNER)
#define TIER              COLUMN_NAME("tier", tier_names)
#define COLUMN_ID(label_text, kind) { .label = (label_text), .show = SHOW_ID, .id_kind = (kind) }
#define COLUMN_NAME(label_text, list) { .label = (label_text), .show = SHOW_NAME, .names = (list) }
#define COLUMN(label_text, how) { .label = (label_text), .show = (how) }
#define AMOUNT(label_text)  COLUMN(label_text, SHOW_AMOUNT)
#define NUMBER(label_text)  COLUMN(label_text, SHOW_NUMBER)
#define MONEY(label_text)   COLUMN(label_text, SHOW_MONEY)
#define INSTANT(label_text) COLUMN(label_text, SHOW_INSTANT)
#define TEXT(label_text)    COLUMN(label_text, SHOW_TEXT)
#define HIDDEN              COLUMN("", SHOW_NOTHING)
#define COLUMNS_END { .label = NULL }
#define INVARIANTS_END { .name = NULL }
/* clang-format on */

#endif
