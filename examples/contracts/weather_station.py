# v0.2.16
# { "Depends": "py-genlayer:1jb45aa8ynh2a9c9xn3b7qqh8sm5q93hwfp7jqmwsfhh8jpz09h6" }
"""The other storage types: fixed arrays, floats, bytes, moments, numbers with a sign, records made for any type."""
import datetime
import typing

from genlayer import *

T = typing.TypeVar("T")


@allow_storage
class Extremes(typing.Generic[T]):
    """The lowest and the highest of anything that can be compared."""

    seen: bool
    low: T
    high: T

    def note(self, value: T) -> None:
        self.low = min(self.low, value) if self.seen else value
        self.high = max(self.high, value) if self.seen else value
        self.seen = True


class WeatherStation(gl.Contract):
    hours: Array[i16, typing.Literal[24]]
    last: datetime.datetime
    mean: float
    readings: u32
    signature: bytes
    temperature: Extremes[i16]
    moment: Extremes[datetime.datetime]
    raw: DynArray[bytes]

    def __init__(self, signature: bytes):
        self.signature = signature

    @gl.public.write
    def report(self, moment: str, tenths: int, raw: bytes) -> None:
        when = datetime.datetime.fromisoformat(moment)
        self.hours[when.hour] = i16(tenths)
        self.last = when
        self.mean = (self.mean * self.readings + tenths) / (self.readings + 1)
        self.readings += 1
        self.temperature.note(tenths)
        self.moment.note(when)
        self.raw.append(raw)
        if len(self.raw) > 3:
            del self.raw[0]

    @gl.public.view
    def summary(self) -> dict[str, typing.Any]:
        return {
            "hours": self.hours,
            "last": self.last.isoformat(),
            # There are no floats in calldata.
            "mean": f"{self.mean:.2f}",
            "low": self.temperature.low,
            "high": self.temperature.high,
            "span": int((self.moment.high - self.moment.low).total_seconds()),
            "raw": self.raw,
            "signature": self.signature,
        }
