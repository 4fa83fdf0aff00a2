# SPDX-License-Identifier: MIT
"""Medians, spreads and verdicts."""
import statistics
from dataclasses import dataclass, field


def median(values):
    """The middle one; 0 of nothing."""
    return statistics.median(values) if values else 0.0


def spread(values):
    """(largest − smallest) / median: how noisy the rounds were."""
    middle = median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


@dataclass
class Series:
    """One measured thing, over the rounds."""

    name: str
    runs: list = field(default_factory=list)  # one dict per round

    def values(self, key):
        """The figure `key` of every round."""
        return [run[key] for run in self.runs]

    def median(self, key):
        """Median of `key` over the rounds."""
        return median(self.values(key))

    def spread(self, key="per_second"):
        """Spread of `key` over the rounds."""
        return spread(self.values(key))


def ratios(above, below, key="per_second"):
    """Round by round, because only neighbours in time are comparable on a shared machine."""
    return [a[key] / b[key] for a, b in zip(above.runs, below.runs) if b[key]]


@dataclass
class Target:
    """A bound and what was measured against it."""

    name: str
    measured: float
    bound: float
    at_least: bool = True
    unit: str = ""
    note: str = ""

    @property
    def met(self):
        """Whether the bound holds."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def line(self):
        """One line for the terminal."""
        sign = "≥" if self.at_least else "≤"
        verdict = "ok  " if self.met else "FAIL"
        tail = f"  ({self.note})" if self.note else ""
        return f"{verdict} {self.name}: {self.measured:.4g}{self.unit}, target {sign} {self.bound:g}{self.unit}{tail}"

    def row(self):
        """One row of the Markdown table."""
        sign = "≥" if self.at_least else "≤"
        return [self.name, f"{sign} {self.bound:g}{self.unit}", f"{self.measured:.4g}{self.unit}",
                "met" if self.met else "**missed**", self.note]
