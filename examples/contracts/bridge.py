# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""The Ethereum chain below: sends value there, and encodes calls for it."""
from genlayer import *


@gl.evm.contract_interface
class Vault:
    class View:
        def balanceOf(self, owner: Address, /) -> u256:
            ...

    class Write:
        def deposit(self, owner: Address, note: str, /) -> None:
            ...


class Bridge(gl.Contract):
    vault: Address
    moved: u256

    def __init__(self, vault: Address):
        self.vault = vault

    @gl.public.write.payable
    def move(self) -> None:
        """Value goes out once the transaction is final: that cannot be undone below."""
        Vault(self.vault).emit_transfer(value=gl.message.value)
        self.moved += gl.message.value

    @gl.public.write.payable
    def deposit(self, note: str) -> None:
        Vault(self.vault).emit(value=gl.message.value).deposit(gl.message.sender_address, note)

    @gl.public.view
    def encode(self, owner: Address, amounts: list[int]) -> bytes:
        return gl.evm.selector_of("set", [Address, list[u256]]) + gl.evm.encode(
            tuple[gl.evm.InplaceTuple, Address, list[u256]], (owner, amounts)
        )
