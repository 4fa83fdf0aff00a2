# SPDX-License-Identifier: MIT
"""Stands in for the engine's native module (engine/sdk/_genlayer_wasi.pyi), and hands everything on to the virtual machine of
this process. It has no keccak256, so the SDK's own is what the tests run."""
import machine


def storage_read(slot, offset, into):
    machine.current().storage_read(slot, offset, into)


def storage_write(slot, offset, data):
    machine.current().storage_write(slot, offset, bytes(data))


def get_balance(address):
    return machine.current().get_balance(address)


def get_self_balance():
    return machine.current().get_self_balance()


def gl_call(request):
    return machine.current().gl_call(bytes(request))
