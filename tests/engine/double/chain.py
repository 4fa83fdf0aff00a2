# SPDX-License-Identifier: MIT
"""A chain of contracts for tests: state, balances, runs, and a world outside that answers as the test says."""
import dataclasses
import sys
import tempfile
import typing

import machine
import pages
from machine import RETURN, USER_ERROR, Machine, Permissions
from pages import Overlay, State

from genlayer import Address, calldata
from genlayer._engine import run

DATETIME = "2024-11-26T06:42:42.424242Z"


def address(number):
    """Addresses for tests: 0x00…c0."""
    return Address(number.to_bytes(20, "big"))


class World:
    """Language models and the web. ``answers`` maps a kind of request to a function of its payload; ``asked`` is not shared
    with the test, for blocks run in processes of their own."""

    def __init__(self, **answers):
        self.answers = answers

    def answer(self, kind, payload):
        if kind not in self.answers:
            return {"error": {"causes": ["NO_ANSWER"], "fatal": False, "ctx": {"kind": kind}}}
        return self.answers[kind](payload)


@dataclasses.dataclass
class Outcome:
    """How a run ended, and its effects."""

    kind: str
    value: typing.Any
    """The value returned, or the error's message."""
    result: bytes
    changes: list
    ends: dict
    emissions: list
    calls: list
    traces: list
    nondet_results: list
    disagreement: int | None
    stdout: str
    stderr: str
    to: Address

    @property
    def ok(self):
        return self.kind == "Return"


@dataclasses.dataclass
class Account:
    accepted: State = dataclasses.field(default_factory=State)
    finalized: State = dataclasses.field(default_factory=State)
    balance: int = 0


class Chain:
    is_double = True

    def __init__(self, chain_id=61999, world=None):
        self.chain_id = chain_id
        self.world = world or World()
        self.accounts = {}
        self.datetime = DATETIME
        self._deployed = 0

    def account(self, who):
        return self.accounts.setdefault(who.as_bytes, Account())

    def balance(self, who):
        return self.accounts[who].balance if who in self.accounts else 0

    def state(self, who, variant="latest_non_final"):
        account = self.accounts.get(who, Account())
        return account.finalized if variant == "latest_final" else account.accepted

    def run(
        self,
        to,
        data,
        *,
        sender=address(0xA1),
        origin=None,
        value=0,
        code=None,
        permissions=None,
        leader_results=None,
        sync=False,
        debug=True,
    ):
        """One run, which changes nothing; ``apply`` does."""
        message = {
            "contract_address": to,
            "sender_address": sender,
            "origin_address": origin or sender,
            "value": value,
            "chain_id": self.chain_id,
            "stack": [],
            "datetime": self.datetime,
            "is_init": code is not None,
            "entry_kind": machine.MAIN,
            "entry_data": data,
            "entry_stage_data": None,
        }
        overlay = Overlay(self.state(to.as_bytes))
        vm = Machine(self, message, permissions or Permissions(), overlay, leader_results=leader_results, sync=sync)
        if code is None:
            code = overlay.below.code
        else:
            overlay.write(pages.CODE, 0, len(code).to_bytes(4, "little") + code)
        return _run_captured(vm, lambda: run.run(code, calldata.encode(message), debug=debug), to)

    def apply(self, outcome, *, value=0, final=True):
        """Keeps the effects of a run that returned; messages that it sent wait for ``deliver``."""
        account = self.account(outcome.to)
        if outcome.ok:
            account.accepted.apply(outcome.changes)
            if final:
                account.finalized.apply(outcome.changes)
            account.balance -= sum(emission.get("value", 0) for emission in outcome.emissions)
        else:
            account.balance -= value
        return outcome

    def _transact(self, to, data, value, code, **options):
        account = self.account(to)
        account.balance += value
        if code is not None:
            account.accepted, account.finalized = State(), State()
        return self.apply(self.run(to, data, value=value, code=code, **options), value=value)

    def place(self, to, code):
        """Puts code in place without running its constructor, as for a schema."""
        content = len(code).to_bytes(4, "little") + code
        self.account(to).accepted = State({pages.CODE: content + bytes(-len(content) % pages.PAGE)})

    def deploy(self, to, code, *args, value=0, sender=address(0xA1), kwargs=None, **options):
        """Deploys, in place of whatever was there, and keeps the effects."""
        return self._transact(to, call_data(None, args, kwargs), value, code, sender=sender, **options)

    def write(self, to, method, *args, value=0, sender=address(0xA1), kwargs=None, **options):
        """A transaction: runs and keeps the effects."""
        return self._transact(to, call_data(method, args, kwargs), value, None, sender=sender, **options)

    def view(self, to, method, *args, sender=address(0xA1), kwargs=None, **options):
        """A call that may not change anything; gives the outcome."""
        permissions = Permissions(write=False, send=False)
        return self.run(
            to, call_data(method, args, kwargs), sender=sender, permissions=permissions, sync=True, **options
        )

    def deliver(self, outcome):
        """Runs the messages that a run sent; gives their outcomes."""
        out = []
        for emission in outcome.emissions if outcome.ok else ():
            if emission["type"] == "PostMessage":
                out.append(
                    self._transact(
                        emission["address"],
                        calldata.encode(emission["calldata"]),
                        emission["value"],
                        None,
                        sender=outcome.to,
                    )
                )
            elif emission["type"] == "DeployContract":
                out.append(
                    self._transact(
                        self._child_address(outcome.to, emission["salt_nonce"]),
                        calldata.encode(emission["calldata"]),
                        emission["value"],
                        emission["code"],
                        sender=outcome.to,
                    )
                )
            elif emission["type"] == "EthSend":
                self.account(emission["address"]).balance += emission["value"]
        return out

    def _child_address(self, parent, salt):
        from genlayer.keccak import keccak256

        if salt == 0:
            self._deployed += 1
            return address(0xD000 + self._deployed)
        return Address(
            keccak256(b"\1" + parent.as_bytes + salt.to_bytes(32, "big") + self.chain_id.to_bytes(32, "big"))[:20]
        )


def call_data(method, args=(), kwargs=None):
    call = {"method": method, "args": args, "kwargs": kwargs}
    return calldata.encode({name: value for name, value in call.items() if value})


def _run_captured(vm, body, to):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        sys.stdout.flush()
        sys.stderr.flush()
        vm.streams = (out, err)
        report = machine.run_forked(vm, body)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    value = calldata.decode(report.data) if report.kind == RETURN else report.data.decode()
    kind = "Return" if report.kind == RETURN else "Rollback" if report.kind == USER_ERROR else "VMError"
    overlay = report.overlay
    return Outcome(
        kind,
        value,
        report.result,
        overlay.changes() if overlay else [],
        overlay.ends if overlay else {},
        report.emissions,
        report.calls,
        report.traces,
        report.nondet_results,
        report.disagreement,
        *texts,
        to,
    )
