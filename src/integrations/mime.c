#include "integrations/mime.h"

#include "base/zone.h"

enum {
    LINE_MAX_CHARS = 76,
    WORD_AROUND = 12,     /* "=?UTF-8?B?" and "?=" */
    WORD_BYTES_LEAST = 6, /* less is not worth beginning a word at a line's end */
};

static void add_base64(struct buffer *out, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = (uint32_t)(unsigned char)bytes.at[i] << 16;
        if (i + 1 < bytes.len) group |= (uint32_t)(unsigned char)bytes.at[i + 1] << 8;
        if (i + 2 < bytes.len) group |= (unsigned char)bytes.at[i + 2];
        buffer_add_byte(out, digits[group >> 18]);
        buffer_add_byte(out, digits[group >> 12 & 63]);
        buffer_add_byte(out, i + 1 < bytes.len ? digits[group >> 6 & 63] : '=');
        buffer_add_byte(out, i + 2 < bytes.len ? digits[group & 63] : '=');
    }
}

/* Control characters, line ends among them, become blanks: also a client that decodes a word shows one line. */
static struct str one_line(struct arena *arena, struct str text)
{
    struct buffer out = buffer_new(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        buffer_add_byte(&out, c < ' ' || c == 0x7F ? ' ' : text.at[i]);
    }
    return buffer_str(&out);
}

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] >= 0x7F) return false;
    }
    return true;
}

/* "=?" would be read as an encoded word. */
static bool can_stand(size_t column, struct str text)
{
    if (!is_ascii(text) || column + text.len > LINE_MAX_CHARS) return false;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] == '=' && text.at[i + 1] == '?') return false;
    }
    return true;
}

/* As much of the text as fits into a word that begins at `column`; bytes where it is not UTF-8. */
static struct str word_of(struct str text, size_t column)
{
    size_t around = column + WORD_AROUND;
    size_t bytes = around < LINE_MAX_CHARS ? (LINE_MAX_CHARS - around) / 4 * 3 : 0;
    struct str word = str_cut(text, bytes);

    return word.len > 0 ? word : str_sub(text, 0, bytes);
}

/* RFC 2047 §5 (3): words are cut between characters, and one line holds one. */
static void add_encoded(struct buffer *out, size_t column, struct str text)
{
    while (text.len > 0) {
        struct str part = word_of(text, column);
        if (column > 1 && part.len < WORD_BYTES_LEAST && part.len < text.len) {
            buffer_add_c(out, "\r\n ");
            column = 1;
            continue;
        }
        buffer_add_c(out, "=?UTF-8?B?");
        add_base64(out, part);
        buffer_add_c(out, "?=");
        text = str_sub(text, part.len, text.len);
        column = LINE_MAX_CHARS;
    }
}

void mime_add_words(struct buffer *out, size_t column, struct str text)
{
    struct str line = one_line(out->arena, text);

    if (can_stand(column, line))
        buffer_add(out, line);
    else
        add_encoded(out, column, line);
}

/* RFC 5322 §3.4: a display name is a quoted string, or encoded words. */
static void add_mailbox(struct buffer *out, const char *header, struct str name, struct str address)
{
    size_t start = out->len;

    buffer_add_format(out, "%s: ", header);
    if (!str_is_absent(name) && name.len > 0) {
        struct str line = one_line(out->arena, name);
        size_t column = out->len - start;
        bool is_quotable = !str_contains_byte(line, '"') && !str_contains_byte(line, '\\');
        if (is_quotable && can_stand(column + 2, line))
            buffer_add_format(out, "\"%.*s\"", STR_ARG(line));
        else
            add_encoded(out, column, line);
        buffer_add_c(out, "\r\n ");
    }
    buffer_add_format(out, "<%.*s>\r\n", STR_ARG(address));
}

/* RFC 5322 §3.3 */
static void add_date(struct buffer *out, instant_t at)
{
    static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    const struct zone *utc = zone_find(STR("UTC"));
    struct date date = zone_date(utc, at);
    struct clock_time time = zone_time(utc, at);

    /* 1970-01-01 was a Thursday. */
    buffer_add_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
                      days[(date_to_days(date) + 4) % 7], (int)date.day, months[date.month - 1],
                      (int)date.year, (int)time.hour, (int)time.minute, (int)time.second);
}

static struct str domain_of(struct str address)
{
    struct str rest = address, part = STR_NONE;

    while (str_split(&rest, '@', &part)) {
    }
    return part;
}

/* --- bodies --- */

static bool must_be_quoted(struct str text, size_t i)
{
    unsigned char c = (unsigned char)text.at[i];
    bool ends_line = i + 1 == text.len || text.at[i + 1] == '\n';

    if (c == ' ' || c == '\t') return ends_line;
    return c < ' ' || c > '~' || c == '=';
}

/* A dot that begins a line is quoted: no server on the way takes it for the end. */
void mime_add_quoted_printable(struct buffer *out, struct str text)
{
    size_t column = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\n') {
            buffer_add_c(out, "\r\n");
            column = 0;
            continue;
        }
        bool quoted = must_be_quoted(text, i) || (column == 0 && text.at[i] == '.');
        size_t width = quoted ? 3 : 1;
        if (column + width > LINE_MAX_CHARS - 1) {
            buffer_add_c(out, "=\r\n");
            column = 0;
            quoted = quoted || text.at[i] == '.';
            width = quoted ? 3 : 1;
        }
        if (quoted)
            buffer_add_format(out, "=%02X", (unsigned)(unsigned char)text.at[i]);
        else
            buffer_add_byte(out, text.at[i]);
        column += width;
    }
}

/* The boundary has "=_", which quoted-printable never has: no text can hold it. */
static void add_part(struct buffer *out, struct str id, const char *type, struct str text)
{
    buffer_add_format(out,
                      "--=_%.*s\r\n"
                      "Content-Type: text/%s; charset=utf-8\r\n"
                      "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                      STR_ARG(id), type);
    mime_add_quoted_printable(out, text);
    buffer_add_c(out, "\r\n");
}

struct str mime_write(struct arena *arena, const struct mail_message *message)
{
    struct buffer out = buffer_new(arena, 2048 + 2 * (message->text.len + message->html.len));
    struct str domain = domain_of(message->from_address);

    add_mailbox(&out, "From", message->from_name, message->from_address);
    add_mailbox(&out, "To", message->to_name, message->to_address);
    buffer_add_c(&out, "Subject: ");
    mime_add_words(&out, sizeof("Subject: ") - 1, message->subject);
    buffer_add_c(&out, "\r\n");
    add_date(&out, message->at);
    buffer_add_format(&out, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(message->id), STR_ARG(domain));
    buffer_add_format(&out,
                      "MIME-Version: 1.0\r\n"
                      "Auto-Submitted: auto-generated\r\n"
                      "Content-Type: multipart/alternative;\r\n boundary=\"=_%.*s\"\r\n\r\n",
                      STR_ARG(message->id));
    add_part(&out, message->id, "plain", message->text);
    add_part(&out, message->id, "html", message->html);
    buffer_add_format(&out, "--=_%.*s--\r\n", STR_ARG(message->id));
    return buffer_str(&out);
}
