import pytest

from havenwall.web.console.paging import address, member_path, one_more, page_number, paged


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


@pytest.mark.parametrize(
    ("number", "found", "first", "last", "previous", "following"),
    [
        (1, 11, 1, 10, None, "/p2"),
        (2, 4, 11, 14, "/p1", None),
        (1, 0, 0, 0, None, None),
        (3, 0, 20, 20, "/p2", None),
    ],
)
def test_a_list_that_nobody_counts_tells_no_total(number, found, first, last, previous, following):
    page = one_more(number, 10, found, lambda n: f"/p{n}")
    assert (page.first, page.last, page.previous, page.next) == (first, last, previous, following)
    assert page.total < 0


def test_no_address_asks_a_database_for_more_than_it_can_count():
    assert [page_number(asked) for asked in (-3, 0, 7, 10**30)] == [1, 1, 7, 100_000]
    assert one_more(100_000, 10, 11, str).next is None


def test_an_address_says_only_what_is_chosen():
    assert address("/cases", state="", page=1) == "/cases"
    assert (
        address("/cases", "accounts", state="open", q="a b", page=3)
        == "/cases?state=open&q=a+b&page=3#accounts"
    )


def test_ids_of_the_platform_may_hold_anything():
    assert member_path("C1", "tag:a/../b?c#d") == "/cases/C1/members/tag:a%2F..%2Fb%3Fc%23d"
