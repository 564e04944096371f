/* Slow clients are cut off (architecture.md "Requests"): who takes longer than allowed to send a whole request, from the
   first byte of its first line on, trickling or not, loses the connection, and costs nobody else anything. When there is
   little room left for others, so does who keeps a connection and sends nothing. */
#ifndef HTTP_SLOW_H
#define HTTP_SLOW_H

#include <stdbool.h>

struct connections;
struct open_connection;

struct connections *connections_new(void);
void connections_free(struct connections *connections);

/* Starts and stops looking, once a second. */
void connections_watch(struct connections *connections);
void connections_unwatch(struct connections *connections);

struct open_connection *connection_opened(struct connections *connections, int fd);
void connection_closed(struct connections *connections, struct open_connection *connection);

/* What a connection is at: waiting for a request, receiving one, or waiting for our answer. */
enum connection_phase { CONNECTION_IDLE, CONNECTION_RECEIVING, CONNECTION_WORKING };
void connection_set_phase(struct open_connection *connection, enum connection_phase phase);

#endif
