"""Routes that are asked thousands of times a second: declared as all are, called without a solver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class HotRoute(APIRoute):
    """A route whose arguments are all dependencies that take the request and nothing else.

    Who may come in, what the route takes and its description are declared and checked as everywhere.
    Only the solver is left out, which costs more for each request than the guard's answer to it: the
    dependencies are called here in the order they stand.
    """

    answer: _Handler
    """What answers a request, without the wrappers that FastAPI puts around it."""

    def get_route_handler(self) -> _Handler:
        """What answers a request.

        Raises:
            TypeError: an argument is something else; the server is not made then.
        """
        steps = [self._step(dependency) for dependency in self.dependant.dependencies]
        if _parameters(self.dependant):
            raise TypeError(f"{self.path}: takes no parameters of its own")
        endpoint: Callable[..., Awaitable[Response]] = self.endpoint

        async def handle(request: Request) -> Response:
            given = {name: await call(request) for name, call in steps}
            return await endpoint(**given)

        self.answer = handle
        return handle

    def _step(self, dependency: Any) -> tuple[str, Callable[[Request], Awaitable[Any]]]:
        if not dependency.name or dependency.dependencies or _parameters(dependency):
            raise TypeError(f"{self.path}: each argument must be a dependency that takes only the request")
        return dependency.name, dependency.call


def _parameters(dependant: Any) -> list[Any]:
    return [*dependant.path_params, *dependant.query_params, *dependant.header_params, *dependant.body_params]
