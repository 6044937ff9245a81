"""Forms with a file in them: read into memory, never onto a disk, and only on the paths that take one."""

from __future__ import annotations

from typing import cast

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

UPLOADS = frozenset({"/media"})
"""Paths of the console whose form carries a file."""


class _InMemory(MultiPartParser):
    # The size of the whole body is bounded before: nothing rolls over to a disk.
    spool_max_size = 1 << 62


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A form with a file, as it was sent."""

    fields: dict[str, str]
    """Text by field; of several of one name the last."""
    texts: tuple[tuple[str, str], ...]
    """All of them, in their order."""
    files: dict[str, bytes]
    """Content by field."""


async def field_of(request: Request, name: str) -> str:
    """A text field of the request's form; empty where there is none. Raises as `upload_of`."""
    if request.url.path in UPLOADS:
        return (await upload_of(request)).fields.get(name, "")
    # Only uploads send files, so none are read.
    value = (await request.form(max_files=0)).get(name)
    return value if isinstance(value, str) else ""


async def upload_of(request: Request) -> Upload:
    """The request's form with its file, read once.

    Raises:
        HTTPException: 400, it is no form, or holds more than it may.
    """
    if not hasattr(request.state, "upload"):
        parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=8)
        try:
            form = await parser.parse()
        except (MultiPartException, KeyError) as error:
            raise HTTPException(400, f"the form cannot be read: {error}") from error
        try:
            request.state.upload = await _read(form)
        finally:
            await form.close()
    return cast(Upload, request.state.upload)


async def _read(form: FormData) -> Upload:
    files = {name: await part.read() for name, part in form.items() if isinstance(part, UploadFile)}
    texts = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))
    return Upload(fields=dict(texts), texts=texts, files=files)
