/* The console's files, carried inside the program (generated at build time from web/dist). */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct asset {
    const char *path; /* "/index.html", "/assets/index-4f2a.js" */
    const char *content_type;
    const char *etag;          /* with its quotes */
    bool immutable;            /* a hashed name: cached for a year */
    const unsigned char *gzip; /* NULL when the plain form is smaller */
    size_t gzip_len;
    const unsigned char *plain; /* NULL: to be unpacked from gzip */
    size_t plain_len;           /* also then */
};

extern const struct asset assets[]; /* sorted by path */
extern const size_t assets_count;

#endif
