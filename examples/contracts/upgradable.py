# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""A contract that can replace its own code. Fields may be added behind the others, and nowhere else."""
from genlayer import *


class Upgradable(gl.Contract):
    version: u32

    def __init__(self, upgrader: Address):
        self.version = u32(1)
        # Before the constructor, the SDK locked the slots of the code and of the list of upgraders. Those who are in the list
        # when a run begins may write them.
        gl.storage.Root.get().upgraders.get().append(upgrader)

    @gl.public.write
    def upgrade(self, code: bytes) -> None:
        """Everybody may call it; for others than the upgrader the write is refused."""
        content = gl.storage.Root.get().code.get()
        content.truncate()
        content.extend(code)
        self.version += 1

    @gl.public.write
    def freeze(self) -> None:
        """From the next transaction on, nobody can upgrade."""
        gl.storage.Root.get().upgraders.get().truncate()

    @gl.public.view
    def get_version(self) -> int:
        return self.version
