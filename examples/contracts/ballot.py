# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Records in storage, arrays of them, and a deadline."""
import datetime
from dataclasses import dataclass

from genlayer import *


@allow_storage
@dataclass
class Proposal:
    title: str
    author: Address
    votes: u32
    open: bool


class Ballot(gl.Contract):
    closes: datetime.datetime
    proposals: DynArray[Proposal]
    choices: TreeMap[Address, u32]

    def __init__(self, closes: str):
        self.closes = datetime.datetime.fromisoformat(closes)

    @gl.public.write
    def propose(self, title: str) -> int:
        self._check_open()
        self.proposals.append(Proposal(title, gl.message.sender_address, u32(0), True))
        return len(self.proposals) - 1

    @gl.public.write
    def withdraw(self, index: int) -> None:
        # A view of the record: what is set here is set in storage.
        proposal = self.proposals[index]
        if proposal.author != gl.message.sender_address:
            raise gl.vm.UserError("not yours")
        proposal.open = False

    @gl.public.write
    def vote(self, index: int) -> None:
        self._check_open()
        voter = gl.message.sender_address
        if not 0 <= index < len(self.proposals) or not self.proposals[index].open:
            raise gl.vm.UserError("no such proposal")
        before = self.choices.get(voter)
        if before is not None:
            self.proposals[before].votes -= 1
        self.proposals[index].votes += 1
        self.choices[voter] = u32(index)

    @gl.public.view
    def standings(self) -> list[Proposal]:
        return sorted((p for p in self.proposals if p.open), key=lambda p: (-p.votes, p.title))

    def _check_open(self) -> None:
        # The time of the transaction, which is the same for everyone who checks it.
        if datetime.datetime.fromisoformat(gl.message_raw["datetime"]) >= self.closes:
            raise gl.vm.UserError("the ballot is closed")
