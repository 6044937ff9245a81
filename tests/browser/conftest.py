"""A real server over a small real case, and a real browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.unit.audit.release.kept import finding
from tests.unit.audit.test_chart import made_up
from tests.unit.web_console.sandboxed import fill

from havenwall.app import App, Config
from havenwall.model import SYSTEM, Case, MemberState, Role
from havenwall.web import create_server

_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class House(msgspec.Struct, frozen=True, eq=False):
    """A running server and the application behind it."""

    app: App
    url: str

    def case(self) -> Case:
        """The case that the stages opened, as it is now."""
        return self.app.store.cases(SYSTEM).cases()[0]

    def members(self, state: MemberState, count: int) -> list[str]:
        """Accounts of the case in one state, most probable first."""
        found = self.app.store.cases(SYSTEM).members(self.case().id, state=state, limit=count)
        return [member.entity for member in found]

    def link(self, name: str, role: Role) -> str:
        """Where somebody new signs in, once."""
        people = self.app.store.people
        return f"{self.url}/sign-in/link#{people.new_link(people.add(name, role))}"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The server on a free port of this machine, its worker included."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # The graph is not scored again meanwhile, so that a case changes only by what a test does.
    data = tmp_path_factory.mktemp("house") / "data"
    app = App(Config(data=data, port=port, score_every=3600, endpoint_http=True))
    fill(app)
    app.save_audit(made_up(0.84, 0.78, 0.006, 0.0))
    for number, seed in ((1, 0), (2, 0), (3, 1)):
        app.audits.keep(finding(number, 0.02 * number, seed=seed))
    server = uvicorn.Server(uvicorn.Config(create_server(app), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield House(app, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(30)
    app.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window. Playwright leaves an event loop running in the thread for as long as it is
    open, and tests of other folders that come after in this process run loops of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_ARGS))
        yield browser
        browser.close()


class Visit(msgspec.Struct, frozen=True, eq=False):
    """Somebody who is signed in, with all the browser complained of."""

    page: Page
    complaints: list[str]


@pytest.fixture
def visit(house: House, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Signs somebody in by a link; keyword arguments go to the browser's context."""
    contexts: list[BrowserContext] = []

    def arrive(role: Role = Role.SPECIALIST, **options: object) -> Visit:
        contexts.append(browser.new_context(**options))  # type: ignore[arg-type]
        page, complaints = contexts[-1].new_page(), list[str]()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(house, page, role, script=options.get("java_script_enabled") is not False)
        return Visit(page, complaints)

    yield arrive
    for context in contexts:
        context.close()


def sign_in(house: House, page: Page, role: Role, *, script: bool = True) -> None:
    link = house.link(f"p{time.monotonic_ns()}", role)
    page.goto(link)
    if not script:
        page.get_by_label("One-time code").fill(link.partition("#")[2])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(house.url + "/")
