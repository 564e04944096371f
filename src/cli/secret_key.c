#include "cli/secret_key.h"

#include "base/log.h"
#include "base/seal.h"
#include "base/time.h"
#include "engine/writer.h"
#include "store/agencies.h"
#include "store/second_factors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the store says about its key: absent when it has none yet. A file in which nothing is sealed goes with any key:
   nobody else has it open. */
static bool find_fingerprint(struct tx *tx, void *context)
{
    struct str *fingerprint = context;
    bool is_sealed = true;

    if (!store_fact_find(tx, STR(SECRET_KEY_FACT), fingerprint)) return false;
    if (db_kind(tx->db) == DB_SQLITE && !str_is_absent(*fingerprint)) {
        if (!user_totp_any(tx, &is_sealed)) return false;
        if (!is_sealed) *fingerprint = STR_NONE;
        return is_sealed || store_fact_delete(tx, STR(SECRET_KEY_FACT));
    }
    return true;
}

/* The first one counts, of nodes that start together too. */
static bool claim_fingerprint(struct tx *tx, void *context)
{
    struct str *fingerprint = context;

    return store_fact_set_once(tx, STR(SECRET_KEY_FACT), *fingerprint)
        && store_fact_find(tx, STR(SECRET_KEY_FACT), fingerprint);
}

static bool in_store(struct command_run *run, struct db *db,
                     bool (*work)(struct tx *tx, void *context), struct str *text)
{
    struct tx *tx = db_connect(db, DB_WRITER, &run->problem);

    if (tx == NULL) return false;
    bool done = tx_run(tx, run->arena, &run->problem, clock_now(), work, text);
    db_disconnect(tx);
    return done;
}

static bool fail_with_file(struct command_run *run, struct str path, const char *what)
{
    const char *why = strerror(errno);

    return fail(&run->problem, REASON_BAD_REQUEST, NULL, "the secret key %.*s: %s: %s",
                STR_ARG(path), what, why);
}

static bool read_key(struct command_run *run, struct str path, struct str *out)
{
    char text[SECRET_KEY_CHARS_MAX + 1];
    FILE *file = fopen(str_to_c(run->arena, path), "re");
    struct stat facts;

    if (file == NULL) return fail_with_file(run, path, "it cannot be read");
    size_t len = fread(text, 1, sizeof(text), file);
    bool is_open_to_all = fstat(fileno(file), &facts) == 0 && (facts.st_mode & S_IROTH) != 0;
    fclose(file);
    if (len > SECRET_KEY_CHARS_MAX)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "the secret key %.*s is longer than %d bytes", STR_ARG(path),
                    SECRET_KEY_CHARS_MAX);
    if (is_open_to_all) log_event(LOG_WARN, "secret_key_open_to_all", LOG_TEXT("file", path));
    *out = str_copy(run->arena, str_trim((struct str){ text, len }));
    explicit_bzero(text, sizeof(text));
    return out->len >= SECRET_KEY_CHARS_MIN
        || fail(
               &run->problem, REASON_BAD_REQUEST, NULL,
               "the secret key %.*s is shorter than %d characters; \"openssl rand -base64 32\" makes"
               " one",
               STR_ARG(path), SECRET_KEY_CHARS_MIN);
}

/* Durable before anything is sealed with it. */
static bool make_key(struct command_run *run, struct str path, struct str *out)
{
    struct str line = token_new(run->arena);
    int fd = open(str_to_c(run->arena, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                  S_IRUSR | S_IWUSR);

    if (fd < 0) return fail_with_file(run, path, "it cannot be made");
    bool written = dprintf(fd, "%.*s\n", STR_ARG(line)) == (int)line.len + 1 && fsync(fd) == 0;
    if (!written) {
        fail_with_file(run, path, "it cannot be written");
        unlink(str_to_c(run->arena, path));
    }
    close(fd);
    log_event(LOG_INFO, "secret_key_made", LOG_TEXT("file", path));
    *out = line;
    return written;
}

/* The file beside an SQLite store; absent for others. */
static struct str path_beside(struct command_run *run)
{
    const struct common_settings *common = run->settings;
    struct str scheme = STR("sqlite:");

    if (!str_starts_with(common->store, scheme)) return STR_NONE;
    struct str path = str_sub(common->store, scheme.len, common->store.len);
    return str_format(run->arena, "%.*s.key", STR_ARG(path));
}

static bool obtain(struct command_run *run, struct str file, bool is_expected, struct str *out)
{
    struct str beside = path_beside(run);

    *out = STR_NONE;
    if (!str_is_absent(file)) return read_key(run, file, out);
    if (!str_is_absent(beside) && (is_expected || access(str_to_c(run->arena, beside), F_OK) == 0))
        return read_key(run, beside, out);
    if (!str_is_absent(beside)) return make_key(run, beside, out);
    return !is_expected
        || fail(&run->problem, REASON_BAD_REQUEST, NULL,
                "this store was used with a secret key: --secret-key-file must name it");
}

bool secret_key_settle(struct command_run *run, struct db *db, struct str file, struct str *out)
{
    struct str kept, own;

    if (!in_store(run, db, find_fingerprint, &kept)
        || !obtain(run, file, !str_is_absent(kept), out))
        return false;
    if (str_is_absent(*out)) return true;

    struct hash fingerprint = seal_fingerprint(*out);

    own = str_hex(run->arena, (struct bytes){ fingerprint.at, HASH_BYTES });
    kept = own;
    return in_store(run, db, claim_fingerprint, &kept)
        && (str_equal(own, kept)
            || fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "this is not the secret key that the store was used with: what was sealed with"
                    " that one would be lost"));
}
