# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Value: taking it, with and without a method, and sending it on."""
from genlayer import *


class PiggyBank(gl.Contract):
    owner: Address
    goal: u256
    gifts: TreeMap[Address, u256]

    def __init__(self, goal: int):
        self.owner = gl.message.sender_address
        self.goal = u256(goal)

    @gl.public.write.payable
    def give(self) -> int:
        if gl.message.value == 0:
            raise gl.vm.UserError("a gift needs value")
        self._note()
        return self.balance

    @gl.public.write.payable
    def __receive__(self):
        """A plain transfer is a gift, too."""
        self._note()

    @gl.public.write
    def smash(self) -> None:
        if gl.message.sender_address != self.owner:
            raise gl.vm.UserError("only the owner may smash it")
        if self.balance < self.goal:
            raise gl.vm.UserError("not yet full")
        # What is sent counts at once: afterwards self.balance is zero, although the message goes out later.
        gl.get_contract_at(self.owner).emit_transfer(value=self.balance, on="accepted")

    @gl.public.write.payable
    def __on_errored_message__(self):
        """The owner did not take it: the value is back, and can be sent again."""

    @gl.public.view
    def gift_of(self, giver: Address) -> int:
        return self.gifts.get(giver, 0)

    def _note(self) -> None:
        giver = gl.message.sender_address
        self.gifts[giver] = u256(self.gifts.get(giver, 0) + gl.message.value)
