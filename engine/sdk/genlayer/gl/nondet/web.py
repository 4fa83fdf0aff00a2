# SPDX-License-Identifier: MIT
"""Reading the web."""
import collections.abc
import dataclasses
import re
import typing

from ..._engine import host
from ...lazy import Call, Lazy
from .image import Image

_DURATION = re.compile(r"\d{1,9}(ms|s)", re.ASCII)
_MODES = {"text": "text", "html": "text", "screenshot": "image"}


@dataclasses.dataclass
class Response:
    """The answer to a request. Every status is an answer; only when there is none ``NondetException`` is raised."""

    status: int
    headers: dict[str, bytes]
    body: bytes | None


def _render(
    url: str,
    *,
    mode: typing.Literal["text", "html", "screenshot"] = "text",
    wait_after_loaded: str | None = None,
) -> Lazy[typing.Any]:
    """A page as a browser shows it, scripts run: its text, its HTML, or an ``Image`` of it.

    ``wait_after_loaded`` gives scripts time: ``"500ms"``, ``"2s"``.
    """
    if mode not in _MODES:
        raise ValueError(f"mode is one of {', '.join(_MODES)}, not {mode!r}")
    if wait_after_loaded is not None and not _DURATION.fullmatch(wait_after_loaded):
        raise ValueError(f"a time to wait looks like 500ms or 2s, not {wait_after_loaded!r}")
    answer = host.module_later("WebRender", {"url": url, "mode": mode, "wait_after_loaded": wait_after_loaded})
    if mode == "screenshot":
        return Lazy(lambda: Image(answer.get()["image"]))
    return Lazy(lambda: answer.get()["text"])


def _request(
    url: str,
    *,
    method: str,
    body: str | bytes | None = None,
    headers: collections.abc.Mapping[str, str | bytes] = {},  # noqa: B006  (never changed)
) -> Lazy[Response]:
    """One HTTP request."""
    request = {
        "url": url,
        "method": method,
        "body": body.encode() if isinstance(body, str) else body,
        "headers": {name: value.encode() if isinstance(value, str) else value for name, value in headers.items()},
    }
    answer = host.module_later("WebRequest", request)
    return Lazy(lambda: _response(answer.get()["response"]))


def _response(answer: dict[str, typing.Any]) -> Response:
    return Response(answer["status"], answer["headers"], answer["body"])


def _with_method(name: str) -> Call:
    def lazy(
        url: str, *, body: str | bytes | None = None, headers: collections.abc.Mapping[str, str | bytes] = {}
    ) -> Lazy[Response]:  # noqa: B006
        return _request(url, method=name, body=body, headers=headers)

    lazy.__name__ = lazy.__qualname__ = name.lower()
    lazy.__doc__ = f"One {name} request."
    return Call(lazy)


render = Call(_render)
request = Call(_request)
get = _with_method("GET")
post = _with_method("POST")
delete = _with_method("DELETE")
head = _with_method("HEAD")
patch = _with_method("PATCH")
