# SPDX-License-Identifier: MIT
"""Asking a language model."""
import collections.abc
import json
import typing

from ..._engine import host
from ...lazy import Call, Lazy
from .image import Image, raw_image

MOST_IMAGES = 2


def _exec_prompt(
    prompt: str,
    *,
    response_format: typing.Literal["text", "json"] = "text",
    images: "collections.abc.Sequence[bytes | Image] | None" = None,
) -> Lazy[typing.Any]:
    """The model's answer: text, or with ``response_format="json"`` a dict. Raises ``NondetException``."""
    if response_format not in ("text", "json"):
        raise ValueError(f"response_format is 'text' or 'json', not {response_format!r}")
    pictures = [raw_image(image) for image in images or ()]
    if len(pictures) > MOST_IMAGES:
        raise ValueError(f"a prompt takes at most {MOST_IMAGES} images")
    answer = host.module_later("ExecPrompt", {"prompt": prompt, "response_format": response_format, "images": pictures})
    if response_format == "text":
        return answer
    return Lazy(lambda: _parsed(answer.get()))


def _parsed(answer: typing.Any) -> typing.Any:
    # As text, for JSON has numbers that calldata has not; a mocked answer may be a mapping already.
    return json.loads(answer) if isinstance(answer, str) else answer


exec_prompt = Call(_exec_prompt)
