/* The permission matrix, cell by cell against tests/permissions.csv, and scope. */
#include "source_root.h"

#include "base/types.h"
#include "domain/roles.h"

enum { PRIMARY = 10, GRANTED = 20, ALSO_GRANTED = 25, FOREIGN = 30 };

static const id64_t granted[] = { 15, GRANTED, ALSO_GRANTED };
static const struct reach some = { .primary = PRIMARY, .granted = granted, .n_granted = 3 };
static const struct reach none = { .primary = PRIMARY };
static const struct reach every = { .all = true, .primary = PRIMARY };

static const char *const grant_names[] = { "no", "yes", "all", "granted", "scope", "own" };

/* The column's role, by the names of the header line. */
static void assert_header_names_the_roles(struct str header)
{
    struct str cell;

    assert_true(str_split(&header, ',', &cell));
    assert_true(str_equal_c(cell, "permission"));
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        assert_true(str_split(&header, ',', &cell));
        assert_true(str_equal_c(cell, role_names[role]));
    }
}

static void assert_permission_row(struct str line, enum permission permission)
{
    struct str cell;

    assert_true(str_split(&line, ',', &cell));
    assert_true(str_equal_c(cell, permission_names[permission]));
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        assert_true(str_split(&line, ',', &cell));
        assert_true(str_equal_c(cell, grant_names[role_grant((enum role)role, permission)]));
    }
}

static void the_matrix_is_the_table_of_the_specification_cell_by_cell(void **state)
{
    struct str rest = source_file(*state, "tests/permissions.csv"), line;
    size_t row = 0;

    assert_true(str_split(&rest, '\n', &line));
    assert_header_names_the_roles(str_trim(line));
    while (str_split(&rest, '\n', &line)) {
        if (str_trim(line).len == 0) continue;
        assert_true(row < PERMISSION_COUNT);
        assert_permission_row(str_trim(line), (enum permission)row++);
    }
    assert_int_equal(row, PERMISSION_COUNT);
    assert_null(permission_names[PERMISSION_COUNT]);
    assert_null(role_names[ROLE_COUNT]);
}

static void agency_people_reach_every_subaccount_without_a_grant(void **state)
{
    const enum role roles[] = { ROLE_AGENCY_OWNER, ROLE_AGENCY_ADMIN };

    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        assert_int_equal(may_reach(roles[i], CAN_WORKSPACE_EDIT, &none, PRIMARY), REASON_NONE);
        assert_int_equal(may_reach(roles[i], CAN_WORKSPACE_EDIT, &none, FOREIGN), REASON_NONE);
        assert_int_equal(may_reach(roles[i], CAN_SUBACCOUNT_SUSPEND, &none, FOREIGN), REASON_NONE);
    }
}

static void a_member_reaches_the_primary_and_what_is_granted(void **state)
{
    const enum role member = ROLE_AGENCY_MEMBER;

    assert_int_equal(may_reach(member, CAN_WORKSPACE_EDIT, &some, PRIMARY), REASON_NONE);
    assert_int_equal(may_reach(member, CAN_WORKSPACE_EDIT, &some, GRANTED), REASON_NONE);
    assert_int_equal(may_reach(member, CAN_WORKSPACE_EDIT, &some, FOREIGN), REASON_NOT_FOUND);
    assert_int_equal(may_reach(member, CAN_WORKSPACE_EDIT, &none, GRANTED), REASON_NOT_FOUND);
    assert_int_equal(may_reach(member, CAN_SUBACCOUNT_LIST, &none, PRIMARY), REASON_NONE);
}

static void a_subaccounts_people_reach_only_what_is_granted(void **state)
{
    const enum role roles[] = { ROLE_SUBACCOUNT_ADMIN, ROLE_SUBACCOUNT_MEMBER };

    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        assert_int_equal(may_reach(roles[i], CAN_WALLET_VIEW, &some, 15), REASON_NONE);
        assert_int_equal(may_reach(roles[i], CAN_WALLET_VIEW, &some, GRANTED), REASON_NONE);
        assert_int_equal(may_reach(roles[i], CAN_WALLET_VIEW, &some, ALSO_GRANTED), REASON_NONE);
        assert_int_equal(may_reach(roles[i], CAN_WALLET_VIEW, &some, PRIMARY), REASON_NOT_FOUND);
        assert_int_equal(may_reach(roles[i], CAN_WALLET_VIEW, &some, FOREIGN), REASON_NOT_FOUND);
        assert_int_equal(may_reach(roles[i], CAN_WALLET_VIEW, &none, GRANTED), REASON_NOT_FOUND);
    }
}

static void a_grant_of_all_reaches_accounts_created_later(void **state)
{
    assert_int_equal(may_reach(ROLE_SUBACCOUNT_ADMIN, CAN_WORKSPACE_EDIT, &every, 999),
                     REASON_NONE);
}

static void what_is_seen_but_not_allowed_is_told_apart_from_what_is_not_seen(void **state)
{
    assert_int_equal(may_reach(ROLE_SUBACCOUNT_MEMBER, CAN_WORKSPACE_EDIT, &some, GRANTED),
                     REASON_NOT_ALLOWED);
    assert_int_equal(may_reach(ROLE_SUBACCOUNT_MEMBER, CAN_WORKSPACE_EDIT, &some, FOREIGN),
                     REASON_NOT_FOUND);
    assert_int_equal(may_reach(ROLE_SUBACCOUNT_ADMIN, CAN_SUBACCOUNT_SUSPEND, &some, GRANTED),
                     REASON_NOT_ALLOWED);
    assert_int_equal(may_reach(ROLE_AGENCY_MEMBER, CAN_SUBACCOUNT_PRICING, &some, PRIMARY),
                     REASON_NOT_ALLOWED);
}

static void nobody_reaches_no_subaccount(void **state)
{
    assert_int_equal(may_reach(ROLE_AGENCY_OWNER, CAN_WORKSPACE_VIEW, &every, ID_NONE),
                     REASON_NOT_FOUND);
}

static void a_reduced_view_is_a_view_and_no_is_no(void **state)
{
    assert_int_equal(may_do(ROLE_AGENCY_MEMBER, CAN_AGENCY_VIEW), REASON_NONE);
    assert_int_equal(role_grant(ROLE_AGENCY_MEMBER, CAN_AGENCY_VIEW), GRANT_OWN);
    assert_int_equal(may_do(ROLE_SUBACCOUNT_ADMIN, CAN_AGENCY_VIEW), REASON_NOT_ALLOWED);
    assert_int_equal(may_do(ROLE_AGENCY_ADMIN, CAN_AGENCY_TRANSFER_OWNERSHIP), REASON_NOT_ALLOWED);
    assert_int_equal(may_do(ROLE_AGENCY_OWNER, CAN_AGENCY_TRANSFER_OWNERSHIP), REASON_NONE);
}

static void everybody_may_do_what_needs_no_permission(void **state)
{
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        assert_int_equal(may_do((enum role)role, CAN_ANYONE), REASON_NONE);
        assert_int_equal(may_do((enum role)role, CAN_SIGNED_IN), REASON_NONE);
    }
}

static void the_platforms_staff_have_no_permission_of_an_agency_and_its_people_none_of_the_platform(
    void **state)
{
    for (int i = 0; i < PERMISSION_COUNT; i++) {
        enum permission permission = (enum permission)i;
        bool is_platforms = permission_is_platforms(permission);
        bool is_granted = role_grant(ROLE_PLATFORM_ADMIN, permission) == GRANT_YES;

        assert_int_equal(is_granted, is_platforms && permission != CAN_PLATFORM_LEAVE);
        for (size_t role = 0; is_platforms && role < ROLE_COUNT; role++)
            assert_int_equal(may_do((enum role)role, permission), REASON_NOT_ALLOWED);
    }
    assert_int_equal(may_reach(ROLE_PLATFORM_ADMIN, CAN_WORKSPACE_VIEW, &every, GRANTED),
                     REASON_NOT_FOUND);
}

static void inside_an_agency_staff_can_leave_and_do_nothing_else_of_the_platform(void **state)
{
    const enum permission outside[] = { CAN_PLATFORM_VIEW, CAN_PLATFORM_PLANS, CAN_PLATFORM_SETTLE,
                                        CAN_PLATFORM_OPERATE, CAN_PLATFORM_ENTER };

    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        assert_int_equal(may_act_for_platform(ROLE_PLATFORM_ADMIN, true, outside[i]), REASON_NONE);
        assert_int_equal(may_act_for_platform(ROLE_AGENCY_ADMIN, true, outside[i]),
                         REASON_NOT_FOUND);
    }
    assert_int_equal(may_act_for_platform(ROLE_AGENCY_ADMIN, true, CAN_PLATFORM_LEAVE),
                     REASON_NONE);
    assert_int_equal(may_act_for_platform(ROLE_PLATFORM_ADMIN, true, CAN_PLATFORM_LEAVE),
                     REASON_NOT_ALLOWED);
    assert_int_equal(may_act_for_platform(ROLE_AGENCY_OWNER, false, CAN_PLATFORM_LEAVE),
                     REASON_NOT_FOUND);
}

static void key_scopes_have_the_names_of_the_api(void **state)
{
    assert_string_equal(key_scope_names[SCOPE_CALLS_WRITE], "calls:write");
    assert_string_equal(key_scope_names[SCOPE_RESERVATIONS_WRITE], "reservations:write");
    assert_string_equal(key_scope_names[SCOPE_READ], "read");
    assert_null(key_scope_names[SCOPE_COUNT]);
}

static int set_up(void **state)
{
    *state = arena_new(4096);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matrix_is_the_table_of_the_specification_cell_by_cell),
        cmocka_unit_test(agency_people_reach_every_subaccount_without_a_grant),
        cmocka_unit_test(a_member_reaches_the_primary_and_what_is_granted),
        cmocka_unit_test(a_subaccounts_people_reach_only_what_is_granted),
        cmocka_unit_test(a_grant_of_all_reaches_accounts_created_later),
        cmocka_unit_test(what_is_seen_but_not_allowed_is_told_apart_from_what_is_not_seen),
        cmocka_unit_test(nobody_reaches_no_subaccount),
        cmocka_unit_test(a_reduced_view_is_a_view_and_no_is_no),
        cmocka_unit_test(everybody_may_do_what_needs_no_permission),
        cmocka_unit_test(
            the_platforms_staff_have_no_permission_of_an_agency_and_its_people_none_of_the_platform),
        cmocka_unit_test(inside_an_agency_staff_can_leave_and_do_nothing_else_of_the_platform),
        cmocka_unit_test(key_scopes_have_the_names_of_the_api),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
