#include "api/senders.h"

static bool same_sender(const struct request *a, const struct request *b)
{
    return a->caller.agency == b->caller.agency && a->caller.user == b->caller.user
        && a->caller.api_key == b->caller.api_key;
}

bool senders_each(struct tx *tx, struct job **jobs, size_t n,
                  bool (*run)(struct tx *tx, struct request **requests, size_t n))
{
    struct request **open = ARENA_ARRAY(tx->arena, struct request *, n);
    struct request **of_sender = ARENA_ARRAY(tx->arena, struct request *, n);
    size_t n_open = n;

    for (size_t i = 0; i < n; i++)
        open[i] = request_of_job(jobs[i]);
    while (n_open > 0) {
        const struct request *first = open[0];
        size_t n_taken = 0, n_left = 0;
        for (size_t i = 0; i < n_open; i++) {
            if (same_sender(first, open[i]))
                of_sender[n_taken++] = open[i];
            else
                open[n_left++] = open[i];
        }
        n_open = n_left;
        if (!run(tx, of_sender, n_taken)) return false;
    }
    return true;
}

/* A request, and what is asked about it. */
struct asked {
    struct request *request;
    bool (*allow)(struct request *r);
};

static bool ask(void *context)
{
    const struct asked *asked = context;

    return asked->allow(asked->request);
}

bool senders_keep_allowed(struct tx *tx, struct request **requests, size_t *n,
                          bool (*allow)(struct request *r))
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        struct asked asked = { requests[i], allow };
        bool allowed;

        if (!tx_run_apart(tx, requests[i]->arena, &requests[i]->problem, ask, &asked, &allowed))
            return false;
        if (allowed) requests[kept++] = requests[i];
    }
    *n = kept;
    return true;
}

id64_t sender_only_subaccount(const struct caller *caller)
{
    return !caller->reach.all && caller->reach.n_granted == 1 ? caller->reach.granted[0] : ID_NONE;
}
