# SPDX-License-Identifier: MIT
"""Failures of the language-model and web modules."""
import typing


class NondetException(Exception):
    """A module could not do what it was asked. ``error`` says why: a mapping with ``causes``, ``fatal`` and ``ctx``."""

    def __init__(self, error: typing.Any):
        super().__init__(error)
        self.error = error
