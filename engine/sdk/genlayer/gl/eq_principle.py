# SPDX-License-Identifier: MIT
"""Ready-made answers to: when is the leader's result as good as a validator's own?"""
import typing

from .._engine import host
from ..lazy import Call, Lazy
from . import vm

T = typing.TypeVar("T")


def _judge(template: str, **texts: str) -> typing.Any:
    return host.module("ExecPromptTemplate", {"template": template, **texts})


def _strict_eq(fn: typing.Callable[[], T]) -> Lazy[T]:
    """Both must come to exactly the same: the same value, or the same error."""

    def validate(leaders: vm.Result[T]) -> bool:
        return vm.spawn_sandbox(fn) == leaders

    return vm.run_nondet_unsafe.lazy(fn, validate)


def _prompt_comparative(fn: typing.Callable[[], T], principle: str) -> Lazy[T]:
    """Each runs ``fn``; a language model decides whether the two answers are equivalent by the principle."""

    def validate(leaders: vm.Result[T]) -> bool:
        own = fn()
        if not isinstance(leaders, vm.Return):
            return False
        return _judge(
            "EqComparative", leader_answer=format(leaders.calldata), validator_answer=format(own), principle=principle
        )

    return vm.run_nondet_unsafe.lazy(fn, validate)


def _prompt_non_comparative(fn: typing.Callable[[], typing.Any], *, task: str, criteria: str) -> Lazy[str]:
    """``fn`` gives the input of a task, which the leader's language model performs; a validator's model judges, by the
    criteria, whether that was done well, without performing it itself."""

    def lead() -> str:
        return _judge("EqNonComparativeLeader", task=task, input=format(fn()), criteria=criteria)

    def validate(leaders: vm.Result[str]) -> bool:
        if not isinstance(leaders, vm.Return):
            return False
        return _judge(
            "EqNonComparativeValidator",
            task=task,
            output=format(leaders.calldata),
            input=format(fn()),
            criteria=criteria,
        )

    return vm.run_nondet_unsafe.lazy(lead, validate)


strict_eq = Call(_strict_eq)
prompt_comparative = Call(_prompt_comparative)
prompt_non_comparative = Call(_prompt_non_comparative)
