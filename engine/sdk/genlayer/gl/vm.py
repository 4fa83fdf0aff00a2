# SPDX-License-Identifier: MIT
"""Results of runs, and runs inside a run: sandboxes and blocks of non-deterministic code."""
import dataclasses
import typing

from .. import calldata
from .._engine import host
from .._engine.nested import offered
from .._engine.outcome import UserError
from ..lazy import Call, Lazy

__all__ = [
    "Result",
    "Return",
    "UserError",
    "VMError",
    "decode_result",
    "run_nondet",
    "run_nondet_unsafe",
    "spawn_sandbox",
    "unpack_result",
]

T = typing.TypeVar("T")


@dataclasses.dataclass
class Return(typing.Generic[T]):
    """The run ended with a value."""

    calldata: T


@dataclasses.dataclass
class VMError:
    """The run was ended from outside, or by an exception that nobody caught."""

    message: str


Result = Return[T] | UserError | VMError
"""How a run ended. A ``UserError`` here is a value: it was raised in the other run."""


def decode_result(data: bytes) -> Result:
    """A result as the engine passes it on: a byte that tells which, then calldata or the message."""
    kind, rest = data[0], data[1:]
    if kind == 0:
        return Return(calldata.decode(rest))
    return (UserError, VMError)[kind - 1](rest.decode())


def unpack_result(result: Result[T]) -> T:
    """The value of a run that gave one; raises ``UserError`` for the other results."""
    if isinstance(result, Return):
        return result.calldata
    if isinstance(result, UserError):
        raise result
    raise UserError(f"vm error: {result.message}")


def _spawn_sandbox(fn: typing.Callable[[], T], *, allow_write_ops: bool = False) -> Lazy[Result[T]]:
    """Runs a function so that nothing it does to memory, and no exception, reaches the caller; gives its ``Result``.

    With ``allow_write_ops`` it may write storage and send messages, as far as the caller may.
    """
    with offered(lambda _stage: fn()) as (data,):
        answer = host.call_forking("Sandbox", {"data": data, "allow_write_ops": allow_write_ops})
    return Lazy(lambda: decode_result(answer))


def _run_nondet_unsafe(leader_fn: typing.Callable[[], T], validator_fn: typing.Callable[[Result[T]], bool]) -> Lazy[T]:
    """Runs ``leader_fn`` on the leader; every validator asks its ``validator_fn`` whether the leader's result is acceptable.

    An exception in ``validator_fn`` counts as no. Both run without storage and contracts, but with ``gl.nondet``. Gives what
    the leader returned, everywhere, or raises its ``UserError``.
    """

    def validate(stage: bytes | None) -> bool:
        assert stage is not None
        return validator_fn(decode_result(stage))

    with offered(lambda _stage: leader_fn(), validate) as (leader, validator):
        answer = host.call_forking("RunNondet", {"data_leader": leader, "data_validator": validator})
    return Lazy(lambda: unpack_result(decode_result(answer)))


def _same_message(leaders: UserError | VMError, own: UserError | VMError) -> bool:
    return leaders.message == own.message


spawn_sandbox = Call(_spawn_sandbox)
run_nondet_unsafe = Call(_run_nondet_unsafe)


def _run_nondet(
    leader_fn: typing.Callable[[], T],
    validator_fn: typing.Callable[[Result[T]], bool],
    *,
    compare_user_errors: typing.Callable[[UserError, UserError], bool] = _same_message,
    compare_vm_errors: typing.Callable[[VMError, VMError], bool] = _same_message,
) -> Lazy[T]:
    """As ``run_nondet_unsafe``, but an error of the leader is accepted when the validator comes to the same error.

    ``validator_fn`` runs in a sandbox. When it ends with an error, the leader must have ended with an error of that sort, too,
    and the comparison must accept the two. When it returns, the leader must have returned, too.
    """

    def validate(leaders: Result[T]) -> bool:
        own = spawn_sandbox(lambda: validator_fn(leaders))
        if isinstance(own, Return):
            if not isinstance(own.calldata, bool):
                raise TypeError(f"a validator function returns bool, not {type(own.calldata).__qualname__}")
            return isinstance(leaders, Return) and own.calldata
        if isinstance(own, UserError):
            return isinstance(leaders, UserError) and compare_user_errors(leaders, own)
        return isinstance(leaders, VMError) and compare_vm_errors(leaders, own)

    return _run_nondet_unsafe(leader_fn, validate)


run_nondet = Call(_run_nondet)
