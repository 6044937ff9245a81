"""Ways to get in touch elsewhere."""

from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.behaviour.off_platform import addresses

RULE = "off-platform"


def post(town, who, texts):
    for number, text in enumerate(texts):
        town.tell("post", f"account:{who}", number / 2, target=f"post:{who}{number}", text=text)


def test_many_changing_addresses_are_found(town):
    post(town, "eve", [f"more at harbour{number}@mail.example" for number in range(10)])
    assert town.strength("eve", RULE) == 0.5


def test_hidden_spelling_counts_twice(town):
    post(town, "eve", [f"write to tin{number} (at) mail (dot) example" for number in range(5)])
    assert town.strength("eve", RULE) == 0.5


def test_a_shop_repeats_its_own(town):
    text = "Lanterns! orders@shop.example, +49 30 123456 78, shop.example/join/lanterns, 030 1234 5678"
    post(town, "shop", [text] * 50)
    assert town.strength("shop", RULE) == 0


def test_a_journalist_links_many_pages(town):
    texts = [f"Read https://news.example/2026/03/{number}, tips: desk@news.example" for number in range(40)]
    post(town, "press", texts)
    assert town.strength("press", RULE) == 0


def test_kinds_are_told_apart():
    text = "a@b.example or +44 20 7946 0000 or chat.example/joinchat/Abcd12 or hxxp:chat.example"
    assert {point.partition(":")[0] for point in addresses(text)} == {"mail", "phone", "invite", "hidden"}


def test_dates_prices_and_scores_are_no_telephone_numbers():
    text = "2026-03-01 12:30:00, 1 000 000 000, order 123456789012, 3-2, 10.000.000"
    assert list(addresses(text)) == []


def test_spelling_of_one_address_does_not_matter():
    assert set(addresses("+44 20 7946 0000")) == set(addresses("+44-20/79460000"))


@given(st.text(max_size=2000))
def test_any_text_is_read(text):
    assert all(":" in point for point in addresses(text))
