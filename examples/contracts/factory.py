# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Deploys contracts. With a salt, the address of the new contract is known at once."""
from genlayer import *


class Factory(gl.Contract):
    code: bytes
    made: DynArray[Address]

    def __init__(self, code: bytes):
        self.code = code

    @gl.public.write.payable
    def make(self, greeting: str) -> Address:
        address = gl.deploy_contract(
            code=self.code,
            args=[greeting],
            salt_nonce=len(self.made) + 1,
            value=gl.message.value,
            on="accepted",
        )
        self.made.append(address)
        return address

    @gl.public.write
    def make_anonymously(self, greeting: str) -> None:
        """Without a salt, the chain picks the address when the contract is made."""
        gl.deploy_contract(code=self.code, kwargs={"greeting": greeting})

    @gl.public.view
    def greet_all(self, name: str) -> list[str]:
        return [gl.get_contract_at(address).view().greet(name) for address in self.made]
