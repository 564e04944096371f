/* The outbox: ordered with its cause, leased by one, settled by whoever leased last, and never with a secret in it. */
#include "agency_fixture.h"

#include "base/hash.h"
#include "base/rng.h"
#include "engine/mail.h"
#include "engine/people.h"

#define NOW    SOME_INSTANT
#define SECOND MICROS_PER_SECOND
#define LEASE  (90 * SECOND)

static struct store *mail_store(void **state)
{
    struct store *store = agency_store(state);

    rng_start();
    mail_set_configured(true);
    script(store,
           "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
           " VALUES (1, 0, 1, 1)");
    return store;
}

static void order(struct store *store, enum mail_template template, struct mail_order order)
{
    assert_ok(store, mail_post(store->tx, AGENCY, template, &order));
}

static struct outbox_item claim(struct store *store, bool is_there)
{
    struct outbox_item item = { 0 };
    bool found = false;

    assert_ok(store, outbox_claim(store->tx, store->tx->now + LEASE, &item, &found));
    assert_int_equal(found, is_there);
    return item;
}

static struct outbox_counts counts_of(struct store *store)
{
    struct outbox_counts counts;

    assert_ok(store, outbox_count(store->tx, &counts));
    return counts;
}

static void an_order_is_as_lasting_as_its_cause(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    assert_int_equal(counts_of(store).waiting, 1);
    tx_rollback(store->tx);
    begin(store);
    claim(store, false);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    commit(store);
    begin(store);
    struct outbox_item item = claim(store, true);
    commit(store);
    assert_int_equal(item.agency_id, AGENCY);
    assert_int_equal(item.template, MAIL_PASSWORD_CHANGED);
    assert_int_equal(item.user_id, OWNER);
    assert_int_equal(item.about_id, ID_NONE);
    assert_int_equal(item.tries, 1);
    assert_true(item.due_at == INSTANT_NONE && item.created_at == NOW);
    assert_true(item.give_up_at == NOW + mail_worth(MAIL_PASSWORD_CHANGED));
}

static void nothing_is_ordered_where_mail_is_not_configured(void **state)
{
    struct store *store = mail_store(state);

    mail_set_configured(false);
    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    claim(store, false);
    commit(store);
}

static void a_cause_is_told_of_once(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    for (int i = 0; i < 2; i++) {
        order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
        order(store, MAIL_AGENCY_DELETING,
              (struct mail_order){ .to = OWNER, .once = STR("day 1") });
    }
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = CLIENT });
    commit(store);
    begin_at(store, NOW + SECOND);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    order(store, MAIL_AGENCY_DELETING, (struct mail_order){ .to = OWNER, .once = STR("day 1") });
    order(store, MAIL_AGENCY_DELETING, (struct mail_order){ .to = OWNER, .once = STR("day 2") });
    assert_int_equal(counts_of(store).waiting, 5);
    commit(store);
}

static void a_lease_keeps_others_away_until_it_runs_out(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    claim(store, true);
    claim(store, false);
    assert_int_equal(counts_of(store).due, 0);
    commit(store);
    begin_at(store, NOW + LEASE - 1);
    claim(store, false);
    commit(store);
    begin_at(store, NOW + LEASE);
    assert_int_equal(counts_of(store).due, 1);
    assert_int_equal(claim(store, true).tries, 2);
    commit(store);
}

static void who_lost_the_lease_changes_nothing(void **state)
{
    struct store *store = mail_store(state);
    bool held = true;

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    struct outbox_item slow = claim(store, true);
    commit(store);
    begin_at(store, NOW + LEASE);
    struct outbox_item quick = claim(store, true);
    assert_ok(store, outbox_settle(store->tx, &slow, OUTBOX_FAILED, STR("late"), &held));
    assert_false(held);
    assert_ok(store, outbox_try_again(store->tx, &slow, NOW, STR("late"), &held));
    assert_false(held);
    assert_ok(store, outbox_settle(store->tx, &quick, OUTBOX_DONE, STR_NONE, &held));
    assert_true(held);
    assert_ok(store, outbox_settle(store->tx, &quick, OUTBOX_FAILED, STR("again"), &held));
    assert_false(held);
    struct outbox_counts counts = counts_of(store);
    assert_true(counts.waiting == 0 && counts.failed == 0);
    commit(store);
}

static void a_put_off_mail_comes_again_in_its_turn(void **state)
{
    struct store *store = mail_store(state);
    bool held = false;

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    struct outbox_item item = claim(store, true);
    assert_ok(store, outbox_try_again(store->tx, &item, NOW + 5 * SECOND, STR("451"), &held));
    assert_true(held);
    claim(store, false);
    commit(store);
    begin_at(store, NOW + SECOND);
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    commit(store);
    begin_at(store, NOW + 6 * SECOND);
    assert_int_equal(claim(store, true).template, MAIL_NEW_DEVICE);
    assert_int_equal(claim(store, true).template, MAIL_PASSWORD_CHANGED);
    commit(store);
}

static void a_mail_of_a_newer_version_is_known_as_such(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    commit(store);
    script(store, "UPDATE outbox SET template = 'birthday'");
    begin(store);
    assert_int_equal(claim(store, true).template, -1);
    commit(store);
}

static void what_was_settled_goes_after_thirty_days(void **state)
{
    struct store *store = mail_store(state);
    int64_t deleted;
    bool held;

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = OWNER });
    order(store, MAIL_NEW_DEVICE, (struct mail_order){ .to = OWNER });
    struct outbox_item item = claim(store, true);
    assert_ok(store, outbox_settle(store->tx, &item, OUTBOX_FAILED, STR("550"), &held));
    assert_int_equal(counts_of(store).failed, 1);
    commit(store);
    begin_at(store, NOW + OUTBOX_KEPT - 1);
    assert_ok(store, outbox_delete_settled(store->tx, &deleted));
    assert_int_equal(deleted, 0);
    commit(store);
    begin_at(store, NOW + OUTBOX_KEPT);
    assert_ok(store, outbox_delete_settled(store->tx, &deleted));
    assert_int_equal(deleted, 1);
    struct outbox_counts counts = counts_of(store);
    assert_true(counts.failed == 0 && counts.waiting == 1);
    commit(store);
}

/* --- what mails say --- */

static struct mail_facts facts_of(struct store *store)
{
    struct outbox_item item = claim(store, true);
    struct mail_facts facts;

    assert_ok(store, mail_facts_load(store->tx, &item, &facts));
    return facts;
}

static void a_mail_goes_to_the_address_of_the_day(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_OWNERSHIP_TRANSFERRED,
          (struct mail_order){ .to = CLIENT, .about = CLIENT, .by = OWNER, .detail = STR("d") });
    commit(store);
    script(store, "UPDATE users SET email = 'new@h.example' WHERE id = 22");
    script(store, "UPDATE agencies SET branding_name = 'Brand', branding_colour = '#123456'");
    begin(store);
    struct mail_facts facts = facts_of(store);
    assert_false(facts.is_void);
    assert_true(str_equal_c(facts.address, "new@h.example"));
    assert_true(str_equal_c(facts.name, "Bo Lind"));
    assert_true(str_equal_c(facts.by, "Ada Park"));
    assert_true(str_equal_c(facts.about, "Bo Lind"));
    assert_true(str_equal_c(facts.agency_name, "Brand"));
    assert_true(str_equal_c(facts.colour, "#123456"));
    assert_true(str_equal_c(facts.detail, "d"));
    assert_true(facts.is_about_recipient && facts.happened_at == NOW);
    assert_true(str_is_absent(facts.token) && facts.expires_at == INSTANT_NONE);
    commit(store);
}

static void an_address_of_its_own_goes_before_the_users(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_EMAIL_CHANGE_NOTICE,
          (struct mail_order){ .to = CLIENT, .address = STR("old@h.example") });
    struct mail_facts facts = facts_of(store);
    assert_true(str_equal_c(facts.address, "old@h.example"));
    assert_true(str_equal_c(facts.name, "Bo Lind"));
    commit(store);
}

static void who_has_left_gets_no_mail(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_PASSWORD_CHANGED, (struct mail_order){ .to = CLIENT });
    commit(store);
    script(store, "DELETE FROM users WHERE id = 22");
    begin(store);
    assert_true(facts_of(store).is_void);
    commit(store);
}

static void a_link_that_nobody_makes_is_no_mail(void **state)
{
    struct store *store = mail_store(state);

    begin(store);
    order(store, MAIL_INVITATION, (struct mail_order){ .to = CLIENT, .about = 999 });
    struct outbox_item item = claim(store, true);
    struct mail_facts facts;
    assert_refused(store, mail_facts_load(store->tx, &item, &facts), REASON_NOT_FOUND);
    tx_rollback(store->tx);
}

static id64_t invite(struct store *store, struct str *token)
{
    const id64_t accounts[] = { HARBOR, LAKESIDE };
    struct access access = { ROLE_SUBACCOUNT_ADMIN, { .at = accounts, .count = 2 } };
    struct invitation invitation;

    assert_ok(store,
              person_invite(store->tx, AGENCY, OWNER, STR("grace@example.com"), &access,
                            &invitation, token));
    order(store, MAIL_INVITATION, (struct mail_order){ .about = invitation.id, .by = OWNER });
    return invitation.id;
}

static bool opens(struct store *store, struct str token)
{
    struct opened_invitation opened;
    bool open = invitation_open(store->tx, token, &opened);

    problem_clear(&store->problem);
    return open;
}

static void each_try_makes_a_link_and_kills_the_one_before(void **state)
{
    struct store *store = mail_store(state);
    struct str never_told;

    begin(store);
    invite(store, &never_told);
    commit(store);
    begin_at(store, NOW + SECOND);
    struct mail_facts first = facts_of(store);
    assert_true(str_equal_c(first.address, "grace@example.com"));
    assert_true(str_is_absent(first.name) && str_equal_c(first.by, "Ada Park"));
    assert_int_equal(first.role, ROLE_SUBACCOUNT_ADMIN);
    assert_int_equal(first.n_accounts, 2);
    assert_true(str_equal_c(first.accounts[0], "Harbor"));
    assert_true(first.expires_at == NOW + SECOND + INVITATION_VALID);
    assert_int_equal(first.token.len, TOKEN_CHARS);
    assert_true(opens(store, first.token) && !opens(store, never_told));
    commit(store);
    begin_at(store, NOW + SECOND + LEASE);
    struct mail_facts second = facts_of(store);
    assert_true(opens(store, second.token) && !opens(store, first.token));
    commit(store);
}

static void an_invitation_taken_back_is_not_sent(void **state)
{
    struct store *store = mail_store(state);
    struct invitation invitation;
    struct str token;

    begin(store);
    id64_t id = invite(store, &token);
    assert_ok(store, invitation_load(store->tx, AGENCY, id, &invitation));
    assert_ok(store, invitation_settle(store->tx, &invitation, INVITATION_WITHDRAWN));
    assert_true(facts_of(store).is_void);
    commit(store);
}

static void a_newer_link_drops_the_older_order(void **state)
{
    struct store *store = mail_store(state);
    struct str token;

    begin(store);
    id64_t id = invite(store, &token);
    commit(store);
    begin_at(store, NOW + SECOND);
    order(store, MAIL_INVITATION, (struct mail_order){ .about = id, .by = OWNER });
    assert_int_equal(counts_of(store).waiting, 1);
    assert_true(claim(store, true).created_at == NOW + SECOND);
    commit(store);
}

static void the_newest_mail_about_each_says_how_it_stands(void **state)
{
    struct store *store = mail_store(state);
    const id64_t about[] = { 71, 72, 73 };
    struct outbox_standing standings[3];
    bool held;

    begin(store);
    order(store, MAIL_OWNERSHIP_TRANSFERRED, (struct mail_order){ .to = OWNER, .about = 72 });
    struct outbox_item item = claim(store, true);
    assert_ok(store, outbox_settle(store->tx, &item, OUTBOX_FAILED, STR("550"), &held));
    commit(store);
    begin_at(store, NOW + SECOND);
    order(store, MAIL_OWNERSHIP_TRANSFERRED, (struct mail_order){ .to = OWNER, .about = 71 });
    order(store, MAIL_INVITATION, (struct mail_order){ .about = 73 });
    order(store, MAIL_INVITATION, (struct mail_order){ .about = 73, .once = STR("again") });
    assert_ok(store, outbox_supersede(store->tx, AGENCY, MAIL_INVITATION, 73));
    assert_ok(store, outbox_standings(store->tx, AGENCY, about, 3, standings));
    assert_int_equal(standings[0].state, OUTBOX_WAITING);
    assert_true(str_is_absent(standings[0].last_error));
    assert_int_equal(standings[1].state, OUTBOX_FAILED);
    assert_true(str_equal_c(standings[1].last_error, "550"));
    assert_int_equal(standings[2].state, -1);
    assert_ok(store, outbox_standings(store->tx, OTHER_AGENCY, about, 3, standings));
    assert_int_equal(standings[1].state, -1);
    order(store, MAIL_OWNERSHIP_TRANSFERRED, (struct mail_order){ .to = CLIENT, .about = 72 });
    assert_ok(store, outbox_standings(store->tx, AGENCY, about, 3, standings));
    assert_int_equal(standings[1].state, OUTBOX_WAITING);
    commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(an_order_is_as_lasting_as_its_cause),
        STORE_TEST(nothing_is_ordered_where_mail_is_not_configured),
        STORE_TEST(a_cause_is_told_of_once),
        STORE_TEST(a_lease_keeps_others_away_until_it_runs_out),
        STORE_TEST(who_lost_the_lease_changes_nothing),
        STORE_TEST(a_put_off_mail_comes_again_in_its_turn),
        STORE_TEST(a_mail_of_a_newer_version_is_known_as_such),
        STORE_TEST(what_was_settled_goes_after_thirty_days),
        STORE_TEST(a_mail_goes_to_the_address_of_the_day),
        STORE_TEST(an_address_of_its_own_goes_before_the_users),
        STORE_TEST(who_has_left_gets_no_mail),
        STORE_TEST(a_link_that_nobody_makes_is_no_mail),
        STORE_TEST(each_try_makes_a_link_and_kills_the_one_before),
        STORE_TEST(an_invitation_taken_back_is_not_sent),
        STORE_TEST(a_newer_link_drops_the_older_order),
        STORE_TEST(the_newest_mail_about_each_says_how_it_stands),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
