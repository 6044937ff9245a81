from havenwall.guard import Outcome


def test_outcomes_rise_in_severity() -> None:
    assert [outcome.severity for outcome in (Outcome.ALLOW, Outcome.DEMOTE, Outcome.INTERSTITIAL)] == [
        0,
        1,
        2,
    ]
    assert max(Outcome, key=lambda outcome: outcome.severity) is Outcome.DROP
