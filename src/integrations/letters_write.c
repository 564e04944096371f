/* A letter as plain text and as HTML. The HTML is what mail programs show: tables, styles in the tags, nothing loaded. */
#include "integrations/letters.h"

static struct str sender_line(struct arena *arena, const struct letter *letter)
{
    return str_format(arena, "Sent by %.*s.", STR_ARG(letter->sender));
}

struct str letter_text(struct arena *arena, const struct letter *letter)
{
    struct buffer out = buffer_new(arena, 1024);
    struct str sender = sender_line(arena, letter);

    for (size_t i = 0; i < letter->n; i++) {
        const struct letter_part *part = &letter->parts[i];
        buffer_add(&out, part->text);
        if (!str_is_absent(part->url)) buffer_add_format(&out, ":\n%.*s", STR_ARG(part->url));
        buffer_add_c(&out, "\n\n");
    }
    buffer_add_format(&out, "-- \n%.*s\n", STR_ARG(sender));
    return buffer_str(&out);
}

static void add_escaped(struct buffer *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '&': buffer_add_c(out, "&amp;"); break;
        case '<': buffer_add_c(out, "&lt;"); break;
        case '>': buffer_add_c(out, "&gt;"); break;
        case '"': buffer_add_c(out, "&quot;"); break;
        case '\'': buffer_add_c(out, "&#39;"); break;
        default: buffer_add_byte(out, text.at[i]);
        }
    }
}

static int hex_digit(char c)
{
    if (c <= '9') return c - '0';
    return (c | 0x20) - 'a' + 10;
}

/* Black or white, whichever reads better on the colour: the luma of ITU-R BT.601. */
static const char *text_on(struct str colour)
{
    int channel[3];

    for (size_t i = 0; i < 3; i++)
        channel[i] = hex_digit(colour.at[1 + 2 * i]) * 16 + hex_digit(colour.at[2 + 2 * i]);
    int luma = (299 * channel[0] + 587 * channel[1] + 114 * channel[2]) / 1000;
    return luma > 150 ? "#000000" : "#ffffff";
}

static void add_part(struct buffer *out, const struct letter *letter,
                     const struct letter_part *part)
{
    switch (part->kind) {
    case LETTER_PARAGRAPH:
        buffer_add_c(out, "<p style=\"margin:0 0 16px;font-size:16px;line-height:24px\">");
        add_escaped(out, part->text);
        buffer_add_c(out, "</p>\n");
        break;
    case LETTER_BUTTON:
        buffer_add_c(out, "<p style=\"margin:8px 0 24px\"><a href=\"");
        add_escaped(out, part->url);
        buffer_add_format(
            out,
            "\" style=\"display:inline-block;padding:12px 20px;border-radius:6px;"
            "font-size:16px;font-weight:600;text-decoration:none;background:%.*s;color:%s\">",
            STR_ARG(letter->colour), text_on(letter->colour));
        add_escaped(out, part->text);
        buffer_add_c(out, "</a></p>\n");
        break;
    case LETTER_LINK:
        buffer_add_c(out,
                     "<p style=\"margin:0 0 12px;font-size:14px;line-height:20px\"><a href=\"");
        add_escaped(out, part->url);
        buffer_add_c(out, "\" style=\"color:#1864ab\">");
        add_escaped(out, part->text);
        buffer_add_c(out, "</a></p>\n");
        break;
    case LETTER_NOTE:
        buffer_add_c(out,
                     "<p style=\"margin:0 0 12px;font-size:14px;line-height:20px;color:#495057\">");
        add_escaped(out, part->text);
        buffer_add_c(out, "</p>\n");
        break;
    }
}

struct str letter_html(struct arena *arena, const struct letter *letter)
{
    struct buffer out = buffer_new(arena, 4096);

    buffer_add_c(&out,
                 "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    add_escaped(&out, letter->subject);
    buffer_add_c(&out,
                 "</title></head>\n"
                 "<body style=\"margin:0;padding:24px 12px;background:#f1f3f5;color:#212529;"
                 "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif\">\n"
                 "<table role=\"presentation\" align=\"center\" width=\"100%\" cellspacing=\"0\""
                 " cellpadding=\"0\" style=\"max-width:560px;margin:0 auto;background:#ffffff;"
                 "border-radius:8px\">\n");
    buffer_add_format(&out,
                      "<tr><td style=\"padding:16px 24px;border-radius:8px 8px 0 0;background:%.*s;"
                      "color:%s;font-size:18px;font-weight:600\">",
                      STR_ARG(letter->colour), text_on(letter->colour));
    add_escaped(&out, letter->sender);
    buffer_add_c(&out, "</td></tr>\n<tr><td style=\"padding:24px;overflow-wrap:anywhere\">\n");
    for (size_t i = 0; i < letter->n; i++)
        add_part(&out, letter, &letter->parts[i]);
    buffer_add_c(&out,
                 "</td></tr></table>\n"
                 "<p style=\"margin:16px auto 0;max-width:560px;text-align:center;font-size:12px;"
                 "color:#5c636a\">");
    add_escaped(&out, sender_line(arena, letter));
    buffer_add_c(&out, "</p>\n</body></html>\n");
    return buffer_str(&out);
}
