/* What mails say: each template's words, once, and written twice: as plain text and as HTML in the agency's colour. */
#ifndef INTEGRATIONS_LETTERS_H
#define INTEGRATIONS_LETTERS_H

#include "domain/mail.h"

enum { LETTER_PARTS_MAX = 8 };

enum letter_part_kind {
    LETTER_PARAGRAPH,
    LETTER_BUTTON, /* what the mail is for */
    LETTER_LINK,   /* what somebody may also want */
    LETTER_NOTE,
};

/* `text` of a button or link is on it, `url` where it leads. */
struct letter_part {
    enum letter_part_kind kind;
    struct str text, url;
};

struct letter {
    struct str subject, sender, colour; /* the sender is the agency; colour "#rrggbb" */
    struct letter_part parts[LETTER_PARTS_MAX];
    size_t n;
    struct str link; /* the button's, when it holds the token; absent: none does */
};

void letter_compose(struct arena *arena, const struct mail_facts *facts, struct letter *out);

struct str letter_text(struct arena *arena, const struct letter *letter);
struct str letter_html(struct arena *arena, const struct letter *letter);

/* Invented facts, for previews. */
struct mail_facts letter_sample(struct arena *arena, enum mail_template template, instant_t now);

#endif
