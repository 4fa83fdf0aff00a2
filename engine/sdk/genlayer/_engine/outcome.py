# SPDX-License-Identifier: MIT
"""How a run ends: by a value, a user error, or an exit code."""
import sys
import traceback
import typing

from . import host

FAILED = 1


class UserError(Exception):
    """Ends a run with a message for the user: nothing of what the run did is kept.

    It can be caught inside the run; a contract that calls another as a view sees that one's user error as this exception.
    """

    def __init__(self, message: str = ""):
        super().__init__(message)
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UserError) and self.message == other.message

    def __hash__(self) -> int:
        return hash(UserError)

    def __repr__(self) -> str:
        return f"UserError({self.message!r})"


def report(body: typing.Callable[[], typing.Any]) -> int:
    """Runs the body and reports what becomes of it. Returns only if that is an exit code."""
    try:
        host.finish("Return", body())
    except UserError as error:
        host.finish("Rollback", str(error.message))
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        print_error(error)
        return FAILED
    finally:
        host.flush()


def _exit_code(error: SystemExit) -> int:
    if error.code is None or error.code == 0:
        host.finish("Return", None)
    if isinstance(error.code, int):
        return error.code & 0xFF or FAILED
    print(error.code, file=sys.__stderr__)
    return FAILED


def print_error(error: BaseException) -> None:
    """The traceback on the real stderr, whatever ``sys.stderr`` is by now: the host looks for the exception's class there."""
    own = __file__.rpartition("/")[0]
    frame = error.__traceback__
    # The frames of the machinery say nothing to an author.
    while frame and frame.tb_next and frame.tb_frame.f_code.co_filename.startswith(own):
        frame = frame.tb_next
    try:
        traceback.print_exception(type(error), error, frame, file=sys.__stderr__)
    except BaseException:  # a contract's __str__ or __repr__ may raise anything, or recurse without end
        print(f"{type(error).__name__}: (its text cannot be shown)", file=sys.__stderr__)
