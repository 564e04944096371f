/* What mails say, with names as bad as they come. */
#include "arena_fixture.h"

#include "domain/backoff.h"
#include "integrations/letters.h"

#include <string.h>

#define NOW    INT64_C(1764252309000000) /* 2025-11-27T14:05:09Z */
#define ORIGIN "https://minutes.example.com"
#define TOKEN  "token-of-43-characters-token-of-43-characte"

static bool has(struct str text, const char *part)
{
    return memmem(text.at, text.len, part, strlen(part)) != NULL;
}

#define assert_has(text, part)                                                                     \
    do {                                                                                           \
        struct str whole = (text);                                                                 \
        if (!has(whole, (part))) print_error("\"%s\" is not in:\n%.*s\n", (part), STR_ARG(whole)); \
        assert_true(has(whole, (part)));                                                           \
    } while (0)

static struct mail_facts facts_of(struct arena *arena, enum mail_template template)
{
    struct mail_facts facts = letter_sample(arena, template, NOW);

    facts.origin = STR(ORIGIN);
    facts.token = STR(TOKEN);
    return facts;
}

static struct letter letter_of(struct arena *arena, const struct mail_facts *facts)
{
    struct letter letter;

    letter_compose(arena, facts, &letter);
    return letter;
}

static void every_mail_has_a_subject_and_both_texts(void **state)
{
    for (int i = 0; i < MAIL_TEMPLATE_COUNT; i++) {
        struct mail_facts facts = facts_of(*state, (enum mail_template)i);
        struct letter letter = letter_of(*state, &facts);
        const char *name = mail_template_names[i];
        assert_row(letter.subject.len > 0, name);
        assert_row(has(letter.subject, "Northwind Voice"), name);
        assert_row(has(letter_text(*state, &letter), "\n-- \nSent by Northwind Voice.\n"), name);
        struct str html = letter_html(*state, &letter);
        assert_row(str_starts_with(html, STR("<!DOCTYPE html>")), name);
        assert_row(has(html, "#0b7285"), name);
        assert_row(has(html, "href=\"" ORIGIN "/"), name);
    }
}

static void a_link_has_its_token_in_the_fragment(void **state)
{
    for (int i = 0; i < MAIL_TEMPLATE_COUNT; i++) {
        struct mail_facts facts = facts_of(*state, (enum mail_template)i);
        struct letter letter = letter_of(*state, &facts);
        const char *page = mail_link_page((enum mail_template)i), *name = mail_template_names[i];
        struct str text = letter_text(*state, &letter), html = letter_html(*state, &letter);
        assert_row((page != NULL) == !str_is_absent(letter.link), name);
        assert_row((page != NULL) == has(text, TOKEN), name);
        if (page == NULL) continue;
        struct str link = str_format(*state, ORIGIN "%s#token=" TOKEN, page);
        assert_row(str_equal(letter.link, link), name);
        assert_row(has(text, str_to_c(*state, link)), name);
        assert_row(has(html, str_to_c(*state, link)), name);
    }
}

/* A letter whose texts that come from people are all the same. */
static struct letter letter_by(struct arena *arena, enum mail_template template, const char *text)
{
    struct mail_facts facts = facts_of(arena, template);
    struct str *accounts = ARENA_ARRAY(arena, struct str, 2);

    accounts[0] = accounts[1] = str_from_c(text);
    facts.name = facts.agency_name = facts.by = facts.about = facts.detail = accounts[0];
    facts.accounts = accounts;
    return letter_of(arena, &facts);
}

static size_t count_of(struct str text, char byte)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == byte;
    return count;
}

/* As many lines, tags and attributes. */
static bool is_shaped_alike(struct arena *arena, const struct letter *a, const struct letter *b)
{
    struct str text_a = letter_text(arena, a), text_b = letter_text(arena, b);
    struct str html_a = letter_html(arena, a), html_b = letter_html(arena, b);

    return count_of(a->subject, '\n') + count_of(a->subject, '\r') == 0
        && count_of(text_a, '\n') == count_of(text_b, '\n')
        && count_of(html_a, '<') == count_of(html_b, '<')
        && count_of(html_a, '>') == count_of(html_b, '>')
        && count_of(html_a, '"') == count_of(html_b, '"');
}

static void no_name_becomes_markup_or_a_line(void **state)
{
    static const char *const attacks[] = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><a href='https://evil.example'>",
        "a\r\nb\n\nc",
        "</title></head><body>",
        "&lt;b&gt;",
        "%s%n%d",
        "\xF0\x9F\x92\xA3",
    };

    for (int i = 0; i < MAIL_TEMPLATE_COUNT; i++) {
        struct letter harmless = letter_by(*state, (enum mail_template)i, "x");
        for (size_t a = 0; a < COUNT_OF(attacks); a++) {
            struct letter letter = letter_by(*state, (enum mail_template)i, attacks[a]);
            assert_row(is_shaped_alike(*state, &letter, &harmless), attacks[a]);
        }
    }
}

static void what_is_not_known_is_left_out(void **state)
{
    for (int i = 0; i < MAIL_TEMPLATE_COUNT; i++) {
        struct mail_facts facts = facts_of(*state, (enum mail_template)i);
        facts.name = facts.by = facts.about = facts.detail = facts.colour = STR_NONE;
        facts.accounts = NULL;
        facts.n_accounts = 0;
        struct letter letter = letter_of(*state, &facts);
        const char *name = mail_template_names[i];
        assert_row(has(letter_text(*state, &letter), "Hello,"), name);
        assert_row(has(letter_html(*state, &letter), "background:#1c7ed6"), name);
    }
}

static void a_bad_colour_is_not_written(void **state)
{
    static const char *const colours[] = { "red;background:url(https://evil.example)", "#12", "" };

    for (size_t i = 0; i < COUNT_OF(colours); i++) {
        struct mail_facts facts = facts_of(*state, MAIL_INVITATION);
        facts.colour = str_from_c(colours[i]);
        struct letter letter = letter_of(*state, &facts);
        assert_str(letter.colour, "#1c7ed6");
    }
}

static void text_on_a_colour_can_be_read(void **state)
{
    struct mail_facts facts = facts_of(*state, MAIL_INVITATION);

    facts.colour = STR("#FFE066");
    struct letter light = letter_of(*state, &facts);
    assert_has(letter_html(*state, &light), "background:#FFE066;color:#000000");
    facts.colour = STR("#0b7285");
    struct letter dark = letter_of(*state, &facts);
    assert_has(letter_html(*state, &dark), "background:#0b7285;color:#ffffff");
}

static void an_invitation_says_who_to_what_and_until_when(void **state)
{
    struct mail_facts facts = facts_of(*state, MAIL_INVITATION);
    struct letter letter = letter_of(*state, &facts);
    struct str text = letter_text(*state, &letter);

    assert_str(letter.subject, "Ada Lovelace invites you to Northwind Voice");
    assert_has(text, "Ada Lovelace invites you to join Northwind Voice as Sub-account Admin.");
    assert_has(text, "You manage Harbor Dental and Northside Plumbing.");
    assert_has(text, "until Thursday, 4 December 2025, 15:05 (Europe/Berlin).");
    facts.reaches_all = true;
    letter = letter_of(*state, &facts);
    assert_has(letter_text(*state, &letter), "You manage every sub-account.");
    facts.role = ROLE_AGENCY_ADMIN;
    letter = letter_of(*state, &facts);
    assert_false(has(letter_text(*state, &letter), "every sub-account"));
    facts.by = STR_NONE;
    letter = letter_of(*state, &facts);
    assert_str(letter.subject, "You are invited to Northwind Voice");
}

static void many_accounts_are_counted(void **state)
{
    struct str accounts[25];
    struct mail_facts facts = facts_of(*state, MAIL_INVITATION);

    for (size_t i = 0; i < COUNT_OF(accounts); i++)
        accounts[i] = STR("Harbor");
    facts.accounts = accounts;
    facts.n_accounts = COUNT_OF(accounts);
    struct letter letter = letter_of(*state, &facts);
    assert_has(letter_text(*state, &letter), "Harbor, Harbor and 5 more sub-accounts.");
}

static void both_sides_of_a_transfer_read_their_own(void **state)
{
    struct mail_facts facts = facts_of(*state, MAIL_OWNERSHIP_TRANSFERRED);
    struct letter heir = letter_of(*state, &facts);

    assert_str(heir.subject, "You are now the owner of Northwind Voice");
    assert_has(letter_text(*state, &heir), "Ada Lovelace handed Northwind Voice over to you");
    facts.is_about_recipient = false;
    facts.name = STR("Ada Lovelace");
    struct letter before = letter_of(*state, &facts);
    assert_str(before.subject, "Grace Hopper is now the owner of Northwind Voice");
    assert_has(letter_text(*state, &before), "You handed Northwind Voice over to Grace Hopper");
}

static void a_try_waits_twice_as_long_as_the_one_before(void **state)
{
    struct rng rng = rng_seeded(1);
    int64_t seconds[] = { 30, 60, 120, 240, 480, 960, 1920, 3600, 3600 };

    for (size_t i = 0; i < COUNT_OF(seconds); i++) {
        int64_t low = INT64_MAX, high = 0;
        for (int n = 0; n < 2000; n++) {
            int64_t wait = backoff_next((int64_t)i + 1, NOW, &rng) - NOW;
            low = wait < low ? wait : low;
            high = wait > high ? wait : high;
        }
        int64_t middle = seconds[i] * MICROS_PER_SECOND;
        assert_in_range(low, middle * 75 / 100, middle * 80 / 100);
        assert_in_range(high, middle * 120 / 100, middle * 125 / 100);
    }
    assert_true(backoff_next(INT64_MAX, NOW, &rng) > NOW);
    assert_true(backoff_next(0, NOW, &rng) > NOW);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_mail_has_a_subject_and_both_texts),
        TEST(a_link_has_its_token_in_the_fragment),
        TEST(no_name_becomes_markup_or_a_line),
        TEST(what_is_not_known_is_left_out),
        TEST(a_bad_colour_is_not_written),
        TEST(text_on_a_colour_can_be_read),
        TEST(an_invitation_says_who_to_what_and_until_when),
        TEST(many_accounts_are_counted),
        TEST(both_sides_of_a_transfer_read_their_own),
        TEST(a_try_waits_twice_as_long_as_the_one_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
