/* Secrets that travel and secrets that stay: tokens, cookies, bearers, passwords. */
#include "arena_fixture.h"
#include "property.h"

#include "base/hash.h"
#include "base/id.h"
#include "http/credentials.h"

#include <string.h>

#define AGENCY INT64_C(0x0123456789abcdef)

static void hashes_are_blake2b(void **state)
{
    /* b2sum -l 256 of nothing and of "abc". */
    static const struct {
        const char *text, *hex;
    } rows[] = {
        { "", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8" },
        { "abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hash hash = hash_of(str_from_c(rows[i].text));

        assert_str(str_hex(*state, (struct bytes){ hash.at, HASH_BYTES }), rows[i].hex);
    }
    struct hash hash = hash_of(STR("abc"));
    assert_int_equal(hash_to_int63(&hash), INT64_C(0xbddd813c63423972) >> 1 & INT64_MAX);
}

static void no_two_tokens_are_the_same(void **state)
{
    enum { MANY = 2000 };
    struct str tokens[MANY];

    for (size_t i = 0; i < MANY; i++) {
        tokens[i] = token_new(*state);
        assert_int_equal(tokens[i].len, TOKEN_CHARS);
        for (size_t j = 0; j < i; j++)
            assert_false(str_equal(tokens[i], tokens[j]));
    }
}

static void a_session_may_be_of_no_agency_but_an_api_key_may_not(void **state)
{
    struct str session = session_secret_new(*state, ID_NONE),
               key = api_key_secret_new(*state, ID_NONE);
    struct credential of_cookie =
        credential_read(STR_NONE, str_format(*state, "mb_session=%.*s", STR_ARG(session)));
    struct credential of_bearer =
        credential_read(str_format(*state, "Bearer %.*s", STR_ARG(key)), STR_NONE);
    struct hash hash = hash_of(session);

    assert_int_equal(of_cookie.kind, CREDENTIAL_SESSION);
    assert_int_equal(of_cookie.agency, ID_NONE);
    assert_memory_equal(of_cookie.hash.at, hash.at, HASH_BYTES);
    assert_int_equal(of_bearer.kind, CREDENTIAL_MALFORMED);
}

static void a_secret_comes_back_as_what_it_is(void **state)
{
    struct str session = session_secret_new(*state, AGENCY),
               key = api_key_secret_new(*state, AGENCY);
    struct str cookie = str_format(*state, "a=b; mb_session=%.*s; c=d", STR_ARG(session));
    struct str bearer = str_format(*state, "Bearer %.*s", STR_ARG(key));
    struct credential of_cookie = credential_read(STR_NONE, cookie);
    struct credential of_bearer = credential_read(bearer, STR_NONE);
    struct hash session_hash = hash_of(session), key_hash = hash_of(key);

    assert_int_equal(of_cookie.kind, CREDENTIAL_SESSION);
    assert_int_equal(of_cookie.agency, AGENCY);
    assert_memory_equal(of_cookie.hash.at, session_hash.at, HASH_BYTES);
    assert_int_equal(of_bearer.kind, CREDENTIAL_API_KEY);
    assert_int_equal(of_bearer.agency, AGENCY);
    assert_memory_equal(of_bearer.hash.at, key_hash.at, HASH_BYTES);
    /* The one that was sent on purpose counts. */
    assert_int_equal(credential_read(bearer, cookie).kind, CREDENTIAL_API_KEY);
    assert_int_equal(credential_read(STR("Bearer x"), cookie).kind, CREDENTIAL_MALFORMED);
}

static void who_sends_nothing_is_nobody(void **state)
{
    assert_int_equal(credential_read(STR_NONE, STR_NONE).kind, CREDENTIAL_NONE);
    assert_int_equal(credential_read(STR_NONE, STR("")).kind, CREDENTIAL_NONE);
    assert_int_equal(credential_read(STR_NONE, STR("a=b; mb_sessions=x")).kind, CREDENTIAL_NONE);
    assert_int_equal(credential_read(STR_NONE, STR("mb_session=")).kind, CREDENTIAL_NONE);
}

static void what_is_not_whole_is_malformed(void **state)
{
    struct str key = api_key_secret_new(*state, AGENCY);
    const char *whole = str_to_c(*state, key);
    struct str wrong[] = {
        STR(""),
        STR("Bearer"),
        STR("Bearer "),
        STR("Bearer mbk_"),
        str_format(*state, "bearer %s", whole),
        str_format(*state, "Basic %s", whole),
        str_format(*state, "%s", whole),
        str_format(*state, "Bearer %.*s", (int)key.len - 1, whole),
        str_format(*state, "Bearer %sA", whole),
        str_format(*state, "Bearer %s", whole + 4),
        str_format(*state, "Bearer mbk-%s", whole + 4),
        str_format(*state, "Bearer mbk_0000000000000%s", whole + 4 + 13),
        str_format(*state, "Bearer mbk_zzzzzzzzzzzzz%s", whole + 4 + 13),
        str_format(*state, "Bearer %.*s+", (int)key.len - 1, whole),
        str_format(*state, "Bearer %.*s-%s", 4 + 13, whole, whole + 4 + 14),
    };

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_row(credential_read(wrong[i], STR_NONE).kind == CREDENTIAL_MALFORMED,
                   str_to_c(*state, wrong[i]));
    assert_int_equal(credential_read(STR_NONE, STR("mb_session=abc")).kind, CREDENTIAL_MALFORMED);
}

static void cookies_are_found_by_their_whole_name(void **state)
{
    static const struct {
        const char *header, *value;
    } rows[] = {
        { "name=v", "v" },         { "a=1; name=v; b=2", "v" },
        { "a=1;name=v", "v" },     { " name=v ", "v" },
        { "name=", "" },           { "name=a=b", "a=b" },
        { "xname=1", NULL },       { "names=1", NULL },
        { "name", NULL },          { "", NULL },
        { ";;;", NULL },           { "NAME=v", NULL },
        { "name=1; name=2", "1" }, { "a=name=v", NULL },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str found = cookie_find(str_from_c(rows[i].header), STR("name"));

        if (rows[i].value == NULL)
            assert_row(str_is_absent(found), rows[i].header);
        else
            assert_str(found, rows[i].value);
    }
    assert_true(str_is_absent(cookie_find(STR_NONE, STR("name"))));
}

static void a_password_is_known_again_and_no_other(void **state)
{
    password_set_cost(PASSWORD_COST_TEST);
    struct str password = STR("lanterns over the harb\xC3\xB6r");
    struct str hash = password_hash(*state, password);

    assert_true(str_starts_with(hash, STR("$argon2id$v=19$")));
    assert_true(password_verify(hash, password));
    assert_false(password_verify(hash, STR("lanterns over the harbor")));
    assert_false(password_verify(hash, STR("")));
    assert_false(password_verify(hash, str_sub(password, 0, password.len - 1)));
    assert_false(str_equal(password_hash(*state, password), hash));
    assert_false(password_verify(STR(""), password));
    assert_false(password_verify(STR("$argon2id$v=19$"), password));
    password_set_cost(PASSWORD_COST_NORMAL);
}

static void the_decoy_costs_as_much_and_knows_nobody(void **state)
{
    struct str decoy = password_decoy();
    struct str real = password_hash(*state, STR("lanterns over the harbour"));
    size_t settings = strlen("$argon2id$v=19$m=65536,t=2,p=1$");

    assert_true(str_equal(str_sub(decoy, 0, settings), str_sub(real, 0, settings)));
    assert_int_equal(decoy.len, real.len);
    assert_false(password_verify(decoy, STR("")));
    assert_false(password_verify(decoy, STR("lanterns over the harbour")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_blake2b),
        cmocka_unit_test(no_two_tokens_are_the_same),
        cmocka_unit_test(a_session_may_be_of_no_agency_but_an_api_key_may_not),
        cmocka_unit_test(a_secret_comes_back_as_what_it_is),
        cmocka_unit_test(who_sends_nothing_is_nobody),
        cmocka_unit_test(what_is_not_whole_is_malformed),
        cmocka_unit_test(cookies_are_found_by_their_whole_name),
        cmocka_unit_test(the_decoy_costs_as_much_and_knows_nobody),
        cmocka_unit_test(a_password_is_known_again_and_no_other),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
