# SPDX-License-Identifier: MIT
"""Types whose value stands wholly inside the slot: numbers, bool, None, Address, datetime."""
import datetime
import operator
import struct

from ..address import Address
from .kind import Kind
from .slot import Slot

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class IntKind(Kind):
    """Little-endian, two's complement when signed."""

    def __init__(self, name: str, size: int, signed: bool):
        self.name = name
        self.size = size
        self.signed = signed

    def get(self, slot: Slot, offset: int) -> int:
        return int.from_bytes(slot.read(offset, self.size), "little", signed=self.signed)

    def set(self, slot: Slot, offset: int, value: int) -> None:
        slot.write(offset, operator.index(value).to_bytes(self.size, "little", signed=self.signed))

    def __repr__(self) -> str:
        return self.name


U32 = IntKind("u32", 4, False)


class BoolKind(Kind):
    size = 1

    def get(self, slot: Slot, offset: int) -> bool:
        return slot.read(offset, 1) != b"\0"

    def set(self, slot: Slot, offset: int, value: bool) -> None:
        slot.write(offset, b"\1" if value else b"\0")

    def __repr__(self) -> str:
        return "bool"


class NoneKind(Kind):
    size = 0

    def get(self, slot: Slot, offset: int) -> None:
        return None

    def set(self, slot: Slot, offset: int, value: None) -> None:
        if value is not None:
            raise TypeError(f"None is expected, not {value!r}")

    def __repr__(self) -> str:
        return "None"


class FloatKind(Kind):
    """IEEE 754 double."""

    size = 8

    def get(self, slot: Slot, offset: int) -> float:
        return struct.unpack("<d", slot.read(offset, 8))[0]

    def set(self, slot: Slot, offset: int, value: float) -> None:
        if not isinstance(value, (float, int)):
            raise TypeError(f"a float is expected, not {value!r}")
        slot.write(offset, struct.pack("<d", value))

    def __repr__(self) -> str:
        return "float"


class AddressKind(Kind):
    size = Address.SIZE

    def get(self, slot: Slot, offset: int) -> Address:
        return Address(slot.read(offset, self.size))

    def set(self, slot: Slot, offset: int, value: Address) -> None:
        if not isinstance(value, Address):
            raise TypeError(f"an Address is expected, not {value!r}")
        slot.write(offset, value.as_bytes)

    def __repr__(self) -> str:
        return "Address"


class DatetimeKind(Kind):
    """Whole seconds since 1970, microseconds, and the offset from UTC as a normalised timedelta."""

    _FORMAT = struct.Struct("<QIBiii")
    size = _FORMAT.size

    def get(self, slot: Slot, offset: int) -> datetime.datetime:
        seconds, micros, has_zone, *zone = self._FORMAT.unpack(slot.read(offset, self.size))
        moment = _EPOCH + datetime.timedelta(seconds=seconds, microseconds=micros)
        if not has_zone:
            return moment.replace(tzinfo=None)
        return moment.astimezone(datetime.timezone(datetime.timedelta(*zone)))

    def set(self, slot: Slot, offset: int, value: datetime.datetime) -> None:
        if not isinstance(value, datetime.datetime):
            raise TypeError(f"a datetime is expected, not {value!r}")
        zone = value.utcoffset()
        # In integers: timestamp() goes through a float, which rounds up in the far future.
        since = (value.replace(tzinfo=datetime.timezone.utc) if zone is None else value) - _EPOCH
        seconds = since.days * 86400 + since.seconds
        if seconds < 0:
            raise OverflowError("a moment before 1970 cannot be stored")
        offsets = (0, 0, 0) if zone is None else (zone.days, zone.seconds, zone.microseconds)
        slot.write(offset, self._FORMAT.pack(seconds, since.microseconds, zone is not None, *offsets))

    def __repr__(self) -> str:
        return "datetime"
