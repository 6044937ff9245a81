"""Real recommenders of one shape, to be guarded and audited."""

from havenwall.sandbox.recommend.als import Als
from havenwall.sandbox.recommend.cofollow import CoFollow
from havenwall.sandbox.recommend.friends import Friends
from havenwall.sandbox.recommend.top import Recommender
from havenwall.sandbox.recommend.walk import Walk

RECOMMENDERS: dict[str, type[Als] | type[CoFollow] | type[Friends] | type[Walk]] = {
    recommender.name: recommender for recommender in (Als, CoFollow, Friends, Walk)
}
"""Every recommender by its name on the command line."""

__all__ = ["RECOMMENDERS", "Als", "CoFollow", "Friends", "Recommender", "Walk"]
