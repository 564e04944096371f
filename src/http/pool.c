#include "http/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

struct thread {
    struct pool *pool;
    pthread_t id;
    void *resource;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct fair_queue *queue; /* under lock, as is what follows */
    uint64_t refused;
    bool stopping;
    int niceness;
    struct pool_resource resource;
    struct thread *threads;
    size_t n_threads;
};

static struct work *take(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (fair_queue_waiting(pool->queue) == 0 && !pool->stopping)
        pthread_cond_wait(&pool->wake, &pool->lock);
    struct queued *place = fair_queue_take(pool->queue);
    pthread_mutex_unlock(&pool->lock);
    return place == NULL ? NULL
                         : (struct work *)(void *)((char *)place - offsetof(struct work, place));
}

static void *thread_main(void *context)
{
    struct thread *thread = context;
    struct work *work;

    /* On Linux of this thread alone, and everybody may be nicer than they are. */
    if (thread->pool->niceness > 0)
        setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + thread->pool->niceness);
    while ((work = take(thread->pool)) != NULL)
        work->run(work, thread->resource);
    return NULL;
}

static void pool_free(struct pool *pool)
{
    for (size_t i = 0; i < pool->n_threads; i++) {
        if (pool->resource.unmake != NULL && pool->threads[i].resource != NULL)
            pool->resource.unmake(pool->threads[i].resource);
    }
    fair_queue_free(pool->queue);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool);
}

struct pool *pool_start(size_t threads, size_t queue_max, int niceness,
                        struct pool_resource resource)
{
    struct pool *pool = calloc(1, sizeof(*pool));

    assert(pool != NULL && threads > 0);
    pool->threads = calloc(threads, sizeof(*pool->threads));
    assert(pool->threads != NULL);
    pool->queue = fair_queue_new(queue_max, 1);
    pool->niceness = niceness;
    pool->resource = resource;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    for (; pool->n_threads < threads; pool->n_threads++) {
        struct thread *thread = &pool->threads[pool->n_threads];
        thread->pool = pool;
        if (resource.make != NULL && (thread->resource = resource.make(resource.context)) == NULL) {
            pool_free(pool);
            return NULL;
        }
    }
    for (size_t i = 0; i < threads; i++) {
        int failed = pthread_create(&pool->threads[i].id, NULL, thread_main, &pool->threads[i]);
        assert(failed == 0);
        (void)failed;
    }
    return pool;
}

bool pool_submit(struct pool *pool, struct work *work)
{
    pthread_mutex_lock(&pool->lock);
    bool accepted = !pool->stopping && fair_queue_put(pool->queue, &work->place);
    if (accepted)
        pthread_cond_signal(&pool->wake);
    else
        pool->refused++;
    pthread_mutex_unlock(&pool->lock);
    return accepted;
}

struct pool_stats pool_stats(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct pool_stats stats = { .queued = fair_queue_waiting(pool->queue),
                                .refused = pool->refused };
    pthread_mutex_unlock(&pool->lock);
    return stats;
}

void pool_stop(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i].id, NULL);
    pool_free(pool);
}
