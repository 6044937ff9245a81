"""Removed content that comes back."""

RULE = "reposts"


def media(town, who, number, piece, at, **hashes):
    fields = {"attributes": {"md5": f"{piece:032x}"}} if piece is not None else {}
    town.tell("media", f"account:{who}", at, target=f"media:{number}", **fields)


def removed(town, pieces):
    for piece in range(pieces):
        media(town, "first", f"old{piece}", piece, 0)
        town.tell("removed", f"media:old{piece}", 1)


def test_many_removed_pieces_posted_again_are_found(town):
    removed(town, 8)
    for piece in range(8):
        media(town, "eve", f"new{piece}", piece, 2 + piece / 10)
    assert town.strength("eve", RULE) == 0.5


def test_texts_count_whatever_their_case(town):
    for number in range(4):
        text = f"Come and look at boat number {number}"
        town.tell("post", "account:eve", target=f"post:{number}", text=text)
        town.tell("removed", f"post:{number}", 1)
        town.tell("post", "account:eve", 2, target=f"post:n{number}", text=text.upper())
    assert town.strength("eve", RULE) == 0.3


def test_a_fan_page_that_insists_on_one_picture_is_not_found(town):
    removed(town, 1)
    for number in range(20):
        media(town, "fan", f"again{number}", 0, 2 + number / 10)
    assert town.strength("fan", RULE) == 0


def test_what_was_posted_before_the_removal_is_not_posted_again(town):
    for piece in range(20):
        media(town, "shop", f"own{piece}", piece, 0)
    removed(town, 20)
    assert town.strength("shop", RULE) == 0


def test_short_greetings_are_alike_by_chance(town):
    for number in range(30):
        town.tell("post", "account:a", target=f"post:{number}", text=f"hi {number}")
        town.tell("removed", f"post:{number}", 1)
        town.tell("post", "account:b", 2, target=f"post:n{number}", text=f"hi {number}")
    assert town.strength("b", RULE) == 0
