/* What libmicrohttpd calls: a connection opens and closes, a request comes in pieces, and is over. */
#ifndef HTTP_RECEIVE_H
#define HTTP_RECEIVE_H

#include <microhttpd.h>

/* MHD's callbacks; the context is the server, and `place` keeps a request's exchange. */
void *on_request_line(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *upload,
                           size_t *upload_len, void **place);
void on_request_over(void *context, struct MHD_Connection *connection, void **place,
                     enum MHD_RequestTerminationCode code);
void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code);

/* Frees the exchanges that are kept for reuse. */
struct server;
void exchanges_free(struct server *server);

#endif
