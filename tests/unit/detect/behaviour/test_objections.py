"""Blocks and reports by minors."""

RULE = "minor-objections"


def test_blocks_and_reports_by_minors_add_up(town):
    for number, minor in enumerate(town.minors(6)):
        if number % 2:
            town.tell("block", f"account:{minor}", number, target="account:eve")
        else:
            town.tell("report", "account:eve", number, target=f"account:{minor}")
    assert town.strength("eve", RULE) == 0.5


def test_a_report_of_a_post_counts_for_who_posted_it(town):
    town.tell("post", "account:eve", target="post:1", text="hello")
    for minor in town.minors(3):
        town.tell("report", "post:1", 1, target=f"account:{minor}")
    assert town.strength("eve", RULE) == 0.3


def test_one_minor_who_objects_ten_times_is_one(town):
    (minor,) = town.minors(1)
    for number in range(10):
        town.tell("block", f"account:{minor}", number, target="account:eve")
    assert town.strength("eve", RULE) == 0


def test_a_journalist_whom_all_ages_block_is_not_found(town):
    for number, minor in enumerate(town.minors(12)):
        town.tell("block", f"account:{minor}", number, target="account:press")
        town.tell("block", f"account:a{number}", number, target="account:press")
        town.tell("block", f"account:b{number}", number, target="account:press")
    assert town.strength("press", RULE) < 0.5


def test_a_teacher_blocked_by_two_pupils_is_not_found(town):
    for minor in town.minors(2):
        town.tell("block", f"account:{minor}", target="account:teacher")
    assert town.strength("teacher", RULE) == 0


def test_reports_without_a_reporter_count_for_nothing(town):
    for number in range(20):
        town.tell("report", "account:eve", number)
    assert town.strength("eve", RULE) == 0
