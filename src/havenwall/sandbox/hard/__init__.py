"""The hard platform: a network under camouflage among victims, press, look-alikes and rings."""

from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.catalogue import Catalogue
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.events import hard_confirmed, hard_events, listed_md5
from havenwall.sandbox.hard.former import Former, Ties
from havenwall.sandbox.hard.generate import generate_hard
from havenwall.sandbox.hard.gone import Doubles, Gone
from havenwall.sandbox.hard.hints import Hints
from havenwall.sandbox.hard.platform import HardPlatform
from havenwall.sandbox.hard.returns import Lives, Replaced
from havenwall.sandbox.hard.seeds import seeds
from havenwall.sandbox.hard.things import Uses
from havenwall.sandbox.hard.variants import Variant, variant

__all__ = [
    "Cast",
    "Catalogue",
    "Doubles",
    "Former",
    "Gone",
    "HardConfig",
    "HardPart",
    "HardPlatform",
    "Hints",
    "Lives",
    "Replaced",
    "Ties",
    "Uses",
    "Variant",
    "generate_hard",
    "hard_confirmed",
    "hard_events",
    "listed_md5",
    "seeds",
    "variant",
]
