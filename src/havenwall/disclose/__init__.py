"""Case → Exhibit, Referral, Figures: what is preserved, referred and published."""

from havenwall.disclose.figures import FiguresView, figures
from havenwall.disclose.referral import CYBERTIPLINE, draft_referral
from havenwall.disclose.stage import HOLD, DiscloseStage, DiscloseView
from havenwall.disclose.vault import Vault, load_key

__all__ = [
    "CYBERTIPLINE",
    "HOLD",
    "DiscloseStage",
    "DiscloseView",
    "FiguresView",
    "Vault",
    "draft_referral",
    "figures",
    "load_key",
]
