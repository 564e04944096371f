/* What a mail server's answers mean, what of them is kept, and which addresses of servers are taken. Sending itself is
   tested against a real server (tests/api/mail.test.ts). */
#include "arena_fixture.h"

#include "domain/accounts.h"
#include "integrations/smtp.h"

static void only_a_refusal_of_the_mail_itself_is_final(void **state)
{
    static const struct {
        const char *verb;
        int code;
        enum mail_result result;
    } rows[] = {
        { "", 554, MAIL_UNREACHABLE },     { "", 421, MAIL_UNREACHABLE },
        { "", 535, MAIL_UNREACHABLE },     { "MAIL", 451, MAIL_DEFERRED },
        { "MAIL", 550, MAIL_REJECTED },    { "MAIL", 530, MAIL_UNREACHABLE },
        { "MAIL", 421, MAIL_UNREACHABLE }, { "RCPT", 450, MAIL_DEFERRED },
        { "RCPT", 452, MAIL_DEFERRED },    { "RCPT", 550, MAIL_REJECTED },
        { "RCPT", 553, MAIL_REJECTED },    { "DATA", 451, MAIL_DEFERRED },
        { "DATA", 554, MAIL_REJECTED },    { "DATA", 421, MAIL_UNREACHABLE },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_row(smtp_judge(str_from_c(rows[i].verb), rows[i].code) == rows[i].result,
                   rows[i].verb);
}

static void words_are_kept_without_addresses_and_links(void **state)
{
    static const struct {
        const char *said, *kept;
    } rows[] = {
        { "550 5.1.1 no such user\r\n", "550 5.1.1 no such user" },
        { "550 5.1.1 <grace@example.com>: unknown", "550 5.1.1 [...] unknown" },
        { "554 spam: https://m.example/accept#token=abc", "554 spam: [...]" },
        { "554 spam: token=abc", "554 spam: [...]" },
        { "550 a\tb\x01", "550 a.b." },
        { "550 \xFF", "the server's answer is no text" },
        { "", "" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str(smtp_cleaned(*state, str_from_c(rows[i].said)), rows[i].kept);
    struct buffer long_one = buffer_new(*state, 1024);
    for (int i = 0; i < 300; i++)
        buffer_add_c(&long_one, "é");
    struct str kept = smtp_cleaned(*state, buffer_str(&long_one));
    assert_int_equal(kept.len, MAIL_WHY_MAX);
    assert_true(str_starts_with(kept, STR("éé")) && str_is_text(kept));
}

static void a_servers_address_has_a_scheme_a_host_and_no_user(void **state)
{
    static const struct {
        const char *url;
        bool is_one;
    } rows[] = {
        { "smtp://mail.example.com:587", true },
        { "smtps://mail.example.com", true },
        { "smtp://[::1]:25", true },
        { "smtp://mail.example.com:587/minutes.example.com", true },
        { "mail.example.com", false },
        { "http://mail.example.com", false },
        { "file:///etc/passwd", false },
        { "smtp://", false },
        { "smtp://ada:secret@mail.example.com", false },
        { "smtp://mail.example.com:99999", false },
        { "", false },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem;
        struct smtp_settings settings = { .url = str_from_c(rows[i].url) };
        problem_init(&problem, *state);
        struct mailer *mailer = smtp_new(&settings, &problem);
        assert_row((mailer != NULL) == rows[i].is_one, rows[i].url);
        assert_row((problem.reason == REASON_BAD_REQUEST) == !rows[i].is_one, rows[i].url);
        if (mailer != NULL) mailer->free(mailer);
    }
}

static void mail_goes_to_the_address_as_given_at_the_ascii_domain(void **state)
{
    static const struct {
        const char *email, *to;
    } rows[] = {
        { "Grace.Hopper@Example.COM", "Grace.Hopper@example.com" },
        { "zoë@münchen.example", "zoë@xn--mnchen-3ya.example" },
        { "grace@example", NULL },
        { "grace@example.com\r\nRCPT TO:<x@y.example>", NULL },
        { "<grace@example.com>", NULL },
        { "", NULL },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str to;
        bool is_one = email_to_send(*state, str_from_c(rows[i].email), &to);
        assert_row(is_one == (rows[i].to != NULL), rows[i].email);
        if (is_one) assert_str(to, rows[i].to);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_a_refusal_of_the_mail_itself_is_final),
        TEST(words_are_kept_without_addresses_and_links),
        TEST(a_servers_address_has_a_scheme_a_host_and_no_user),
        TEST(mail_goes_to_the_address_as_given_at_the_ascii_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
