/* Agencies and sub-accounts: plan caps, addresses, colours, passwords. */
#include "source_root.h"

#include "domain/accounts.h"

static void a_plans_cap_counts_secondary_accounts(void **state)
{
    assert_int_equal(may_add_subaccount(3, 0), REASON_NONE);
    assert_int_equal(may_add_subaccount(3, 2), REASON_NONE);
    assert_int_equal(may_add_subaccount(3, 3), REASON_SUBACCOUNT_CAP);
    assert_int_equal(may_add_subaccount(3, 4), REASON_SUBACCOUNT_CAP);
    assert_int_equal(may_add_subaccount(0, 0), REASON_SUBACCOUNT_CAP);
    assert_int_equal(may_add_subaccount(-1, 1000000), REASON_NONE);
}

static void kinds_and_statuses_have_the_names_of_the_rule_book(void **state)
{
    assert_string_equal(subaccount_kind_names[SUBACCOUNT_PRIMARY], "primary");
    assert_string_equal(subaccount_kind_names[SUBACCOUNT_SECONDARY], "secondary");
    assert_null(subaccount_kind_names[SUBACCOUNT_SECONDARY + 1]);
    assert_string_equal(subaccount_status_names[SUBACCOUNT_ACTIVE], "active");
    assert_string_equal(subaccount_status_names[SUBACCOUNT_SUSPENDED], "suspended");
    assert_string_equal(subaccount_status_names[SUBACCOUNT_REMOVED], "removed");
    assert_null(subaccount_status_names[SUBACCOUNT_REMOVED + 1]);
    assert_string_equal(agency_status_names[AGENCY_ACTIVE], "active");
    assert_string_equal(agency_status_names[AGENCY_DELETING], "deleting");
    assert_string_equal(agency_status_names[AGENCY_DELETED], "deleted");
    assert_null(agency_status_names[AGENCY_DELETED + 1]);
    assert_string_equal(plan_model_names[PLAN_CONSUMPTION], "consumption");
    assert_string_equal(plan_model_names[PLAN_PARTNER_LEGACY], "partner_legacy");
    assert_null(plan_model_names[PLAN_PARTNER_LEGACY + 1]);
    assert_string_equal(tier_names[TIER_BASIC], "basic");
    assert_string_equal(tier_names[TIER_PREMIUM], "premium");
    assert_null(tier_names[TIER_COUNT]);
}

static void clients_are_suspended_once_and_the_primary_never(void **state)
{
    struct subaccount account = { .kind = SUBACCOUNT_SECONDARY, .status = SUBACCOUNT_ACTIVE };

    (void)state;
    assert_int_equal(may_suspend(&account), REASON_NONE);
    assert_int_equal(may_restore(&account), REASON_NOT_SUSPENDED);
    account.status = SUBACCOUNT_SUSPENDED;
    assert_int_equal(may_suspend(&account), REASON_ALREADY_SUSPENDED);
    assert_int_equal(may_restore(&account), REASON_NONE);
    account.status = SUBACCOUNT_REMOVED;
    assert_int_equal(may_suspend(&account), REASON_SUBACCOUNT_REMOVED);
    assert_int_equal(may_restore(&account), REASON_SUBACCOUNT_REMOVED);
    account = (struct subaccount){ .kind = SUBACCOUNT_PRIMARY, .status = SUBACCOUNT_ACTIVE };
    assert_int_equal(may_suspend(&account), REASON_PRIMARY_STAYS_ACTIVE);
}

static void clients_are_removed_once_and_the_primary_never(void **state)
{
    struct subaccount account = { .kind = SUBACCOUNT_SECONDARY, .status = SUBACCOUNT_ACTIVE };

    (void)state;
    assert_int_equal(may_remove(&account), REASON_NONE);
    account.status = SUBACCOUNT_SUSPENDED;
    assert_int_equal(may_remove(&account), REASON_NONE);
    account.status = SUBACCOUNT_REMOVED;
    assert_int_equal(may_remove(&account), REASON_SUBACCOUNT_REMOVED);
    account.kind = SUBACCOUNT_PRIMARY;
    assert_int_equal(may_remove(&account), REASON_PRIMARY_STAYS);
}

static void a_colour_is_six_hex_digits(void **state)
{
    assert_true(colour_is_valid(STR("#00aAfF")));
    assert_false(colour_is_valid(STR("#00aaf")));
    assert_false(colour_is_valid(STR("#00aaff0")));
    assert_false(colour_is_valid(STR("00aaff0")));
    assert_false(colour_is_valid(STR("#00aagf")));
    assert_false(colour_is_valid(STR("#00aa f")));
    assert_false(colour_is_valid(STR("")));
    assert_false(colour_is_valid(STR_NONE));
}

static void addresses_are_compared_folded_and_with_an_ascii_domain(void **state)
{
    static const struct {
        const char *email, *key;
    } rows[] = {
        { "ana@example.com", "ana@example.com" },
        { "Ana.Bo@Example.COM", "ana.bo@example.com" },
        { "a+b_c-d'e@sub.example.co.uk", "a+b_c-d'e@sub.example.co.uk" },
        { "x@b\xC3\xBC"
          "cher.example",
          "x@xn--bcher-kva.example" },
        { "x@xn--bcher-kva.example", "x@xn--bcher-kva.example" },
        { "x@B\xC3\x9C"
          "CHER.example",
          "x@xn--bcher-kva.example" },
        { "x@fu\xC3\x9F.de", "x@xn--fu-hia.de" }, /* IDNA 2008 keeps the sharp s */
        { "\xC3\x89va@example.com", "\xC3\xA9va@example.com" },
        { "E\xCC\x81va@example.com", "\xC3\xA9va@example.com" }, /* combining accent */
        { "\xEF\xBC\xA1na@example.com", "ana@example.com" },     /* full-width A */
        { "\xE7\x94\xA8\xE6\x88\xB7@\xE4\xBE\x8B\xE5\xAD\x90.\xE5\xB9\xBF\xE5\x91\x8A",
          "\xE7\x94\xA8\xE6\x88\xB7@xn--fsqu00a.xn--4rr70v" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str key;

        assert_true(email_key(*state, str_from_c(rows[i].email), &key));
        assert_string_equal(str_to_c(*state, key), rows[i].key);
    }
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "ana",
        "@",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@.com",
        "ana@example.",
        "ana@example.com.",
        "ana@example..com",
        "ana@-example.com",
        "ana@example-.com",
        "ana@exa mple.com",
        "ana@exam_ple.com",
        "ana@127.0.0.1",
        "ana@[127.0.0.1]",
        "ana@bo@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "an..a@example.com",
        "an a@example.com",
        " ana@example.com",
        "ana@example.com ",
        "ana\n@example.com",
        "\"ana\"@example.com",
        "ana,bo@example.com",
        "<ana@example.com>",
        "ana@xn--a.com",
        "ana\xE2\x80\x8B@example.com", /* zero-width space */
        "ana\xC2\xA0"
        "bo@example.com", /* no-break space */
        "ana\xEF\xBC\xA0"
        "bo@example.com", /* full-width @ */
        "ana\xEF\xBC\x8E\xEF\xBC\x8E"
        "bo@example.com", /* full-width dots */
        "an\xE2\x80\xAE"
        "a@example.com", /* right-to-left override */
        "ana@exam\xFFple.com",
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str key;

        assert_row(!email_key(*state, str_from_c(rows[i]), &key), rows[i]);
    }
    assert_false(email_key(*state, STR_NONE, &(struct str){ 0 }));
    assert_false(email_key(*state, STR("a\0b@example.com"), &(struct str){ 0 }));
}

static struct str address(struct arena *arena, size_t local_len, size_t label_len, size_t labels)
{
    struct buffer b = buffer_new(arena, 512);

    buffer_add(&b, str_repeat(arena, STR("a"), local_len));
    buffer_add_byte(&b, '@');
    for (size_t i = 0; i < labels; i++) {
        buffer_add(&b, str_repeat(arena, STR("b"), label_len));
        buffer_add_byte(&b, '.');
    }
    buffer_add_c(&b, "com");
    return buffer_str(&b);
}

static void addresses_have_the_lengths_that_mail_allows(void **state)
{
    struct str key;

    assert_true(email_key(*state, address(*state, 64, 63, 1), &key));
    assert_false(email_key(*state, address(*state, 65, 63, 1), &key));
    assert_false(email_key(*state, address(*state, 64, 64, 1), &key));
    assert_int_equal(address(*state, 58, 63, 3).len, EMAIL_MAX_CHARS);
    assert_true(email_key(*state, address(*state, 58, 63, 3), &key));
    assert_false(email_key(*state, address(*state, 59, 63, 3), &key));
}

static enum reason judge(void **state, const char *password)
{
    return password_acceptable(*state, str_from_c(password), STR("kim.larsen@northwind.example"),
                               STR("Blue Harbor Voice"));
}

static void good_passwords_are_accepted(void **state)
{
    static const char *const rows[] = {
        "correct horse battery staple",
        "vT9#mLq2!xRw",
        "tulip-carbon-eleven-moth",
        "Wir fahren im M\xC3\xA4rz nach Rom",
        "butterfly mountain 42 chocolate",
        "zebra password in a long sentence",
        "kim likes seven green umbrellas",
        "\xE3\x81\x82\xE3\x81\x95\xE3\x81\xB2\xE3\x81\xAF\xE3\x81\xAE\xE3\x81\xBC\xE3\x82\x8B\xE3"
        "\x81\xA8\xE3\x81\x8D\xE3\x81\xAB\xE3\x81\xBF\xE3\x81\x88\xE3\x82\x8B",
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_row(judge(state, rows[i]) == REASON_NONE, rows[i]);
}

static void easily_guessed_passwords_are_refused(void **state)
{
    static const char *const rows[] = {
        "password1234",
        "Password2024!",
        "P@ssw0rd1234",
        "!!!PASSWORD!!!",
        "passwordpassword",
        "passwordpassword1",
        "iloveyoupassword",
        "qwertyuiop12",
        "qwertzuiop!!",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "123456789012",
        "987654321098",
        "abcdefghijkl",
        "abcdef123456",
        "aaaaaaaaaaaa",
        "sdfghjklwerty",
        "ytrewlkjhgfds",
        "aaaabbbbcccc",
        "abcabcabcabc",
        "xkqvxkqvxkqv",
        "Welcome123!!",
        "Summer2026!!",
        "administrator1",
        "Minutebank2026",
        "kim.larsen@northwind.example",
        "kim.larsen2026",
        "KimLarsen-123",
        "northwind2026",
        "BlueHarborVoice",
        "blue-harbor-voice-1",
        "\xEF\xBD\x90\xEF\xBD\x81\xEF\xBD\x93\xEF\xBD\x93word1234", /* full-width "pass" */
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_row(judge(state, rows[i]) == REASON_WEAK_PASSWORD, rows[i]);
}

static void a_known_word_counts_as_two_characters_of_eight(void **state)
{
    assert_int_equal(judge(state, "passwordxkvqw"), REASON_WEAK_PASSWORD);
    assert_int_equal(judge(state, "passwordxkvqwj"), REASON_NONE);
    assert_int_equal(judge(state, "xkvpasswordiloveyou"), REASON_WEAK_PASSWORD);
    assert_int_equal(judge(state, "xkvqpasswordiloveyou"), REASON_NONE);
}

static void password_length_counts_code_points(void **state)
{
    struct arena *arena = *state;
    struct str phrase = str_repeat(arena, STR("t\xC3\xBClip carb\xC3\xB3n m\xC3\xB6th "), 11);
    struct str tail = STR("!?");

    assert_int_equal(judge(state, "vT9#mLq2!xR"), REASON_TOO_SHORT);
    assert_int_equal(judge(state, "\xC3\xA9T9#mLq2!x\xC3\xA9"), REASON_TOO_SHORT);
    assert_int_equal(judge(state, "\xC3\xA9T9#mLq2!x\xC3\xA9w"), REASON_NONE);
    assert_int_equal(judge(state, ""), REASON_TOO_SHORT);

    assert_int_equal(str_code_points(phrase), PASSWORD_MAX_CHARS - 2);
    assert_int_equal(
        judge(state,
              str_to_c(arena, str_format(arena, "%.*s%.*s", STR_ARG(phrase), STR_ARG(tail)))),
        REASON_NONE);
    assert_int_equal(
        judge(state,
              str_to_c(arena, str_format(arena, "%.*s%.*s.", STR_ARG(phrase), STR_ARG(tail)))),
        REASON_TOO_LONG);
}

static void without_a_name_or_address_a_password_is_judged_by_itself(void **state)
{
    assert_int_equal(password_acceptable(*state, STR("vT9#mLq2!xRw"), STR_NONE, STR_NONE),
                     REASON_NONE);
    assert_int_equal(password_acceptable(*state, STR("password1234"), STR_NONE, STR("")),
                     REASON_WEAK_PASSWORD);
}

static void a_password_that_is_no_text_is_refused(void **state)
{
    assert_int_equal(judge(state, "vT9#mLq2!xRw\xFF"), REASON_BAD_TEXT);
}

static int set_up(void **state)
{
    *state = arena_new(16384);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static void an_agency_is_deleted_by_its_name_and_brought_back_within_14_days(void **state)
{
    struct agency agency = { .name = STR("Contoso Voice"), .status = AGENCY_ACTIVE };

    assert_int_equal(may_delete_agency(&agency, STR(" Contoso Voice ")), REASON_NONE);
    assert_int_equal(may_delete_agency(&agency, STR("contoso voice")), REASON_NAME_DIFFERS);
    assert_int_equal(may_undo_deletion(&agency, 0), REASON_AGENCY_NOT_DELETING);

    agency.status = AGENCY_DELETING;
    agency.deletes_at = AGENCY_UNDO_TIME;
    assert_true(AGENCY_UNDO_TIME == 14 * MICROS_PER_DAY);
    assert_int_equal(may_delete_agency(&agency, agency.name), REASON_AGENCY_DELETING);
    assert_int_equal(may_undo_deletion(&agency, AGENCY_UNDO_TIME - 1), REASON_NONE);
    assert_int_equal(may_undo_deletion(&agency, AGENCY_UNDO_TIME), REASON_AGENCY_DELETING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plans_cap_counts_secondary_accounts),
        cmocka_unit_test(kinds_and_statuses_have_the_names_of_the_rule_book),
        cmocka_unit_test(an_agency_is_deleted_by_its_name_and_brought_back_within_14_days),
        cmocka_unit_test(clients_are_suspended_once_and_the_primary_never),
        cmocka_unit_test(clients_are_removed_once_and_the_primary_never),
        cmocka_unit_test(a_colour_is_six_hex_digits),
        cmocka_unit_test(addresses_are_compared_folded_and_with_an_ascii_domain),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(addresses_have_the_lengths_that_mail_allows),
        cmocka_unit_test(good_passwords_are_accepted),
        cmocka_unit_test(easily_guessed_passwords_are_refused),
        cmocka_unit_test(a_known_word_counts_as_two_characters_of_eight),
        cmocka_unit_test(password_length_counts_code_points),
        cmocka_unit_test(without_a_name_or_address_a_password_is_judged_by_itself),
        cmocka_unit_test(a_password_that_is_no_text_is_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
