"""Profiles worded like a removed account's."""

RULE = "likeness"
BIO = "Lantern maker by the old harbour, new lights every friday night"


def test_the_same_wording_as_a_removed_account_is_found(town):
    town.account("old", text=BIO)
    town.tell("removed", "account:old", 1)
    town.account("eve", text=BIO.upper() + "!", at=2)
    assert town.strength("eve", RULE) == 0.5


def test_the_same_link_is_half_as_much(town):
    town.account("old", text="see https://tin-lantern.example/me")
    town.tell("removed", "account:old", 1)
    town.account("friend", text="friends: www.tin-lantern.example/me", at=2)
    assert town.strength("friend", RULE) == 0.3


def test_a_link_and_an_address_are_as_much_as_the_wording(town):
    town.account("old", text="https://tin-lantern.example/me tin@lantern.example")
    town.tell("removed", "account:old", 1)
    town.account("eve", text="write tin@lantern.example https://tin-lantern.example/me", at=2)
    assert town.strength("eve", RULE) == 0.5


def test_a_fan_page_that_quotes_what_many_quote_is_not_found(town):
    for number in range(12):
        town.account(f"fan{number}", text=BIO)
    town.account("old", text=BIO)
    town.tell("removed", "account:old", 1)
    town.account("newfan", text=BIO, at=2)
    assert town.strength("newfan", RULE) == 0


def test_living_accounts_are_compared_with_nobody(town):
    town.account("a", text=BIO)
    town.account("b", text=BIO, at=1)
    assert town.strength("b", RULE) == 0
