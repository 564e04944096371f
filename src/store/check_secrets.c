/* No secret is stored in clear (domain.md §3). */
#include "store/check_private.h"

#include "base/hash.h"
#include "base/seal.h"
#include "domain/second_factor.h"

static_assert(HASH_BYTES == 32, "lengths below");
static_assert(TOKEN_CHARS == 43, "patterns below");
static_assert(TOTP_SECRET_BYTES + SEAL_OVERHEAD_BYTES == 61, "lengths below");
static_assert(13 + 1 + TOKEN_CHARS + SEAL_OVERHEAD_BYTES == 98, "of a URL's token, below");
static_assert(8 + SEAL_OVERHEAD_BYTES == 49, "of the shortest secret of an engine, below");

static const struct check_column password_columns[] = {
    AGENCY, COLUMN("", SHOW_KIND), COLUMN_ID("user", ID_USER), NUMBER("characters"), COLUMNS_END,
};

/* What the column holds is never shown: it may be the password. */
static const char clear_passwords[] =
    "SELECT agency_id, id_kind, id, LENGTH(password_hash) FROM ("
    "SELECT agency_id, 'usr' AS id_kind, id, password_hash FROM users"
    " UNION ALL SELECT 0, 'plt', id, password_hash FROM platform_users) AS people"
    " WHERE password_hash NOT LIKE '$argon2id$v=%$m=%,t=%,p=%$%$%' OR LENGTH(password_hash) < 90"
    " ORDER BY agency_id, id LIMIT $1";

static const struct check_column hash_columns[] = {
    TEXT("table"),   AGENCY,      COLUMN("", SHOW_KIND), COLUMN_ID("row", ID_AGENCY),
    NUMBER("bytes"), COLUMNS_END,
};

/* clang-format off */
#define OF_BYTES(column, count) "(LENGTH(t." column ") <> " count " /*sqlite OR typeof(t." column ") <> 'blob'*/)"
#define NO_HASH(column)    OF_BYTES(column, "32")
#define NOT_SEALED(column) OF_BYTES(column, "61")

static const char wrong_hashes[] =
    "SELECT of_table, agency_id, id_kind, id, bytes FROM ("
    "SELECT 'sessions' AS of_table, t.agency_id, 'ses' AS id_kind, t.id, LENGTH(t.token_hash) AS bytes"
    " FROM sessions t WHERE " NO_HASH("token_hash")
    " UNION ALL SELECT 'platform_sessions', 0, 'ses', t.id, LENGTH(t.token_hash) FROM platform_sessions t"
    " WHERE " NO_HASH("token_hash")
    " UNION ALL SELECT 'api_keys', t.agency_id, 'key', t.id, LENGTH(t.secret_hash) FROM api_keys t"
    " WHERE " NO_HASH("secret_hash")
    " UNION ALL SELECT 'api_keys (hint)', t.agency_id, 'key', t.id, LENGTH(t.hint) FROM api_keys t"
    " WHERE LENGTH(t.hint) > 4"
    " UNION ALL SELECT 'idempotency_keys', t.agency_id, '', t.caller_id, LENGTH(t.request_hash)"
    " FROM idempotency_keys t WHERE " NO_HASH("request_hash")
    " UNION ALL SELECT 'invitations', t.agency_id, 'inv', t.id, LENGTH(t.token_hash) FROM invitations t"
    " WHERE " NO_HASH("token_hash")
    " UNION ALL SELECT 'user_links', t.agency_id, 'usr', t.user_id, LENGTH(t.token_hash) FROM user_links t"
    " WHERE t.token_hash IS NOT NULL AND " NO_HASH("token_hash")
    " UNION ALL SELECT 'recovery_codes', t.agency_id, " SQL_PERSON_PREFIX ", t.user_id, LENGTH(t.code_hash) FROM recovery_codes t"
    " WHERE " NO_HASH("code_hash")
    " UNION ALL SELECT 'user_totp', t.agency_id, " SQL_PERSON_PREFIX ", t.user_id, LENGTH(t.sealed) FROM user_totp t"
    " WHERE t.sealed IS NOT NULL AND " NOT_SEALED("sealed")
    " UNION ALL SELECT 'user_totp (pending)', t.agency_id, " SQL_PERSON_PREFIX ", t.user_id, LENGTH(t.pending_sealed) FROM user_totp t"
    " WHERE t.pending_sealed IS NOT NULL AND " NOT_SEALED("pending_sealed")
    " UNION ALL SELECT 'engine_connections', t.agency_id, 'eng', t.id, LENGTH(t.token_hash) FROM engine_connections t"
    " WHERE " NO_HASH("token_hash")
    " UNION ALL SELECT 'engine_connections (URL)', t.agency_id, 'eng', t.id, LENGTH(t.token_sealed)"
    " FROM engine_connections t WHERE " OF_BYTES("token_sealed", "98")
    " UNION ALL SELECT 'engine_connections (secret)', t.agency_id, 'eng', t.id, LENGTH(t.secret_sealed)"
    " FROM engine_connections t WHERE t.secret_sealed IS NOT NULL AND (LENGTH(t.secret_sealed) < 49"
    " /*sqlite OR typeof(t.secret_sealed) <> 'blob'*/)"
    ") AS faults ORDER BY of_table, agency_id, id LIMIT $1";
/* clang-format on */

static const struct check_column clear_columns[] = {
    TEXT("table"), TEXT("column"), AGENCY, COLUMN("", SHOW_KIND), COLUMN_ID("row", ID_AGENCY),
    COLUMNS_END,
};

/* clang-format off */
/* A session's cookie and an API key both hold 13 characters of an id, '_', and a token (http/credentials.h); a set-up
   link ends in "#token=" and one. Less than all of it is no secret: people may name things "mbk_". */
#define FOUR(c)  c c c c
#define ID_CHAR    "[0-9a-z]"
#define TOKEN_CHAR "[A-Za-z0-9_-]"
#define ID_GLOB    FOUR(ID_CHAR) FOUR(ID_CHAR) FOUR(ID_CHAR) ID_CHAR
#define TOKEN_GLOB FOUR(FOUR(TOKEN_CHAR)) FOUR(FOUR(TOKEN_CHAR)) FOUR(TOKEN_CHAR) FOUR(TOKEN_CHAR) \
    TOKEN_CHAR TOKEN_CHAR TOKEN_CHAR
#define IS_SECRET(column)                                                                                              \
    "(/*sqlite " column " GLOB '*" ID_GLOB "[_]" TOKEN_GLOB "*' OR " column " GLOB '*token=" TOKEN_GLOB "*'*/"         \
    "/*postgres " column " ~ '([0-9a-z]{13}_|token=)[A-Za-z0-9_-]{43}'*/)"
#define IS_TOKEN(column)                                                                                               \
    "(/*sqlite " column " GLOB '" TOKEN_GLOB "'*//*postgres " column " ~ '^[A-Za-z0-9_-]{43}$'*/)"
#define CLEAR(table, column, prefix, id)                                                                               \
    "SELECT '" table "' AS of_table, '" column "' AS of_column, t.agency_id, '" prefix "' AS id_kind, " id " AS id"    \
    " FROM " table " t WHERE " IS_SECRET("t." column)
#define CLEAR_OF_PLATFORM(table, column, prefix)                                                                       \
    "SELECT '" table "' AS of_table, '" column "' AS of_column, 0 AS agency_id, '" prefix "' AS id_kind, t.id AS id"   \
    " FROM " table " t WHERE " IS_SECRET("t." column)
#define AND " UNION ALL "

static const char clear_secrets[] =
    "SELECT of_table, of_column, agency_id, id_kind, id FROM ("
    CLEAR("idempotency_keys", "reply", "", "t.caller_id")
    AND CLEAR("idempotency_keys", "idempotency_key", "", "t.caller_id")
    AND CLEAR("audit_events", "before_json", "aud", "t.id")
    AND CLEAR("audit_events", "after_json", "aud", "t.id")
    AND CLEAR("audit_events", "user_agent", "aud", "t.id")
    AND CLEAR("audit_events", "actor_name", "aud", "t.id")
    AND CLEAR("sessions", "user_agent", "ses", "t.id")
    AND CLEAR("sessions", "address", "ses", "t.id")
    AND CLEAR("api_keys", "name", "key", "t.id")
    AND CLEAR("api_keys", "hint", "key", "t.id")
    AND CLEAR("engine_connections", "name", "eng", "t.id")
    AND CLEAR("engine_connections", "mapping", "eng", "t.id")
    AND CLEAR("users", "name", "usr", "t.id")
    AND CLEAR("outbox", "once_key", "mail", "t.id")
    AND CLEAR("outbox", "address", "mail", "t.id")
    AND CLEAR("outbox", "detail", "mail", "t.id")
    AND CLEAR("outbox", "last_error", "mail", "t.id")
    AND CLEAR_OF_PLATFORM("platform_users", "name", "plt")
    AND CLEAR_OF_PLATFORM("platform_sessions", "user_agent", "ses")
    AND CLEAR_OF_PLATFORM("platform_sessions", "address", "ses")
    AND CLEAR_OF_PLATFORM("platform_events", "user_agent", "")
    AND CLEAR_OF_PLATFORM("platform_events", "before_json", "")
    AND CLEAR_OF_PLATFORM("platform_events", "after_json", "")
    AND "SELECT 'store_facts', name, 0, '', 0 FROM store_facts"
    " WHERE " IS_SECRET("value") " OR (name NOT LIKE '%hash' AND " IS_TOKEN("value") ")"
    ") AS faults ORDER BY of_table, of_column, agency_id, id LIMIT $1";
/* clang-format on */

const struct invariant check_secrets[] = {
    {
        .name = "passwords_hashed",
        .sentence = "every password is kept as an argon2id hash",
        .subjects = { &check_users_counted, &check_staff_counted },
        .sql = clear_passwords,
        .columns = password_columns,
    },
    {
        .name = "secrets_hashed",
        .sentence = "every session, API key, link and recovery code is kept as a hash of 32 bytes,"
                    " every authenticator's secret and engine's URL and secret sealed",
        .subjects = { &check_sessions_counted, &check_keys_counted, &check_replies_counted },
        .sql = wrong_hashes,
        .columns = hash_columns,
    },
    {
        .name = "no_secret_in_clear",
        .sentence = "no text holds an API key, a session or a set-up link",
        .subjects = { &check_replies_counted, &check_events_counted, &check_sessions_counted },
        .sql = clear_secrets,
        .columns = clear_columns,
    },
    INVARIANTS_END,
};
