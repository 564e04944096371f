/* A mail as it is sent: RFC 5322 headers, RFC 2047 words, RFC 2046 multipart/alternative of a plain and an HTML text, both
   UTF-8 in quoted-printable (RFC 2045 §6.7). Whatever a name or a text holds, it cannot become a header or a part. */
#ifndef INTEGRATIONS_MIME_H
#define INTEGRATIONS_MIME_H

#include "integrations/mailer.h"

/* Lines end with CRLF and are at most 76 characters long, but for an address that is longer. Addresses are such as
   email_key (domain/accounts.h) takes. */
struct str mime_write(struct arena *arena, const struct mail_message *message);

/* A header's value, folded; `column` is where it begins on its line. */
void mime_add_words(struct buffer *out, size_t column, struct str text);

void mime_add_quoted_printable(struct buffer *out, struct str text);

#endif
