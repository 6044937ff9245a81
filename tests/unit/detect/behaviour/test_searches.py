"""Blocked searches on many days."""

RULE = "blocked-searches"


def search(town, who, days, each):
    for day in days:
        for number in range(each):
            town.tell("search", f"account:{who}", day + number / 1000)


def test_day_after_day_is_found(town):
    search(town, "eve", range(6), 2)
    assert town.strength("eve", RULE) == 0.5


def test_a_journalist_who_searches_a_whole_afternoon_is_not_found(town):
    search(town, "press", [3], 80)
    assert town.strength("press", RULE) == 0


def test_one_search_a_day_is_no_insistence(town):
    search(town, "fan", range(25), 1)
    assert town.strength("fan", RULE) == 0


def test_verified_press_is_left_out(town):
    town.account("press", verified="true")
    search(town, "press", range(20), 5)
    assert town.strength("press", RULE) == 0
