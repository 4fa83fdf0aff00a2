# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""A rule of its own for agreement: estimates may differ by a tenth. And a picture for the model to look at."""
import typing
from dataclasses import dataclass

from genlayer import *


@allow_storage
@dataclass
class Estimate:
    low: u64
    high: u64
    reason: str


class Appraiser(gl.Contract):
    rules: DynArray[str]
    estimates: TreeMap[str, Estimate]

    def __init__(self, rules: list[str]):
        self.rules.extend(rules)

    @gl.public.write
    def appraise(self, item: str, picture: bytes | None = None) -> dict[str, typing.Any]:
        # A copy in memory can be used where storage cannot be read.
        rules = gl.storage.copy_to_memory(self.rules)

        def estimate() -> dict[str, typing.Any]:
            prompt = f"Estimate what this is worth: {item}\nRules:\n" + "\n".join(rules)
            prompt += '\nAnswer as JSON: {"low": whole number, "high": whole number, "reason": text}'
            answer = gl.nondet.exec_prompt(prompt, response_format="json", images=[picture] if picture else None)
            if not isinstance(answer.get("low"), int) or not isinstance(answer.get("high"), int):
                raise gl.vm.UserError("the model gave no estimate")
            return {"low": answer["low"], "high": answer["high"], "reason": str(answer.get("reason", ""))}

        def is_close(leader: gl.vm.Result) -> bool:
            # When this raises a user error, run_nondet compares it with the leader's. The leader's value is not to be trusted.
            own = estimate()
            if not isinstance(leader, gl.vm.Return) or not isinstance(leader.calldata, dict):
                return False
            # What is missing or no number raises, and an exception is a no.
            return all(abs(leader.calldata[key] - own[key]) * 10 <= own[key] for key in ("low", "high"))

        made = gl.vm.run_nondet(estimate, is_close)
        self.estimates[item] = Estimate(u64(made["low"]), u64(made["high"]), made["reason"])
        return made

    @gl.public.view
    def get(self, item: str) -> Estimate | None:
        return self.estimates.get(item)
