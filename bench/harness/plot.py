# SPDX-License-Identifier: MIT
"""Line charts as SVG text: axes, ticks, lines, a legend, nothing to install."""
import math
from dataclasses import dataclass

COLOURS = ("#0b6e99", "#c4501b", "#4b7f2b", "#7a4b9a")
WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 78, 20, 40, 48


@dataclass
class Line:
    """One named line of (x, y) points."""

    name: str
    points: list


@dataclass
class Chart:
    """One panel."""

    title: str
    x_name: str
    y_name: str
    lines: list
    log_x: bool = False
    log_y: bool = False
    bound: float = None  # a horizontal dashed line


def _number(value):
    if value >= 1000:
        return f"{value / 1000:g}k"
    return f"{value:g}"


def _ticks(low, high, log):
    if log:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        ticks = [m * 10**e for e in range(first, last + 1) for m in (1, 2, 5)]
        return [t for t in ticks if low * 0.999 <= t <= high * 1.001]
    step = 10 ** math.floor(math.log10(max(high - low, 1e-9)))
    while (high - low) / step < 4:
        step /= 2
    count = int((high - low) / step + 1e-9)
    return [low + i * step for i in range(count + 1)]


class _Scale:
    def __init__(self, low, high, start, end, log):
        self.log = log
        self.low, self.high = low, high
        self.start, self.end = start, end

    def __call__(self, value):
        if self.log:
            share = (math.log(max(value, self.low)) - math.log(self.low)) / (math.log(self.high) - math.log(self.low) or 1)
        else:
            share = (value - self.low) / ((self.high - self.low) or 1)
        return self.start + share * (self.end - self.start)


def _panel(chart, offset):
    xs = [x for line in chart.lines for x, _ in line.points]
    ys = [y for line in chart.lines for _, y in line.points] + ([chart.bound] if chart.bound else [])
    positive = [y for y in ys if y > 0] or [1]
    y_low = min(positive) * 0.9 if chart.log_y else 0
    x = _Scale(min(xs), max(xs), LEFT, WIDTH - RIGHT, chart.log_x)
    y = _Scale(y_low, max(positive) * 1.08, offset + HEIGHT - BOTTOM, offset + TOP, chart.log_y)
    out = [f'<text x="{LEFT}" y="{offset + 22}" font-weight="bold">{chart.title}</text>']
    for tick in _ticks(x.low, x.high, chart.log_x):
        out.append(f'<text x="{x(tick):.1f}" y="{offset + HEIGHT - BOTTOM + 18}" text-anchor="middle">{_number(tick)}</text>')
    for tick in _ticks(y.low, y.high, chart.log_y):
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{_number(tick)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2:.0f}" y="{offset + HEIGHT - 10}" text-anchor="middle">{chart.x_name}</text>')
    middle = offset + HEIGHT / 2
    out.append(f'<text x="16" y="{middle:.0f}" text-anchor="middle" transform="rotate(-90 16 {middle:.0f})">{chart.y_name}</text>')
    if chart.bound:
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(chart.bound):.1f}" y2="{y(chart.bound):.1f}" '
                   f'stroke="#b00" stroke-dasharray="6 4"/>')
    for index, line in enumerate(chart.lines):
        colour = COLOURS[index % len(COLOURS)]
        path = " ".join(f"{x(px):.1f},{y(py):.1f}" for px, py in line.points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(line.points) <= 40:
            out += [f'<circle cx="{x(px):.1f}" cy="{y(py):.1f}" r="3" fill="{colour}"/>' for px, py in line.points]
        out.append(f'<text x="{WIDTH - RIGHT}" y="{offset + 14 + 14 * index}" text-anchor="end" fill="{colour}">{line.name}</text>')
    return out


def svg(charts):
    """The charts under each other, as one SVG document."""
    height = HEIGHT * len(charts)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
           f'font-family="sans-serif" font-size="12">', f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>']
    for index, chart in enumerate(charts):
        out += _panel(chart, index * HEIGHT)
    return "\n".join(out + ["</svg>"]) + "\n"
