# SPDX-License-Identifier: MIT
"""The comment at the top of a contract: its version, and what it depends on.

    # v0.2.16
    # { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }

Leading lines with the same comment mark belong to it. The first that starts with ``v`` is the version; the others, joined, are
JSON: an action.
"""
import json
import re
import typing

from . import runners

DEFAULT_VERSION = "v0.1.0"
NEWEST = (0, 2)
"""The newest line of versions whose SDK this is; later ones renamed everything."""

_COMMENT_MARKS = ("#", "//", "--")
_VERSION = re.compile(r"v(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+].*)?", re.ASCII)


class InvalidContract(Exception):
    """The program cannot be run at all. Its text is the code of the VM error."""

    def __init__(self, detail: str = ""):
        super().__init__(("invalid_contract " + detail).strip())


class VersionTooBig(InvalidContract):
    def __init__(self) -> None:
        Exception.__init__(self, "version_too_big")


class Header(typing.NamedTuple):
    version: tuple[int, int, int]
    plan: runners.Plan


def _comment(source: str) -> list[str]:
    """The texts of the leading comment lines."""
    mark = next((m for m in _COMMENT_MARKS if source.startswith(m)), "")
    out: list[str] = []
    for line in source.split("\n") if mark else ():
        if not line.startswith(mark):
            break
        out.append(line[len(mark) :].strip())
    return out


def parse_version(text: str) -> tuple[int, int, int]:
    found = _VERSION.fullmatch(text.strip())
    if not found:
        raise InvalidContract("malformed_runner")
    version = (int(found[1]), int(found[2]), int(found[3]))
    if version[:2] > NEWEST:
        raise VersionTooBig()
    return version


def parse_action(text: str) -> typing.Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidContract("malformed_runner") from None


def make_plan(action: typing.Any, *, debug: bool) -> runners.Plan:
    try:
        return runners.plan(action, debug=debug)
    except runners.Malformed:
        raise InvalidContract("malformed_runner") from None
    except runners.Unknown:
        raise InvalidContract() from None


def parse(source: str, *, debug: bool = False) -> Header:
    """Reads the header of a source text. Raises ``InvalidContract``."""
    lines = _comment(source)
    version = next((line for line in lines if line.startswith("v")), None)
    rest = "".join(line for line in lines if line is not version)
    if not rest:
        raise InvalidContract("absent_runner_comment")
    return Header(parse_version(version or DEFAULT_VERSION), make_plan(parse_action(rest), debug=debug))
