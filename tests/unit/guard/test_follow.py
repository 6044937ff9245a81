"""Files that are followed: what is not right is refused, what was only a passing error is tried again."""

import logging

import pytest

from havenwall.errors import BadInput
from havenwall.guard import follow
from havenwall.guard.follow import Follower, file_mark


class Numbers:
    """A file with a number in it; the disk can fail."""

    def __init__(self, path):
        self.path, self.fails, self.loads = path, None, 0

    def mark(self):
        return file_mark(self.path)

    def load(self, old=None):
        self.loads += 1
        if self.fails:
            raise self.fails
        text = self.path.read_text()
        if not text.isdigit():
            raise BadInput("is no number", field="file", hint="write digits")
        return int(text)


@pytest.fixture
def numbers(tmp_path):
    (tmp_path / "file").write_text("1")
    return Numbers(tmp_path / "file")


def replace(numbers, text):
    fresh = numbers.path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(numbers.path)


def test_what_is_not_right_is_refused_and_the_old_stays(numbers):
    following = Follower(numbers, 0, "numbers")
    replace(numbers, "two")
    assert (following.refreshed(), following.problem) == (1, "file: is no number (write digits)")
    assert following.refreshed() == 1
    assert numbers.loads == 2
    replace(numbers, "3")
    assert (following.refreshed(), following.problem) == (3, None)


@pytest.mark.parametrize("error", [BadInput("cannot be read", field="file"), MemoryError()])
def test_a_passing_error_is_got_over_without_the_files_changing(numbers, error, monkeypatch, caplog):
    following = Follower(numbers, 0, "numbers")
    replace(numbers, "2")
    numbers.fails = error
    with caplog.at_level(logging.WARNING):
        assert following.refreshed() == 1
        monkeypatch.setattr(follow, "AGAIN", 0.0)
        assert following.refreshed() == 1
    assert following.problem
    assert len([each for each in caplog.records if "refused" in each.getMessage()]) == 1
    numbers.fails = None
    assert (following.refreshed(), following.problem) == (2, None)
    assert numbers.loads == 4
    assert following.refresh() is False


def test_it_is_tried_again_beside_the_questions_too(numbers, monkeypatch):
    monkeypatch.setattr(follow, "AGAIN", 0.0)
    following = Follower(numbers, 0, "numbers")
    replace(numbers, "2")
    numbers.fails = OSError("no disk")
    assert following.refreshed() == 1
    numbers.fails = None
    following.fresh()
    following.close()
    assert following.fresh() == 2
