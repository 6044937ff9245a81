"""Quality: decisions drawn for a blind second look, and figures from it."""

from havenwall.casework.quality.draw import DrawConfig, QualityStage, QualityView
from havenwall.casework.quality.figures import Reviewed, figures

__all__ = ["DrawConfig", "QualityStage", "QualityView", "Reviewed", "figures"]
