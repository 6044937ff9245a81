"""The console: pages for people, drawn on the server; they work without script."""

from havenwall.web.console.public import code_page, error_page, link_page, onward_page, sign_in_page
from havenwall.web.console.render import STATIC
from havenwall.web.console.router import add_console

__all__ = ["STATIC", "add_console", "code_page", "error_page", "link_page", "onward_page", "sign_in_page"]
