# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""Failures, and how to live with them."""
import typing

from genlayer import *


class Guarded(gl.Contract):
    value: u8
    attempts: u32

    def __init__(self):
        pass

    @gl.public.write
    def fail(self, how: str) -> None:
        """Ends in one of the ways in which a run can end badly. Nothing that it wrote stays."""
        self.attempts += 1
        if how == "user error":
            raise gl.vm.UserError("the user should know why")
        if how == "immediately":
            try:
                gl.advanced.user_error_immediate("no except and no finally sees this")
            finally:
                print("never printed")
        if how == "assertion":
            assert self.value > 200, "the value is too small"
        if how == "overflow":
            self.value = u8(256)
        if how == "result":
            return 1.5  # there are no floats in calldata
        raise ValueError(f"there is no such way to fail: {how}")

    @gl.public.write
    def attempt(self, number: int, divisor: int) -> dict[str, typing.Any]:
        """A sandbox: whatever goes wrong inside, this run goes on, and what the sandbox wrote is undone."""

        def divide() -> int:
            if divisor < 0:
                raise gl.vm.UserError("negative")
            self.value = u8(number)
            return number // divisor

        result = gl.vm.spawn_sandbox(divide, allow_write_ops=True)
        self.attempts += 1
        if isinstance(result, gl.vm.Return):
            return {"ok": result.calldata}
        return {"error": result.message, "of the vm": isinstance(result, gl.vm.VMError)}

    @gl.public.view
    def get(self) -> list[int]:
        return [self.value, self.attempts]

    @gl.public.view
    def __handle_undefined_method__(self, method: str, args: list, kwargs: dict) -> str:
        return f"there is no {method}, and {len(args) + len(kwargs)} arguments do not change that"
