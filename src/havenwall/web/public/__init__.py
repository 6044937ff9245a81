"""Pages for people outside: report something, see where it stands, ask for a second look."""

from havenwall.web.public.appeal import router as appeal_router
from havenwall.web.public.pages import router

__all__ = ["appeal_router", "router"]
