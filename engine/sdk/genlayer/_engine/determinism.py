# SPDX-License-Identifier: MIT
"""What makes the same run the same everywhere, as far as Python can. The engine does the rest (engine/README.md)."""
import hashlib
import random
import typing

from .. import calldata


def prepare(message: dict[str, typing.Any], *, deterministic: bool) -> None:
    """Seeds ``random`` from the message; in non-deterministic code from the system, which the engine lets through there."""
    if deterministic:
        random.seed(int.from_bytes(hashlib.sha3_256(calldata.encode(message)).digest(), "little"))
    else:
        random.seed()
