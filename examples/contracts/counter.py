# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Numbers of a given size and of any size, and how to refuse: a user error undoes everything and tells the user why."""
from genlayer import *


class Counter(gl.Contract):
    count: u8
    total: bigint
    low: i32

    def __init__(self):
        # Every field starts as zero; nothing needs to be written for that.
        pass

    @gl.public.view
    def get(self) -> dict[str, int]:
        return {"count": self.count, "total": self.total, "low": self.low}

    @gl.public.write
    def add(self, amount: int) -> int:
        if amount == 0:
            raise gl.vm.UserError("nothing to add")
        # The 256th call fails here: a u8 is checked when it is stored. So nothing after it happens, and nothing before it stays.
        self.count = u8(self.count + 1)
        self.total = bigint(self.total + amount)
        self.low = i32(min(self.low, amount))
        return self.total
