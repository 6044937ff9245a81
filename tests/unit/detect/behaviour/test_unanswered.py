"""Contacts that minors leave unanswered."""

import pytest

RULE = "unanswered-contacts"


@pytest.mark.parametrize(("many", "strength"), [(7, 0.0), (8, 0.3), (15, 0.5), (30, 0.7)])
def test_strength_rises_with_those_who_stay_silent(town, many, strength):
    for day, minor in enumerate(town.minors(many)):
        town.contact("eve", minor, day / 10)
    town.contact("eve", "later", 5)
    assert town.strength("eve", RULE) == 0.0 if many < 8 else strength


def test_who_was_written_to_a_moment_ago_is_not_silent_yet(town):
    for minor in town.minors(20):
        town.contact("eve", minor, 0.5)
    assert town.strength("eve", RULE) == 0


def test_a_teacher_whose_pupils_answer_is_not_found(town):
    for day, minor in enumerate(town.minors(40)):
        town.contact("teacher", minor, day / 4)
        if day % 5:
            town.contact(minor, "teacher", day / 4 + 0.1)
    assert town.strength("teacher", RULE) == 0


def test_who_answers_minors_seeks_out_nobody(town):
    for day, minor in enumerate(town.minors(40)):
        town.contact(minor, "helpline", day / 4)
        town.contact("helpline", minor, day / 4 + 0.1)
    assert town.strength("helpline", RULE) == 0


def test_a_shop_writes_to_all_ages(town):
    minors = town.minors(20)
    for number in range(60):
        whom = minors[number // 3] if number % 3 == 0 else f"grown{number}"
        town.contact("shop", whom, number / 10)
    assert town.strength("shop", RULE) == 0


def test_the_platform_may_say_that_it_was_answered(town):
    for day, minor in enumerate(town.minors(40)):
        town.contact("coach", minor, day / 4, answered="true")
    assert town.strength("coach", RULE) == 0


def test_what_is_long_ago_is_forgotten(town):
    for day, minor in enumerate(town.minors(40)):
        town.contact("eve", minor, day * 10)
    assert town.strength("eve", RULE) == 0
