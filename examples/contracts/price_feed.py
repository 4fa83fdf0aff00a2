# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Reads the web, and agrees on it to the last digit: strict equality, for what is the same for everyone."""
import json

from genlayer import *


class PriceFeed(gl.Contract):
    url: str
    cents: TreeMap[str, u64]

    def __init__(self, url: str):
        self.url = url

    @gl.public.write
    def update(self, pair: str) -> int:
        # Blocks cannot read storage: what they need is put into variables first.
        url = f"{self.url}?pair={pair}"

        def read() -> int:
            response = gl.nondet.web.get(url, headers={"Accept": "application/json"})
            if response.status != 200:
                # An error that everyone meets is agreed on as well.
                raise gl.vm.UserError(f"the source answers {response.status}")
            # No more than is needed: time stamps in the answer would never be equal.
            return round(float(json.loads(response.body)["price"]) * 100)

        cents = gl.eq_principle.strict_eq(read)
        self.cents[pair] = u64(cents)
        return cents

    @gl.public.view
    def get(self, pair: str) -> int:
        if pair not in self.cents:
            raise gl.vm.UserError(f"no price of {pair}")
        return self.cents[pair]
