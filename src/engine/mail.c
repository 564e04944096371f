#include "engine/mail.h"

#include "base/id.h"

#include <stdatomic.h>

static bool is_configured;
static atomic_uint_fast64_t endings[MAIL_ENDING_COUNT];
static atomic_int_fast64_t waiting, failed;

void mail_set_configured(bool configured)
{
    is_configured = configured;
}

bool mail_is_configured(void)
{
    return is_configured;
}

/* Without a cause that has a name, what one transaction orders twice is the same. */
static struct str once_key(struct tx *tx, enum mail_template template,
                           const struct mail_order *order)
{
    const char *name = mail_template_names[template];

    if (!str_is_absent(order->once))
        return str_format(tx->arena, "%s %.*s", name, STR_ARG(order->once));
    return str_format(tx->arena, "%s %lld %lld %.*s at %lld", name, (long long)order->to,
                      (long long)order->about, STR_ARG(order->address), (long long)tx->now);
}

bool mail_post(struct tx *tx, id64_t agency, enum mail_template template,
               const struct mail_order *order)
{
    const struct outbox_item item = {
        .agency_id = agency,
        .id = id_new(tx->now),
        .template = (int)template,
        .user_id = order->to,
        .about_id = order->about,
        .by_id = order->by,
        .address = order->address,
        .detail = order->detail,
        .due_at = order->due_at != 0 ? order->due_at : INSTANT_NONE,
        .give_up_at = tx->now + mail_worth(template),
        .created_at = tx->now,
    };

    /* What is in the outbox is an agency's: the platform's staff get none. */
    if (!is_configured || agency == ID_NONE) return true;
    if (mail_link_page(template) != NULL && order->about != ID_NONE
        && !outbox_supersede(tx, agency, template, order->about))
        return false;
    return outbox_insert(tx, &item, once_key(tx, template, order));
}

struct mail_stats mail_stats(void)
{
    return (struct mail_stats){
        .waiting = atomic_load(&waiting),
        .failed_kept = atomic_load(&failed),
        .sent = atomic_load(&endings[MAIL_SENT]),
        .retried = atomic_load(&endings[MAIL_RETRIED]),
        .failed = atomic_load(&endings[MAIL_FAILED]),
        .dropped = atomic_load(&endings[MAIL_DROPPED]),
    };
}

void mail_count_ending(enum mail_ending ending)
{
    atomic_fetch_add(&endings[ending], 1);
}

void mail_note_counts(const struct outbox_counts *counts)
{
    atomic_store(&waiting, counts->waiting);
    atomic_store(&failed, counts->failed);
}
