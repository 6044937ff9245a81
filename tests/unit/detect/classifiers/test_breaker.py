"""The breaker as a state machine, on a clock of its own."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from havenwall.detect.classifiers import Breaker
from havenwall.errors import SourceFailed


class Machine(RuleBasedStateMachine):
    """Knows how many failed in a row and until when nobody may ask; compares."""

    def __init__(self):
        super().__init__()
        self.now, self.row, self.until, self.wait, self.inside = 0.0, 0, None, 4.0, False
        self.breaker = Breaker(3, 4.0, 20.0, clock=lambda: self.now)

    @rule(seconds=st.floats(0, 30))
    def time_goes_by(self, seconds):
        self.now += seconds

    @precondition(lambda self: not self.inside)
    @rule()
    def enter(self):
        if self.until is not None and self.now < self.until:
            with pytest.raises(SourceFailed, match="in a row"):
                self.breaker.enter("it")
        else:
            self.breaker.enter("it")
            self.inside = True

    @precondition(lambda self: self.inside)
    @rule()
    def well(self):
        self.breaker.well()
        self.row, self.until, self.wait, self.inside = 0, None, 4.0, False

    @precondition(lambda self: self.inside)
    @rule()
    def failed(self):
        self.breaker.failed()
        self.row, self.inside = self.row + 1, False
        if self.row >= 3:
            self.until, self.wait = self.now + self.wait, min(2 * self.wait, 20.0)

    @invariant()
    def open_after_three(self):
        assert self.breaker.open == (self.row >= 3)


TestBreaker = Machine.TestCase
TestBreaker.settings = settings(max_examples=60, stateful_step_count=25)


def test_only_one_trial_at_a_time():
    breaker = Breaker(1, 0.0, 0.0)
    breaker.failed()
    breaker.enter("it")
    with pytest.raises(SourceFailed):
        breaker.enter("it")
