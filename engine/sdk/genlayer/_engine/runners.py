# SPDX-License-Identifier: MIT
"""What a contract's header may ask for: known runners, and actions that prepare the program's surroundings."""
import dataclasses
import typing

KNOWN = {
    "py-genlayer": (
        "1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6",  # v0.2.1 and later
        "132536jbnxkd1axfxg5rpfr5b60cr11adm2y4r90hgn0l59qsp9w",  # v0.1.8
        "1j12s63yfjpva9ik2xgnffgrs6v44y1f52jvj9w7xvdn7qckd379",  # v0.1.3
        "15qfivjvy80800rh998pcxmd2m8va1wq2qzqhz850n8ggcr4i9q0",  # v0.1.0
    ),
    "py-genlayer-multi": ("06zyvrlivjga0d5jlpdbprksc0pa6jmllxvp8s20hq1l512vh5yk", "0iddpsb7", "0xn02qjj", "0cwifyzi"),
    "py-lib-genlayer-embeddings": ("0bmbm3cy", "09h0i209wrzh4xzq86f79c60x0ifs7xcjwl53ysrnw06i54ddxyi"),
}
"""By name, the hashes that mean this SDK. Of some only the beginning is published; a hash matches a shorter one here by that."""

_DEBUG_HASHES = ("latest", "test")
_SHORT = 8
_DEPTH = 32


class Malformed(Exception):
    """Not an action."""


class Unknown(Exception):
    """An action or a runner that this engine does not have."""


@dataclasses.dataclass
class Plan:
    """What the actions of a header amount to."""

    runners: list[str] = dataclasses.field(default_factory=list)
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    files: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """(path in the contract's archive, path that the program sees)."""

    @property
    def is_package(self) -> bool:
        return "py-genlayer-multi" in self.runners


def _is_known(name: str, digest: str, debug: bool) -> bool:
    if digest in _DEBUG_HASHES:
        return debug and name in KNOWN
    return any(digest == known or len(known) == _SHORT and digest.startswith(known) for known in KNOWN.get(name, ()))


def plan(action: typing.Any, *, debug: bool) -> Plan:
    """Carries out an action. Raises ``Malformed`` or ``Unknown``."""
    made = Plan()
    _apply(action, made, debug, _DEPTH)
    return made


def _apply(action: typing.Any, made: Plan, debug: bool, depth: int) -> None:
    if not isinstance(action, dict) or len(action) != 1 or depth == 0:
        raise Malformed()
    ((name, body),) = action.items()
    if name == "Seq":
        for step in _checked(body, list):
            _apply(step, made, debug, depth - 1)
    elif name == "Depends":
        _depend(body, made, debug)
    elif name == "When":
        # Conditions tell deterministic from non-deterministic runs; here one process serves both.
        _checked(_member(body, "cond"), str)
        _apply(_member(body, "action"), made, debug, depth - 1)
    elif name == "With":
        _depend(_member(body, "runner"), made, debug)
        _apply(_member(body, "action"), made, debug, depth - 1)
    elif name in ("SetEnv", "AddEnv"):
        key = _checked(_member(body, "name"), str)
        value = _checked(body["val"] if "val" in body else _member(body, "value"), str)
        made.environment[key] = (made.environment.get(key, "") if name == "AddEnv" else "") + value
    elif name == "MapFile":
        made.files.append((_checked(_member(body, "file"), str), _checked(_member(body, "to"), str)))
    elif name == "SetArgs":
        _checked(body, list)
    elif name in ("LinkWasm", "StartWasm"):
        raise Unknown(f"{name}: there is no WebAssembly here")
    else:
        raise Malformed()


def _depend(body: typing.Any, made: Plan, debug: bool) -> None:
    name, colon, digest = _checked(body, str).partition(":")
    if not colon:
        raise Malformed()
    if not _is_known(name, digest, debug):
        raise Unknown(body)
    made.runners.append(name)


def _checked(value: typing.Any, kind: type) -> typing.Any:
    if not isinstance(value, kind):
        raise Malformed()
    return value


def _member(body: typing.Any, name: str) -> typing.Any:
    if not isinstance(body, dict) or name not in body:
        raise Malformed()
    return body[name]
