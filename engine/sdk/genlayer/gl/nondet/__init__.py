# SPDX-License-Identifier: MIT
"""The world outside: language models and the web. Only inside of ``gl.vm.run_nondet…`` and ``gl.eq_principle…``; elsewhere
every call is refused with ``SystemError: 6: forbidden``."""
from . import web
from .error import NondetException
from .image import Image
from .prompt import exec_prompt

__all__ = ["Image", "NondetException", "exec_prompt", "web"]
