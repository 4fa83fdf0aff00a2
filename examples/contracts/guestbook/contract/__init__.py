"""A contract of several files. What is deployed is a ZIP archive of the folder around them, with runner.json at its top."""
from genlayer import *

from .entries import Entry, is_fit


class Guestbook(gl.Contract):
    entries: DynArray[Entry]

    def __init__(self):
        pass

    @gl.public.write
    def sign(self, text: str) -> None:
        if not is_fit(text):
            raise gl.vm.UserError("not in this house")
        self.entries.append(Entry(gl.message.sender_address, text))

    @gl.public.view
    def read(self) -> list[Entry]:
        return list(self.entries)

    @gl.public.view
    def rules(self) -> str:
        with open("/contract/rules.txt") as file:
            return file.read()
