/* Who may become what (domain.md §12, §13). */
#include "unit.h"

#include "domain/people.h"

static void the_owners_role_cannot_be_given(void **state)
{
    size_t count = 0;

    while (assignable_role_names[count] != NULL)
        count++;
    assert_int_equal(count, ROLE_COUNT - 1);
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(assignable_role((int)i), ROLE_AGENCY_OWNER);
        assert_string_equal(assignable_role_names[i], role_names[assignable_role((int)i)]);
    }
}

static void reach_fits_the_role(void **state)
{
    assert_int_equal(may_reach_so_far(ROLE_AGENCY_ADMIN, true, 0), REASON_NONE);
    assert_int_equal(may_reach_so_far(ROLE_AGENCY_ADMIN, false, 0), REASON_NONE);
    assert_int_equal(may_reach_so_far(ROLE_AGENCY_ADMIN, false, 1), REASON_SUBACCOUNTS_UNUSED);
    assert_int_equal(may_reach_so_far(ROLE_AGENCY_MEMBER, false, 0), REASON_NONE);
    assert_int_equal(may_reach_so_far(ROLE_AGENCY_MEMBER, false, 3), REASON_NONE);
    assert_int_equal(may_reach_so_far(ROLE_SUBACCOUNT_ADMIN, false, 0), REASON_SUBACCOUNTS_NEEDED);
    assert_int_equal(may_reach_so_far(ROLE_SUBACCOUNT_MEMBER, false, 0), REASON_SUBACCOUNTS_NEEDED);
    assert_int_equal(may_reach_so_far(ROLE_SUBACCOUNT_ADMIN, true, 0), REASON_NONE);
    assert_int_equal(may_reach_so_far(ROLE_SUBACCOUNT_MEMBER, false, 2), REASON_NONE);
}

static void the_owner_alone_is_fixed_and_only_an_admin_follows(void **state)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        assert_int_equal(may_change_user((enum role)role),
                         role == ROLE_AGENCY_OWNER ? REASON_OWNER_IS_FIXED : REASON_NONE);
        assert_int_equal(may_become_owner((enum role)role),
                         role == ROLE_AGENCY_ADMIN ? REASON_NONE : REASON_NOT_AN_ADMIN);
    }
}

static void a_link_opens_for_seven_days_to_the_microsecond(void **state)
{
    const instant_t sent = 1000, expires = sent + INVITATION_VALID;

    assert_true(INVITATION_VALID == 7 * MICROS_PER_DAY);
    assert_int_equal(may_accept(INVITATION_PENDING, expires, expires - 1), REASON_NONE);
    assert_int_equal(may_accept(INVITATION_PENDING, expires, expires), REASON_INVITATION_EXPIRED);
    assert_int_equal(may_accept(INVITATION_ACCEPTED, expires, sent), REASON_INVITATION_USED);
    assert_int_equal(may_accept(INVITATION_WITHDRAWN, expires, sent), REASON_INVITATION_REVOKED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_owners_role_cannot_be_given),
        cmocka_unit_test(reach_fits_the_role),
        cmocka_unit_test(the_owner_alone_is_fixed_and_only_an_admin_follows),
        cmocka_unit_test(a_link_opens_for_seven_days_to_the_microsecond),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
