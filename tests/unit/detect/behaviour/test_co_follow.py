"""Adults who follow hardly anybody but minors, and the same ones."""

RULE = "only-minors"


def follow_all(town, who, whom, at=1.0):
    for each in whom:
        town.follow(who, each, at)


def adults(town, *names):
    for name in names:
        town.account(name, "adult")


def test_three_who_follow_the_same_minors_and_nobody_else_are_found(town):
    minors = town.minors(15)
    adults(town, "x", "y", "z")
    for who in "xyz":
        follow_all(town, who, minors)
    assert [town.strength(who, RULE) for who in "xyz"] == [0.5, 0.5, 0.5]


def test_one_alone_is_not_found(town):
    adults(town, "x")
    follow_all(town, "x", town.minors(40))
    assert town.strength("x", RULE) == 0


def test_teachers_whom_their_pupils_follow_back_are_not_found(town):
    minors = town.minors(25)
    adults(town, "t1", "t2", "t3")
    for who in ("t1", "t2", "t3"):
        for minor in minors[:22]:
            town.follow(minor, who)
        follow_all(town, who, minors)
    assert [town.strength(who, RULE) for who in ("t1", "t2", "t3")] == [0, 0, 0]


def test_fan_pages_follow_adults_as_well(town):
    minors = town.minors(20)
    adults(town, "x", "y", "z")
    for who in "xyz":
        follow_all(town, who, [f"star{number}" for number in range(20)])
        follow_all(town, who, minors)
    assert town.strength("x", RULE) == 0


def test_minors_among_minors_are_where_they_belong(town):
    minors = town.minors(20)
    for who in town.minors(3, "friend"):
        follow_all(town, who, minors)
    assert [s for s in town.signals() if s.detector in (RULE, "care")] == []


def test_who_has_unfollowed_them_is_not_found(town):
    minors = town.minors(15)
    adults(town, "x", "y", "z")
    follow_all(town, "x", minors)
    for minor in minors:
        town.follow("x", minor, 2, type="unlink")
    follow_all(town, "y", minors, 3)
    follow_all(town, "z", minors, 3)
    assert town.strength("y", RULE) == 0
