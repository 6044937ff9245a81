import pytest

from havenwall.web.console.paging import address, member_path, paged


def page(number, total, size=10):
    return paged(number, size, total, lambda n: f"/p{n}")


@pytest.mark.parametrize(
    ("number", "total", "first", "last", "previous", "following"),
    [
        (1, 25, 1, 10, None, "/p2"),
        (2, 25, 11, 20, "/p1", "/p3"),
        (3, 25, 21, 25, "/p2", None),
        (99, 25, 21, 25, "/p2", None),
        (-4, 25, 1, 10, None, "/p2"),
        (1, 0, 0, 0, None, None),
        (1, 10, 1, 10, None, None),
    ],
)
def test_a_page_knows_its_rows_and_its_neighbours(number, total, first, last, previous, following):
    found = page(number, total)
    assert (found.first, found.last, found.previous, found.next) == (first, last, previous, following)


def test_an_address_says_only_what_is_chosen():
    assert address("/cases", state="", page=1) == "/cases"
    assert (
        address("/cases", "accounts", state="open", q="a b", page=3)
        == "/cases?state=open&q=a+b&page=3#accounts"
    )


def test_ids_of_the_platform_may_hold_anything():
    assert member_path("C1", "tag:a/../b?c#d") == "/cases/C1/members/tag:a%2F..%2Fb%3Fc%23d"
