# SPDX-License-Identifier: MIT
"""A virtual machine of the test double: one forked process per run, as in the engine, so that ends are final and memory is
apart. What the child leaves behind comes back through a pipe. Nothing here keeps a hostile contract in."""
import dataclasses
import multiprocessing
import os
import sys
import typing

import gl_calls
import pages

RETURN, USER_ERROR, VM_ERROR = range(3)
MAIN, SANDBOX, CONSENSUS_STAGE = range(3)
DEEPEST = 64

_ERRORS = ("", "overflow", "inval", "fault", "ilseq", "io", "forbidden", "inbalance")


def errno(name):
    return SystemError(f"{_ERRORS.index(name)}: {name}")


@dataclasses.dataclass
class Permissions:
    """What a run may do."""

    det: bool = True
    read: bool = True
    write: bool = True
    send: bool = True
    call: bool = True
    nondet: bool = True


@dataclasses.dataclass
class Report:
    """What a run left behind."""

    kind: int
    data: bytes
    overlay: typing.Any = None
    emissions: list = dataclasses.field(default_factory=list)
    calls: list = dataclasses.field(default_factory=list)
    traces: list = dataclasses.field(default_factory=list)
    nondet_results: list = dataclasses.field(default_factory=list)
    disagreement: int | None = None

    @property
    def result(self):
        """As the leader's results are kept: kind and payload."""
        return bytes([self.kind]) + self.data


_current = None


def current():
    if _current is None:
        raise SystemError("no contract is running")
    return _current


def run_forked(vm, body):
    """Runs the body, which gives an exit code or a VM error unless it ends by itself, as this machine in a process of its own."""
    global _current
    ours, theirs = multiprocessing.Pipe()
    child = os.fork()
    if child == 0:
        try:
            ours.close()
            _current = vm
            vm.pipe = theirs
            vm.take_streams()
            ended = body()
        except BaseException as error:  # the SDK must not let anything through to the engine
            ended = f"leaked {type(error).__name__}: {error}"
        vm.end(VM_ERROR, (f"exit_code {ended}" if isinstance(ended, int) else ended).encode())
    theirs.close()
    with ours:
        report = _serve(vm, ours)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return report or Report(VM_ERROR, f"exit_code {status if status > 0 else 1}".encode())


def _serve(vm, pipe):
    """Answers a running child's calls of other contracts, each in a process that is no child of its, until it reports."""
    while True:
        try:
            received = pipe.recv()
        except EOFError:
            return None
        if isinstance(received, Report):
            return received
        pipe.send(vm.run_callee(received))


class Machine:
    """One run: its message, what it may do, and what it has done."""

    def __init__(self, chain, message, permissions, overlay, *, depth=0, leader_results=None, sync=False):
        self.chain = chain
        self.message = message
        self.permissions = permissions
        self.overlay = overlay
        self.depth = depth
        self.leader_results = leader_results
        self.sync = sync
        self.spent = 0
        self.pipe = None
        self.streams = None
        self.report = Report(VM_ERROR, b"")
        self.locked = self._locked()

    def _locked(self):
        sender = self.message["sender_address"].as_bytes
        if not self.permissions.read or sender in self.overlay.items(pages.UPGRADERS, 20):
            return set()
        return set(self.overlay.items(pages.LOCKED, 32))

    def take_streams(self):
        """Prints to the files of the transaction from here on."""
        if self.streams:
            for number, file in enumerate(self.streams, 1):
                os.dup2(file.fileno(), number)
            sys.stdout = sys.__stdout__ = os.fdopen(1, "w", closefd=False)
            sys.stderr = sys.__stderr__ = os.fdopen(2, "w", closefd=False)

    def end(self, kind, data):
        self.report.kind, self.report.data = kind, data
        if kind == RETURN:
            self.report.overlay = self.overlay
        else:
            self.report.emissions = []
        self.pipe.send(self.report)
        os._exit(0)

    def require(self, **wanted):
        for name, value in wanted.items():
            if getattr(self.permissions, name) != value:
                raise errno("forbidden")

    @staticmethod
    def _check_range(slot, offset, size):
        if len(slot) != 32 or offset < 0:
            raise errno("inval")
        if offset + size > pages.LIMIT:
            raise errno("overflow")

    def storage_read(self, slot, offset, into):
        self.require(read=True)
        self._check_range(slot, offset, len(into))
        into[:] = self.overlay.read(slot, offset, len(into))

    def storage_write(self, slot, offset, data):
        self.require(write=True)
        self._check_range(slot, offset, len(data))
        if slot in self.locked:
            raise errno("forbidden")
        self.overlay.write(slot, offset, data)

    def get_balance(self, address):
        return self.chain.balance(address)

    def get_self_balance(self):
        self.require(det=True)
        return self.chain.balance(self.message["contract_address"].as_bytes) - self.spent

    def gl_call(self, request):
        return gl_calls.answer(self, request)

    def run_callee(self, payload):
        return gl_calls.run_callee(self, payload)
