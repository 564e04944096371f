/* A mail as bytes: what goes in comes out again by a decoder of the test's own, and nothing that a name or a text holds
   becomes structure. */
#include "arena_fixture.h"
#include "property.h"

#include "integrations/mime.h"

#include <stdlib.h>
#include <string.h>

static struct mail_message message_of(struct str subject, struct str text)
{
    return (struct mail_message){
        .from_name = STR("Northwind Voice"),
        .from_address = STR("mail@minutes.example"),
        .to_address = STR("grace@example.com"),
        .subject = subject,
        .text = text,
        .html = STR("<p>Hello</p>\n"),
        .id = STR("mail_1.1"),
        .at = INT64_C(1764252309000000), /* 2025-11-27T14:05:09Z */
    };
}

/* The value of a header, unfolded; absent when there is none. The test fails when there are two. */
static struct str header(struct arena *arena, struct str mail, const char *name)
{
    const char *end = memmem(mail.at, mail.len, "\r\n\r\n", 4);
    struct str rest = { mail.at, (size_t)(end - mail.at) + 2 }, line, found = STR_NONE;
    struct buffer value = buffer_new(arena, 256);
    bool is_in = false;

    assert_non_null(end);
    while (str_split(&rest, '\n', &line) && line.len > 0) {
        assert_true(str_ends_with(line, STR("\r")));
        line = str_sub(line, 0, line.len - 1);
        bool is_more = line.len > 0 && line.at[0] == ' ';
        bool is_it =
            !is_more && str_starts_with(line, str_from_c(name)) && line.at[strlen(name)] == ':';
        if (is_it) {
            assert_true(str_is_absent(found));
            found = STR("");
            buffer_add(&value, str_trim(str_sub(line, strlen(name) + 1, line.len)));
        } else if (is_more && is_in) {
            buffer_add(&value, line);
        }
        is_in = is_it || (is_more && is_in);
    }
    return str_is_absent(found) ? STR_NONE : buffer_str(&value);
}

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, c);

    return at == NULL || c == '\0' ? -1 : (int)(at - digits);
}

static void add_word(struct buffer *out, struct str base64)
{
    for (size_t i = 0; i + 3 < base64.len; i += 4) {
        int bits = digit_of(base64.at[i]) << 18 | digit_of(base64.at[i + 1]) << 12;
        buffer_add_byte(out, (char)(bits >> 16));
        if (base64.at[i + 2] == '=') return;
        bits |= digit_of(base64.at[i + 2]) << 6;
        buffer_add_byte(out, (char)(bits >> 8 & 255));
        if (base64.at[i + 3] == '=') return;
        buffer_add_byte(out, (char)((bits | digit_of(base64.at[i + 3])) & 255));
    }
}

/* Encoded words, blanks between them falling out (RFC 2047 §6.2); any other text as it is. */
static struct str decoded(struct arena *arena, struct str value)
{
    struct buffer out = buffer_new(arena, value.len + 1);
    struct str rest = value, word;

    if (memmem(value.at, value.len, "=?", 2) == NULL) return value;
    while (str_split(&rest, ' ', &word)) {
        if (word.len == 0) continue;
        assert_true(word.len <= 75);
        assert_true(str_starts_with(word, STR("=?UTF-8?B?")) && str_ends_with(word, STR("?=")));
        struct str inner = str_sub(word, 10, word.len - 12);
        size_t before = out.len;
        add_word(&out, inner);
        assert_true(str_is_text((struct str){ out.at + before, out.len - before }));
    }
    return buffer_str(&out);
}

static struct str unquoted(struct arena *arena, struct str body)
{
    struct buffer out = buffer_new(arena, body.len + 1);

    for (size_t i = 0; i < body.len; i++) {
        if (body.at[i] == '\r') {
            assert_true(body.at[i + 1] == '\n');
            continue;
        }
        if (body.at[i] != '=') {
            buffer_add_byte(&out, body.at[i]);
        } else if (body.at[i + 1] == '\r') {
            i += 2;
        } else {
            const char hex[] = { body.at[i + 1], body.at[i + 2], '\0' };
            buffer_add_byte(&out, (char)strtol(hex, NULL, 16));
            i += 2;
        }
    }
    return buffer_str(&out);
}

static void assert_lines_fit(struct str text, size_t longest)
{
    struct str rest = text, line;

    while (str_split(&rest, '\n', &line)) {
        if (line.len > 0 && line.at[line.len - 1] == '\r') line.len--;
        assert_true(line.len <= longest);
        assert_false(str_contains_byte(line, '\r'));
    }
}

static void a_mail_has_its_headers_once(void **state)
{
    struct mail_message message = message_of(STR("You are invited"), STR("Hello,\n"));
    struct str mail = mime_write(*state, &message);

    assert_str(header(*state, mail, "From"), "\"Northwind Voice\" <mail@minutes.example>");
    assert_str(header(*state, mail, "To"), "<grace@example.com>");
    assert_str(header(*state, mail, "Subject"), "You are invited");
    assert_str(header(*state, mail, "Date"), "Thu, 27 Nov 2025 14:05:09 +0000");
    assert_str(header(*state, mail, "Message-ID"), "<mail_1.1@minutes.example>");
    assert_str(header(*state, mail, "MIME-Version"), "1.0");
    assert_str(header(*state, mail, "Auto-Submitted"), "auto-generated");
    assert_str(header(*state, mail, "Content-Type"),
               "multipart/alternative; boundary=\"=_mail_1.1\"");
}

static void both_texts_are_parts_of_it(void **state)
{
    struct mail_message message = message_of(STR("s"), STR("plain =\n"));
    struct str mail = mime_write(*state, &message);
    struct str body = { memmem(mail.at, mail.len, "\r\n\r\n", 4), 0 };

    body.len = mail.len - (size_t)(body.at - mail.at);
    assert_str(body,
               "\r\n\r\n"
               "--=_mail_1.1\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
               "plain =3D\r\n\r\n"
               "--=_mail_1.1\r\n"
               "Content-Type: text/html; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
               "<p>Hello</p>\r\n\r\n"
               "--=_mail_1.1--\r\n");
}

static void names_and_subjects_come_out_as_they_went_in(void **state)
{
    static const char *const subjects[] = {
        "plain",
        "",
        "Zoë lädt Sie ein",
        "=?UTF-8?B?aGFjaw==?= looks like a word",
        "日本語の代理店からの招待状です、とても長い名前なので何行にもなります、もっともっと長く、まだ続く",
        "an ASCII subject that is so long that it does not fit on one line of a mail and so is folded",
        "👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀",
    };

    for (size_t i = 0; i < COUNT_OF(subjects); i++) {
        struct mail_message message = message_of(str_from_c(subjects[i]), STR("x"));
        struct str mail = mime_write(*state, &message);
        assert_str(decoded(*state, header(*state, mail, "Subject")), subjects[i]);
        assert_lines_fit(mail, 76);
    }
}

static void a_name_is_quoted_or_encoded(void **state)
{
    static const struct {
        const char *name, *in_quotes; /* NULL: encoded */
    } rows[] = {
        { "Grace Hopper", "\"Grace Hopper\"" },
        { "Hopper, Grace (Rear Admiral) <x@y.example>",
          "\"Hopper, Grace (Rear Admiral) <x@y.example>\"" },
        { "Grace \"Amazing\" Hopper", NULL },
        { "back\\slash", NULL },
        { "Zoë", NULL },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct mail_message message = message_of(STR("s"), STR("x"));
        message.to_name = str_from_c(rows[i].name);
        struct str to = header(*state, mime_write(*state, &message), "To");
        assert_row(str_ends_with(to, STR(" <grace@example.com>")), rows[i].name);
        struct str name = str_trim(str_sub(to, 0, to.len - sizeof("<grace@example.com>") + 1));
        if (rows[i].in_quotes != NULL)
            assert_str(name, rows[i].in_quotes);
        else
            assert_str(decoded(*state, name), rows[i].name);
    }
}

static void nothing_in_a_name_or_subject_becomes_a_header(void **state)
{
    static const char *const attacks[] = {
        "x\r\nBcc: victim@example.com",   "x\nBcc: victim@example.com",
        "x\rBcc: victim@example.com",     "x\r\n\r\nA body of its own",
        "Zoë\r\nBcc: victim@example.com", "\"\r\nBcc: victim@example.com\r\nX: \"",
        "x\"> <victim@example.com>",
    };

    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        struct str attack = str_from_c(attacks[i]);
        struct mail_message message = message_of(attack, STR("x"));
        message.to_name = message.from_name = attack;
        struct str mail = mime_write(*state, &message);
        assert_row(str_is_absent(header(*state, mail, "Bcc")), attacks[i]);
        assert_row(str_is_absent(header(*state, mail, "X")), attacks[i]);
        assert_row(!str_is_absent(header(*state, mail, "MIME-Version")), attacks[i]);
        assert_row(str_ends_with(header(*state, mail, "To"), STR(" <grace@example.com>")),
                   attacks[i]);
    }
}

static void a_text_cannot_end_its_part_or_the_mail(void **state)
{
    struct mail_message message =
        message_of(STR("s"), STR("--=_mail_1.1--\r\n.\r\n\n.\n..\nFrom me \t\n --=_mail_1.1\n"));
    struct str mail = mime_write(*state, &message);
    size_t boundaries = 0;

    assert_null(memmem(mail.at, mail.len, "\r\n.", 3));
    for (struct str rest = mail; rest.len > 0; rest = str_sub(rest, 1, rest.len))
        boundaries += str_starts_with(rest, STR("\r\n--=_mail_1.1"));
    assert_int_equal(boundaries, 3);
}

static void any_text_survives_quoted_printable(void **state)
{
    static const char *const pieces[] = { "a",
                                          "é",
                                          "=",
                                          ".",
                                          " ",
                                          "\t",
                                          "\n",
                                          "日",
                                          "\r",
                                          "From ",
                                          "a rather long piece of text without an end of line" };
    struct rng rng = property_rng("any_text_survives_quoted_printable");

    for (int round = 0; round < 500; round++) {
        struct buffer text = buffer_new(*state, 256);
        for (int64_t n = rng_between(&rng, 0, 40); n > 0; n--)
            buffer_add_c(&text, pieces[rng_between(&rng, 0, COUNT_OF(pieces) - 1)]);
        struct buffer out = buffer_new(*state, 256);
        mime_add_quoted_printable(&out, buffer_str(&text));
        assert_lines_fit(buffer_str(&out), 76);
        assert_true(str_equal(unquoted(*state, buffer_str(&out)), buffer_str(&text)));
        arena_reset(*state);
    }
}

static void any_bytes_end_as_words(void **state)
{
    struct rng rng = property_rng("any_bytes_end_as_words");

    for (int round = 0; round < 500; round++) {
        char bytes[200];
        size_t len = (size_t)rng_between(&rng, 0, sizeof(bytes));
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)rng_between(&rng, -128, 127);
        struct buffer out = buffer_new(*state, 256);
        mime_add_words(&out, (size_t)rng_between(&rng, 1, 70), (struct str){ bytes, len });
        for (size_t i = 0; i < out.len; i++)
            assert_true(out.at[i] != '\n' || (i + 1 < out.len && out.at[i + 1] == ' '));
        arena_reset(*state);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mail_has_its_headers_once),
        TEST(both_texts_are_parts_of_it),
        TEST(names_and_subjects_come_out_as_they_went_in),
        TEST(a_name_is_quoted_or_encoded),
        TEST(nothing_in_a_name_or_subject_becomes_a_header),
        TEST(a_text_cannot_end_its_part_or_the_mail),
        TEST(any_text_survives_quoted_printable),
        TEST(any_bytes_end_as_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
