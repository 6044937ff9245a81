"""Private contacts shared with confirmed or removed accounts."""

RULE = "shared-contact"


def share(town, contact, *who, type="link"):
    for name in who:
        town.tell(type, f"account:{name}", target=f"media:{contact}", link="shared_contact")


def test_two_contacts_with_confirmed_accounts_make_a_case(town):
    share(town, "tel1", "a", "eve")
    share(town, "tel2", "b", "eve")
    town.tell("confirmed", "account:a", 1)
    town.tell("removed", "account:b", 2)
    assert town.strength("eve", RULE) == 0.5


def test_however_many_there_are_on_one_contact_it_is_one(town):
    share(town, "tel1", "a", "b", "c", "d", "eve")
    for name in "abcd":
        town.tell("confirmed", f"account:{name}", 1)
    assert town.strength("eve", RULE) == 0.3


def test_one_account_on_two_contacts_is_one(town):
    share(town, "tel1", "brother", "sister")
    share(town, "laptop", "brother", "sister")
    town.tell("confirmed", "account:brother", 1)
    assert town.strength("sister", RULE) == 0.3


def test_the_order_does_not_matter(town):
    town.tell("confirmed", "account:a", 1)
    share(town, "tel1", "a", "eve")
    share(town, "tel1", "a", type="unlink")
    assert town.strength("eve", RULE) == 0.3


def test_accounts_may_be_tied_directly(town):
    town.tell("confirmed", "account:a")
    town.tell("link", "account:eve", 1, target="account:a", link="shared_contact")
    assert town.strength("eve", RULE) == 0.3


def test_a_sister_on_the_familys_telephone_stays_below(town):
    share(town, "home", "brother", "sister")
    town.tell("confirmed", "account:brother", 1)
    assert town.strength("sister", RULE) < 0.5


def test_the_contact_of_a_school_or_shop_is_not_private(town):
    share(town, "office", *(f"x{number}" for number in range(30)))
    for number in range(5):
        town.tell("confirmed", f"account:x{number}", 1)
    assert town.strength("x20", RULE) == 0


def test_who_was_cleared_flags_nobody(town):
    town.tell("confirmed", "account:a")
    town.tell("cleared", "account:a", 1)
    share(town, "tel1", "a", "eve")
    assert town.strength("eve", RULE) == 0
