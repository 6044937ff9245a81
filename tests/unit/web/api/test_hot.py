from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from tests.unit.web.serving import client_of

from havenwall.web.api.hot import HotRoute


async def colour(request: Request) -> str:
    return "blue"


async def of_path(request: Request, name: str) -> str:
    return name


async def nested(shade: Annotated[str, Depends(colour)]) -> str:
    return shade


async def plain(shade: Annotated[str, Depends(colour)]) -> Response:
    return Response(shade)


async def with_query(shade: Annotated[str, Depends(colour)], limit: int = 1) -> Response:
    return Response(shade)


async def with_path(name: Annotated[str, Depends(of_path)]) -> Response:
    return Response(name)


async def with_nested(shade: Annotated[str, Depends(nested)]) -> Response:
    return Response(shade)


def test_its_dependencies_are_called() -> None:
    server = FastAPI()
    router = APIRouter(route_class=HotRoute)
    router.post("/shade")(plain)
    server.include_router(router)
    assert client_of(server).post("/shade").text == "blue"


@pytest.mark.parametrize("endpoint", [with_query, with_path, with_nested])
def test_what_it_cannot_give_is_refused_when_the_route_is_made(endpoint) -> None:
    router = APIRouter(route_class=HotRoute)
    with pytest.raises(TypeError, match=r"/shade/\{name\}"):
        router.post("/shade/{name}")(endpoint)
