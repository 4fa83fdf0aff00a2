# SPDX-License-Identifier: MIT
"""Types that the ABI has and Python has not."""
import typing


class InplaceTuple:
    """As the first item of ``tuple[InplaceTuple, A, B]``: the tuple is encoded in place, as the arguments of a function are."""


bytes1 = typing.NewType("bytes1", bytes)
bytes2 = typing.NewType("bytes2", bytes)
bytes3 = typing.NewType("bytes3", bytes)
bytes4 = typing.NewType("bytes4", bytes)
bytes5 = typing.NewType("bytes5", bytes)
bytes6 = typing.NewType("bytes6", bytes)
bytes7 = typing.NewType("bytes7", bytes)
bytes8 = typing.NewType("bytes8", bytes)
bytes9 = typing.NewType("bytes9", bytes)
bytes10 = typing.NewType("bytes10", bytes)
bytes11 = typing.NewType("bytes11", bytes)
bytes12 = typing.NewType("bytes12", bytes)
bytes13 = typing.NewType("bytes13", bytes)
bytes14 = typing.NewType("bytes14", bytes)
bytes15 = typing.NewType("bytes15", bytes)
bytes16 = typing.NewType("bytes16", bytes)
bytes17 = typing.NewType("bytes17", bytes)
bytes18 = typing.NewType("bytes18", bytes)
bytes19 = typing.NewType("bytes19", bytes)
bytes20 = typing.NewType("bytes20", bytes)
bytes21 = typing.NewType("bytes21", bytes)
bytes22 = typing.NewType("bytes22", bytes)
bytes23 = typing.NewType("bytes23", bytes)
bytes24 = typing.NewType("bytes24", bytes)
bytes25 = typing.NewType("bytes25", bytes)
bytes26 = typing.NewType("bytes26", bytes)
bytes27 = typing.NewType("bytes27", bytes)
bytes28 = typing.NewType("bytes28", bytes)
bytes29 = typing.NewType("bytes29", bytes)
bytes30 = typing.NewType("bytes30", bytes)
bytes31 = typing.NewType("bytes31", bytes)
bytes32 = typing.NewType("bytes32", bytes)

FIXED_BYTES = {kind: int(name[5:]) for name, kind in list(globals().items()) if name.startswith("bytes")}
"""Length of each of them."""
