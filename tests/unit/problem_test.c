/* What went wrong: set once, kept untouched, with every wrong field; and the table of reasons. */
#include "arena_fixture.h"

#include "base/problem.h"

#include <string.h>

static struct problem fresh(void **state)
{
    struct problem problem;

    problem_init(&problem, *state);
    return problem;
}

static void a_fresh_problem_is_none(void **state)
{
    struct problem problem = fresh(state);

    assert_false(problem_is_set(&problem));
    assert_int_equal(problem.reason, REASON_NONE);
    assert_int_equal(problem.n_fields, 0);
}

static void the_first_problem_stays(void **state)
{
    struct problem problem = fresh(state);

    assert_false(problem_set(&problem, REASON_NOT_FOUND, NULL, "a.c", 1, "first"));
    assert_false(problem_set(&problem, REASON_CONFLICT, "name", "b.c", 2, "second"));
    assert_int_equal(problem.reason, REASON_NOT_FOUND);
    assert_str(problem_detail(&problem), "first");
    assert_int_equal(problem.n_fields, 0);
}

static void a_problem_knows_the_place_where_it_was_set(void **state)
{
    struct problem problem = fresh(state);

    /* What the macro fail() of base/problem.h passes; cmocka's of the same name is out of the way here. */
    problem_set(&problem, REASON_INTERNAL, NULL, __FILE__, 42, "row %d", 7);
    problem_set(&problem, REASON_INTERNAL, NULL, "elsewhere.c", 43, "later");
    assert_string_equal(problem.file, __FILE__);
    assert_int_equal(problem.line, 42);
    assert_str(problem_detail(&problem), "row 7");
}

static void a_problem_of_one_field_names_it(void **state)
{
    struct problem problem = fresh(state);

    problem_set(&problem, REASON_EMAIL_TAKEN, "email", "a.c", 1, "taken");
    assert_int_equal(problem.reason, REASON_EMAIL_TAKEN);
    assert_int_equal(problem.n_fields, 1);
    assert_str(problem.fields[0].field, "email");
    assert_int_equal(problem.fields[0].reason, REASON_EMAIL_TAKEN);
}

static void without_a_detail_the_reason_speaks_for_itself(void **state)
{
    struct problem problem = fresh(state);

    problem_add_field(&problem, REASON_REQUIRED, STR("name"), "a.c", 1, "Give a name.");
    assert_str(problem_detail(&problem), reason_sentence(REASON_INVALID));
}

static void several_wrong_fields_are_all_reported(void **state)
{
    struct problem problem = fresh(state);

    problem_add_field(&problem, REASON_REQUIRED, STR("name"), "a.c", 1, "Give a name.");
    problem_add_field(&problem, REASON_TOO_LONG, STR("note"), "a.c", 2, "At most %d.", 150);
    assert_int_equal(problem.reason, REASON_INVALID);
    assert_int_equal(problem.n_fields, 2);
    assert_str(problem.fields[0].field, "name");
    assert_int_equal(problem.fields[1].reason, REASON_TOO_LONG);
    assert_str(problem.fields[1].detail, "At most 150.");
}

static void an_unreadable_field_makes_the_whole_a_bad_request(void **state)
{
    struct problem problem = fresh(state);

    problem_add_field(&problem, REASON_REQUIRED, STR("name"), "a.c", 1, "Give a name.");
    problem_add_field(&problem, REASON_UNKNOWN_FIELD, STR("nmae"), "a.c", 2, "Unknown.");
    problem_add_field(&problem, REASON_TOO_LONG, STR("note"), "a.c", 3, "Long.");
    assert_int_equal(problem.reason, REASON_UNKNOWN_FIELD);
    assert_int_equal(problem.n_fields, 3);
}

static void a_field_never_hides_another_problem(void **state)
{
    struct problem problem = fresh(state);

    problem_set(&problem, REASON_STORE_UNAVAILABLE, NULL, "a.c", 1, "gone");
    problem_add_field(&problem, REASON_REQUIRED, STR("name"), "a.c", 2, "Give a name.");
    assert_int_equal(problem.reason, REASON_STORE_UNAVAILABLE);
}

static void fields_beyond_the_limit_are_left_out(void **state)
{
    struct problem problem = fresh(state);

    for (int i = 0; i < PROBLEM_FIELDS_MAX + 5; i++)
        problem_add_field(&problem, REASON_REQUIRED, STR("name"), "a.c", i, "%d", i);
    assert_int_equal(problem.n_fields, PROBLEM_FIELDS_MAX);
    assert_str(problem.fields[PROBLEM_FIELDS_MAX - 1].detail, "15");
}

static void a_long_path_is_cut_at_a_character(void **state)
{
    struct problem problem = fresh(state);
    struct str path = str_format(*state, "a%.*s", STR_ARG(str_repeat(*state, STR("é"), 1000)));

    problem_add_field(&problem, REASON_UNKNOWN_FIELD, path, "a.c", 1, "Unknown.");
    assert_int_equal(problem.fields[0].field.len, PROBLEM_PATH_MAX - 1);
    assert_true(str_is_text(problem.fields[0].field));
}

static void a_field_survives_what_named_it(void **state)
{
    struct problem problem = fresh(state);
    char name[] = "prices.basic";

    problem_add_field(&problem, REASON_REQUIRED, str_from_c(name), "a.c", 1, "Required.");
    memset(name, 'x', sizeof(name) - 1);
    assert_str(problem.fields[0].field, "prices.basic");
}

static void a_cleared_problem_can_be_set_again(void **state)
{
    struct problem problem = fresh(state);

    problem_set(&problem, REASON_NOT_FOUND, "id", "a.c", 1, "first");
    problem_clear(&problem);
    assert_false(problem_is_set(&problem));
    problem_set(&problem, REASON_CONFLICT, NULL, "b.c", 2, "second");
    assert_int_equal(problem.reason, REASON_CONFLICT);
    assert_str(problem_detail(&problem), "second");
    assert_string_equal(problem.file, "b.c");
    assert_int_equal(problem.n_fields, 0);
}

static bool is_snake_case(const char *code)
{
    return *code != '\0' && strspn(code, "abcdefghijklmnopqrstuvwxyz_") == strlen(code);
}

static void every_reason_has_a_status_a_code_and_a_sentence(void **state)
{
    for (enum reason reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        int status = reason_status(reason);
        const char *sentence = reason_sentence(reason);

        assert_row(status == 200 || (status >= 400 && status < 600), reason_code(reason));
        assert_row(is_snake_case(reason_code(reason)), reason_code(reason));
        assert_row(sentence[strlen(sentence) - 1] == '.', reason_code(reason));
    }
    assert_int_equal(reason_status(REASON_NONE), 0);
}

/* A client that knows a code must not meet it with another meaning. */
static void reasons_that_share_a_code_share_its_status(void **state)
{
    for (enum reason a = REASON_NONE; a < REASON_COUNT; a++) {
        for (enum reason b = REASON_NONE; b < REASON_COUNT; b++) {
            if (strcmp(reason_code(a), reason_code(b)) == 0)
                assert_row(reason_status(a) == reason_status(b), reason_code(a));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_problem_is_none),
        cmocka_unit_test(the_first_problem_stays),
        cmocka_unit_test(a_problem_knows_the_place_where_it_was_set),
        cmocka_unit_test(a_problem_of_one_field_names_it),
        cmocka_unit_test(without_a_detail_the_reason_speaks_for_itself),
        cmocka_unit_test(several_wrong_fields_are_all_reported),
        cmocka_unit_test(an_unreadable_field_makes_the_whole_a_bad_request),
        cmocka_unit_test(a_field_never_hides_another_problem),
        cmocka_unit_test(fields_beyond_the_limit_are_left_out),
        cmocka_unit_test(a_long_path_is_cut_at_a_character),
        cmocka_unit_test(a_field_survives_what_named_it),
        cmocka_unit_test(a_cleared_problem_can_be_set_again),
        cmocka_unit_test(every_reason_has_a_status_a_code_and_a_sentence),
        cmocka_unit_test(reasons_that_share_a_code_share_its_status),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
