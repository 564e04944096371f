/* Jobs, as the platform's staff see them: what waits, what was given up, and trying it again (api.md "platform"). */
#include "api/pages.h"
#include "api/platform_sessions.h"
#include "api/records.h"
#include "api/routes.h"
#include "store/jobs.h"
#include "store/platform_agencies.h"

static const char list_name[] = "jobs";
static const char action[] = "job.retried";

struct jobs_query {
    struct page page;
    int state, kind;
};

struct agency_ref {
    id64_t id;
    struct str name;
};

struct job_view {
    struct job_row row;
    struct str kind, subject;
    struct agency_ref *agency; /* NULL: the platform's own */
};

struct kind_view {
    int kind;
    struct job_counts counts;
};

/* clang-format off */
static const struct field jobs_query_fields[] = {
    PAGE_FIELDS(struct jobs_query),
    FIELD_NAME(struct jobs_query, state, job_state_names),
    FIELD_NAME(struct jobs_query, kind, job_kind_names),
    FIELD_END,
};

static const struct field agency_ref_fields[] = {
    FIELD_ID(struct agency_ref, id, ID_AGENCY),
    FIELD_TEXT(struct agency_ref, name),
    FIELD_END,
};

static const struct field job_fields[] = {
    FIELD_AS("id", struct job_view, row.id, FIELD_IS_ID, .id_kind = ID_JOB),
    FIELD_TEXT(struct job_view, kind),
    FIELD_AS("agency", struct job_view, agency, FIELD_IS_OBJECT, .fields = agency_ref_fields, .flags = FIELD_POINTER),
    FIELD_TEXT(struct job_view, subject),
    FIELD_AS("state", struct job_view, row.state, FIELD_IS_NAME, .names = job_state_names),
    FIELD_AS("due_at", struct job_view, row.due_at, FIELD_IS_INSTANT),
    FIELD_AS("tries", struct job_view, row.tries, FIELD_IS_INTEGER),
    FIELD_AS("last_error", struct job_view, row.last_error, FIELD_IS_TEXT),
    FIELD_AS("created_at", struct job_view, row.created_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field kind_fields[] = {
    FIELD_NAME(struct kind_view, kind, job_kind_names),
    FIELD_AS("waiting", struct kind_view, counts.waiting, FIELD_IS_INTEGER),
    FIELD_AS("due", struct kind_view, counts.due, FIELD_IS_INTEGER),
    FIELD_AS("dead", struct kind_view, counts.dead, FIELD_IS_INTEGER),
    FIELD_AS("oldest_due_at", struct kind_view, counts.oldest_due_at, FIELD_IS_INSTANT),
    FIELD_END,
};

/* What the trail keeps: why it had stopped. */
static const struct field retried_record[] = {
    FIELD_TEXT(struct job_view, kind),
    FIELD_AS("state", struct job_view, row.state, FIELD_IS_NAME, .names = job_state_names),
    FIELD_AS("tries", struct job_view, row.tries, FIELD_IS_INTEGER),
    FIELD_AS("last_error", struct job_view, row.last_error, FIELD_IS_TEXT),
    FIELD_END,
};
/* clang-format on */

/* A kind of a newer version has no name here, and its subject none of ours. */
static struct job_view job_view(struct request *r, const struct job_row *row, struct str agency)
{
    struct job_view view = { .row = *row, .kind = STR("unknown"), .subject = STR_NONE };

    if (row->kind >= 0) {
        view.kind = str_from_c(job_kind_names[row->kind]);
        view.subject =
            id_format(r->arena, job_subject_kind((enum job_kind)row->kind), row->subject_id);
    }
    if (row->agency_id != ID_NONE) {
        view.agency = ARENA_NEW(r->arena, struct agency_ref);
        *view.agency = (struct agency_ref){ row->agency_id, agency };
    }
    return view;
}

static bool view_jobs(struct request *r, const struct job_row *rows, size_t n,
                      struct job_view *views)
{
    id64_t *agencies = ARENA_ARRAY(r->arena, id64_t, n + 1);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n + 1);

    for (size_t i = 0; i < n; i++)
        agencies[i] = rows[i].agency_id;
    if (!platform_agency_names(r->tx, agencies, n, names)) return false;
    for (size_t i = 0; i < n; i++)
        views[i] = job_view(r, &rows[i], names[i]);
    return true;
}

static bool list_jobs(struct request *r)
{
    const struct jobs_query *query = r->query;
    struct job_filter filter = {
        .state = query->state,
        .kind = query->kind,
        .limit = (size_t)page_rows(&query->page),
    };
    struct list rows;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !jobs_list(r->tx, &filter, &rows))
        return false;

    const struct job_row *jobs = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct job_view *views = ARENA_ARRAY(r->arena, struct job_view, n + 1);

    if (!view_jobs(r, jobs, n, views)) return false;
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? jobs[n - 1].id : ID_NONE);

    return request_reply_list(r, job_fields, &(struct list){ views, n }, sizeof(*views), next, -1);
}

static bool count_jobs(struct request *r)
{
    struct job_counts counts[JOB_KIND_COUNT];
    struct kind_view views[JOB_KIND_COUNT];

    if (!jobs_count(r->tx, counts)) return false;
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++)
        views[kind] = (struct kind_view){ kind, counts[kind] };
    return request_reply_list(r, kind_fields, &(struct list){ views, JOB_KIND_COUNT },
                              sizeof(*views), STR_NONE, -1);
}

/* In the trail of the agency whose job it is; else among what the platform's staff did. */
static bool record(struct request *r, const struct job_view *view)
{
    if (view->row.agency_id == ID_NONE) return staff_record(r, r->caller.user, action);
    return request_record_in(r, view->row.agency_id, action, ID_JOB, view->row.id,
                             record_of(r, retried_record, view), STR_NONE);
}

static bool retry_job(struct request *r)
{
    struct job_row before, after;
    struct job_view views[2];
    bool found;

    if (!job_find(r->tx, r->scope.job, &before, &found)) return false;
    if (!found) return request_allow(r, REASON_NOT_FOUND, NULL);
    return job_retry(r->tx, &before) && job_find(r->tx, before.id, &after, &found)
        && view_jobs(r, (const struct job_row[]){ before, after }, 2, views) && record(r, &views[0])
        && request_reply(r, 200, job_fields, &views[1]);
}

/* clang-format off */
const struct route platform_job_routes[] = {
    {GET, "/v1/platform/jobs", CAN_PLATFORM_VIEW, {{READ, list_jobs}}, .query = jobs_query_fields,
     .query_size = sizeof(struct jobs_query), .name = "listJobs"},
    {GET, "/v1/platform/job_kinds", CAN_PLATFORM_VIEW, {{READ, count_jobs}}, .name = "listJobKinds"},
    {POST, "/v1/platform/jobs/{job}/retry", CAN_PLATFORM_OPERATE, {{WRITE, retry_job}}, .flags = ROUTE_NO_BODY,
     .name = "retryJob"},
    ROUTE_END,
};
/* clang-format on */
