# SPDX-License-Identifier: MIT
"""Keccak-f[1600] in Python, for when the engine offers no native one."""
_MASK = (1 << 64) - 1
_RATE = 136


def _round_constants() -> list[int]:
    """From the linear feedback shift register of the specification, rather than from a table to mistype."""
    out, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            if register & 1:
                constant |= 1 << ((1 << bit) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        out.append(constant)
    return out


def _lanes() -> list[tuple[int, int]]:
    """Where each lane goes in the rho and pi steps, as (destination, rotation), by source lane x + 5y."""
    out = [(0, 0)] * 25
    x, y = 1, 0
    for t in range(24):
        out[x + 5 * y] = (y + 5 * ((2 * x + 3 * y) % 5), (t + 1) * (t + 2) // 2 % 64)
        x, y = y, (2 * x + 3 * y) % 5
    return out


_CONSTANTS = _round_constants()
_MOVES = _lanes()


def _permute(a: list[int]) -> list[int]:
    for constant in _CONSTANTS:
        columns = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        theta = [columns[x - 1] ^ ((c := columns[(x + 1) % 5]) << 1 & _MASK | c >> 63) for x in range(5)]
        b = [0] * 25
        for source, (destination, turn) in enumerate(_MOVES):
            lane = a[source] ^ theta[source % 5]
            b[destination] = lane << turn & _MASK | lane >> (64 - turn)
        a = [b[i] ^ (~b[i - i % 5 + (i + 1) % 5] & b[i - i % 5 + (i + 2) % 5]) for i in range(25)]
        a[0] ^= constant
    return a


def keccak256(data: "bytes | bytearray | memoryview") -> bytes:
    """The 32-byte digest of the data."""
    padded = bytearray(data) + b"\x01"
    padded += bytes(-len(padded) % _RATE)
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            state[lane] ^= int.from_bytes(padded[start + 8 * lane : start + 8 * lane + 8], "little")
        state = _permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])
