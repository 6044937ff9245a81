"""New accounts that reach out to very many at once."""

RULE = "burst"


def test_a_new_account_that_writes_to_a_hundred_in_an_hour_is_found(town):
    town.account("eve")
    for number in range(100):
        town.contact("eve", f"x{number}", 1 + number / 5000)
    assert town.strength("eve", RULE) == 0.5


def test_an_old_account_is_not(town):
    town.account("old")
    for number in range(100):
        town.contact("old", f"x{number}", 30 + number / 5000)
    assert town.strength("old", RULE) == 0


def test_nothing_is_said_where_creation_is_unknown(town):
    for number in range(100):
        town.contact("eve", f"x{number}", number / 5000)
    assert town.strength("eve", RULE) == 0


def test_a_new_fan_page_works_through_suggestions(town):
    town.account("fan")
    for number in range(80):
        town.follow("fan", f"x{number}", number / 2500)
    assert town.strength("fan", RULE) == 0


def test_a_new_shop_answers_customers_all_day(town):
    town.account("shop")
    for number in range(200):
        town.contact("shop", f"x{number}", number / 200)
    assert town.strength("shop", RULE) == 0
