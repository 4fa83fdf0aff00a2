# SPDX-License-Identifier: MIT
"""What the test double answers to each kind of gl_call."""
import dataclasses

import machine
from pages import Overlay

from genlayer import calldata
from genlayer._engine import run


def answer(vm, request):
    try:
        ((kind, payload),) = calldata.decode(request).items()
    except (ValueError, AttributeError):
        raise machine.errno("inval") from None
    handler = HANDLERS.get(kind)
    if handler is None:
        raise machine.errno("inval")
    if kind not in ("Return", "Rollback"):
        vm.report.calls.append(request)
    return handler(vm, payload)


def _return(vm, value):
    vm.end(machine.RETURN, calldata.encode(value))


def _rollback(vm, message):
    if not isinstance(message, str):
        raise machine.errno("inval")
    vm.end(machine.USER_ERROR, message.encode())


def _spend(vm, value):
    if not 0 <= value < 1 << 256:
        raise machine.errno("overflow")
    if value > vm.get_self_balance():
        raise machine.errno("inbalance")
    vm.spent += value


def _emission(kind):
    def handler(vm, payload):
        vm.require(send=True)
        _spend(vm, payload["value"])
        vm.report.emissions.append({"type": kind, **payload})

    return handler


def _emit_event(vm, payload):
    vm.require(send=True)
    if len(payload["topics"]) > 4 or any(len(topic) != 32 for topic in payload["topics"]):
        raise machine.errno("inval")
    vm.report.emissions.append({"type": "EmitEvent", **payload})


def _eth_call(vm, _payload):
    raise machine.errno("forbidden")


def _call_contract(vm, payload):
    vm.require(call=True)
    if vm.depth >= machine.DEEPEST:
        raise machine.errno("forbidden")
    vm.pipe.send(payload)
    report = vm.pipe.recv()
    if report.kind == machine.VM_ERROR:
        vm.end(machine.VM_ERROR, report.data)
    return report.result


def run_callee(vm, payload):
    """Runs the contract that another one calls, seen from outside of both."""
    state = vm.chain.state(payload["address"].as_bytes, payload["state"])
    message = vm.message | {
        "contract_address": payload["address"],
        "value": 0,
        "is_init": False,
        "stack": vm.message["stack"] + [vm.message["contract_address"]],
        "entry_data": calldata.encode(payload["calldata"]),
    }
    permissions = dataclasses.replace(vm.permissions, write=False, send=False, nondet=False)
    callee = machine.Machine(vm.chain, message, permissions, Overlay(state), depth=vm.depth + 1)
    callee.streams = vm.streams
    return machine.run_forked(callee, lambda: run.run(state.code, calldata.encode(message), debug=True))


def _run_nondet(vm, payload):
    vm.require(nondet=True)
    results = vm.report.nondet_results
    number = len(results)
    known = vm.leader_results
    if vm.sync and known is None:
        raise machine.errno("forbidden")
    if known is None:
        report = _run_block(vm, payload["data_leader"], None)
        results.append(report.result)
        return report.result
    if number >= len(known) or not known[number]:
        vm.end(machine.VM_ERROR, b"absent_leader_nondet_output")
    results.append(known[number])
    if not vm.sync:
        report = _run_block(vm, payload["data_validator"], known[number])
        agrees = report.kind == machine.RETURN and calldata.decode(report.data) is True
        if not agrees and vm.report.disagreement is None:
            vm.report.disagreement = number
    return known[number]


def _run_block(vm, data, stage):
    nothing = machine.Permissions(det=False, read=False, write=False, send=False, call=False, nondet=False)
    block = machine.Machine(vm.chain, vm.message, nothing, Overlay(vm.overlay), depth=vm.depth)
    report = machine.run_forked(block, lambda: run.nested(machine.CONSENSUS_STAGE, data, stage))
    vm.report.calls += report.calls
    vm.report.traces += report.traces
    return report


def _sandbox(vm, payload):
    may = payload["allow_write_ops"]
    permissions = dataclasses.replace(
        vm.permissions, write=vm.permissions.write and may, send=vm.permissions.send and may, call=False, nondet=False
    )
    box = machine.Machine(vm.chain, vm.message, permissions, Overlay(vm.overlay), depth=vm.depth)
    box.spent = vm.spent
    report = machine.run_forked(box, lambda: run.nested(machine.SANDBOX, payload["data"], None))
    vm.report.calls += report.calls
    vm.report.traces += report.traces
    if report.kind == machine.RETURN:
        vm.overlay.absorb(report.overlay)
        vm.report.emissions += report.emissions
        vm.spent += sum(emission.get("value", 0) for emission in report.emissions)
    return report.result


def _module(kind):
    def handler(vm, payload):
        vm.require(det=False)
        return calldata.encode(vm.chain.world.answer(kind, payload))

    return handler


def _trace(vm, payload):
    if "Message" in payload:
        vm.report.traces.append(payload["Message"])
        return None
    return calldata.encode(0)


HANDLERS = {
    "Return": _return,
    "Rollback": _rollback,
    "PostMessage": _emission("PostMessage"),
    "DeployContract": _emission("DeployContract"),
    "EthSend": _emission("EthSend"),
    "EmitEvent": _emit_event,
    "EthCall": _eth_call,
    "CallContract": _call_contract,
    "RunNondet": _run_nondet,
    "Sandbox": _sandbox,
    "WebRender": _module("WebRender"),
    "WebRequest": _module("WebRequest"),
    "ExecPrompt": _module("ExecPrompt"),
    "ExecPromptTemplate": _module("ExecPromptTemplate"),
    "Trace": _trace,
}
