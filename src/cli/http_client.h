/* A small HTTP client for commands that talk to a running server: JSON out and in, an API key, patience. */
#ifndef CLI_HTTP_CLIENT_H
#define CLI_HTTP_CLIENT_H

#include "base/problem.h"
#include "base/str.h"

#include <stdbool.h>

struct http_client;

struct http_client_settings {
    struct str
        url; /* of the server: http://… or https://…, with a path before its own or without */
    struct str key;           /* sent as a bearer token */
    bool (*is_stopped)(void); /* asked between tries */
};

/* NULL and a problem when the address or the key is none. */
struct http_client *http_client_open(const struct http_client_settings *settings,
                                     struct arena *arena, struct problem *problem);
void http_client_close(struct http_client *client);

struct http_reply {
    long status;
    struct str body;
};

/* Sends until the server answers something else than "try again": 408, 429, 502, 503, 504 and lost connections are
   tried again with growing pauses, or as Retry-After says. What is sent must bear being sent twice. False and a problem
   when it was tried too often, or is_stopped. `body` absent: GET. */
bool http_client_send(struct http_client *client, struct arena *arena, const char *path,
                      const char *content_type, struct str body, struct http_reply *out,
                      struct problem *problem);

/* A refusal's code and sentence; absent when the reply is no problem+json. */
struct http_refusal {
    struct str code, detail;
};
struct http_refusal http_refusal(struct arena *arena, const struct http_reply *reply);

#endif
