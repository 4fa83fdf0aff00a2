# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Randomness: the same for everyone, or thrown by the leader and only checked by the others."""
import random

from genlayer import *


class Dice(gl.Contract):
    throws: DynArray[u8]

    def __init__(self):
        pass

    @gl.public.write
    def throw(self) -> int:
        """Outside of blocks, random numbers follow from the transaction: everyone throws the same, and whoever sends it can
        know the number beforehand. Good for games among friends."""
        return self._keep(random.randint(1, 6))

    @gl.public.write
    def throw_by_leader(self) -> int:
        """In a block they are random. Nobody can repeat the leader's throw, but everyone can see that it is one of a die."""

        def throw() -> int:
            return random.randint(1, 6)

        def is_of_a_die(leader: gl.vm.Result) -> bool:
            return isinstance(leader, gl.vm.Return) and leader.calldata in range(1, 7)

        return self._keep(gl.vm.run_nondet_unsafe(throw, is_of_a_die))

    @gl.public.view
    def get_throws(self) -> list[int]:
        return list(self.throws)

    def _keep(self, number: int) -> int:
        self.throws.append(u8(number))
        return number
