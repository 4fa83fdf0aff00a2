# SPDX-License-Identifier: MIT
"""Pictures for prompts, and from the web."""
import functools
import io
import typing

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class Image:
    """A PNG or JPEG."""

    def __init__(self, raw: bytes):
        self.raw = bytes(raw)

    @functools.cached_property
    def pil(self) -> typing.Any:
        """As an image of Pillow, where the engine has it."""
        from PIL import Image as pillow

        return pillow.open(io.BytesIO(self.raw))


def raw_image(image: "bytes | Image") -> bytes:
    """The bytes of a picture. Raises ``ValueError`` for what models do not take."""
    raw = image.raw if isinstance(image, Image) else bytes(image)
    if not raw.startswith(_SIGNATURES):
        raise ValueError("an image must be a PNG or a JPEG")
    return raw
