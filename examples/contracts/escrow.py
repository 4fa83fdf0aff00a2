# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Calls other contracts: looks at a token before it asks for a transfer."""
from genlayer import *


@gl.contract_interface
class Token:
    class View:
        def balance_of(self, owner: Address) -> int:
            ...

        def allowance(self, owner: Address, spender: Address) -> int:
            ...

    class Write:
        def transfer(self, to: Address, amount: int) -> None:
            ...

        def transfer_from(self, owner: Address, to: Address, amount: int) -> None:
            ...


class Escrow(gl.Contract):
    token: Address
    buyer: Address
    seller: Address
    amount: u256
    state: str

    def __init__(self, token: Address, seller: Address, amount: int):
        self.token = token
        self.buyer = gl.message.sender_address
        self.seller = seller
        self.amount = u256(amount)
        self.state = "new"

    @gl.public.write
    def fund(self) -> None:
        self._expect("new", self.buyer)
        token = Token(self.token)
        # A view runs now, on the state before this transaction. Its errors can be caught.
        if token.view().allowance(self.buyer, self.address) < self.amount:
            raise gl.vm.UserError("approve the amount first")
        # A message runs later, in a transaction of its own: what it does is seen by the next call, not by this one.
        token.emit(on="accepted").transfer_from(self.buyer, self.address, self.amount)
        self.state = "funding"

    @gl.public.write
    def release(self) -> None:
        self._expect("funding", self.buyer)
        token = Token(self.token)
        if token.view().balance_of(self.address) < self.amount:
            raise gl.vm.UserError("the amount has not arrived")
        token.emit().transfer(self.seller, self.amount)
        self.state = "released"

    @gl.public.view
    def token_says(self) -> int:
        return Token(self.token).view(state=gl.StorageType.LATEST_FINAL).balance_of(self.address)

    @gl.public.view
    def get_state(self) -> str:
        return self.state

    def _expect(self, state: str, sender: Address) -> None:
        if self.state != state or gl.message.sender_address != sender:
            raise gl.vm.UserError(f"not now: the escrow is {self.state}")
