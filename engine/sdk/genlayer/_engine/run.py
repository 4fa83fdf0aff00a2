# SPDX-License-Identifier: MIT
"""Where the engine comes in: ``run`` in the child forked for a run, ``nested`` in the one forked for a run inside it.

The engine imports this module before it forks (by ``preload``), and calls nothing else of the SDK.
"""
import sys
import typing

from .. import calldata, gl  # noqa: F401  (loaded before the fork, for every contract imports it)
from ..gl.contract import the_contract
from . import current, determinism, dispatch, language, outcome, program
from .header import InvalidContract
from .nested import enter as nested
from .warm_up import sample, warm_up

__all__ = ["compile_contract", "nested", "rehearse", "run", "warm_up"]


def run(code: bytes, message: bytes, *, debug: bool = False, compiled: bytes | None = None) -> int | str:
    """Runs a contract.

    ``message`` is the calldata of the message map (genvm.md §2.2), with the call in ``entry_data``. ``debug`` allows the runner
    ids ``:test`` and ``:latest``. ``compiled`` is what ``compile_contract`` gave for the same code.

    A run that ends by a value or a user error ends the process in ``gl_call``. Otherwise gives the exit code of a failed one,
    with the traceback on stderr, or as text the code of a VM error, when the contract cannot be run at all.
    """
    raw = calldata.decode(message)
    current.set_message(raw)
    determinism.prepare(raw, deterministic=True)
    language.extend()
    for stream in (sys.stdout, sys.stderr):
        # Lines as they come, so that a run that is killed has shown what it printed; and print never fails over a character.
        typing.cast(typing.Any, stream).reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    try:
        made = program.read(code, debug=debug)
    except InvalidContract as error:
        return str(error)
    return outcome.report(lambda: _main(made, compiled))


def _main(made: program.Program, compiled: bytes | None) -> typing.Any:
    program.load(made, compiled)
    return dispatch.dispatch(the_contract())


def rehearse() -> int | str:
    """A whole run of the sample, in a process that the engine watches: it learns which pages runs touch."""
    code, message, compiled = sample()
    return run(code, message, compiled=compiled)


def compile_contract(code: bytes, *, debug: bool = False) -> bytes:
    """Code objects for ``run``. Raises what the compiler raises, or ``InvalidContract``."""
    return program.compile_all(program.read(code, debug=debug))
