"""The API and the console."""

from havenwall.web.listen import listen
from havenwall.web.server import create_server

__all__ = ["create_server", "listen"]
