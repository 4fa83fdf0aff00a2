# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""A fungible token: maps, maps of maps, events."""
from genlayer import *


class Transfer(gl.Event):
    def __init__(self, receiver: Address, sender: Address, /, **blob):
        ...


class Token(gl.Contract):
    name: str
    supply: u256
    balances: TreeMap[Address, u256]
    allowances: TreeMap[Address, TreeMap[Address, u256]]

    def __init__(self, name: str, supply: int):
        self.name = name
        self.supply = u256(supply)
        self.balances[gl.message.sender_address] = self.supply

    @gl.public.view
    def balance_of(self, owner: Address) -> int:
        return self.balances.get(owner, 0)

    @gl.public.view
    def allowance(self, owner: Address, spender: Address) -> int:
        given = self.allowances.get(owner)
        return given.get(spender, 0) if given is not None else 0

    @gl.public.view
    def holders(self) -> dict[str, int]:
        # Keys of a mapping in calldata are text.
        return {owner.as_hex: balance for owner, balance in self.balances.items()}

    @gl.public.write
    def transfer(self, to: Address, amount: int) -> None:
        self._move(gl.message.sender_address, to, amount)

    @gl.public.write
    def approve(self, spender: Address, amount: int) -> None:
        self.allowances.get_or_insert_default(gl.message.sender_address)[spender] = u256(amount)

    @gl.public.write
    def transfer_from(self, owner: Address, to: Address, amount: int) -> None:
        left = self.allowance(owner, gl.message.sender_address) - amount
        if left < 0:
            raise gl.vm.UserError("allowance exceeded")
        self.allowances[owner][gl.message.sender_address] = u256(left)
        self._move(owner, to, amount)

    def _move(self, sender: Address, receiver: Address, amount: int) -> None:
        if amount <= 0:
            raise gl.vm.UserError("amount must be positive")
        left = self.balances.get(sender, 0) - amount
        if left < 0:
            raise gl.vm.UserError("insufficient balance")
        if left:
            self.balances[sender] = u256(left)
        else:
            del self.balances[sender]
        self.balances[receiver] = u256(self.balances.get(receiver, 0) + amount)
        # Positional arguments are indexed; they are declared, and given, in alphabetical order.
        Transfer(receiver, sender, amount=amount).emit()
