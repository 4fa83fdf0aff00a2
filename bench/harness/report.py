# SPDX-License-Identifier: MIT
"""Markdown. Each command owns one section of docs/bench.md; the prose around the sections is written by hand."""
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def table(head, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def number(value):
    """Three significant digits, thousands apart."""
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


class Report:
    """Collects the text of one section."""

    def __init__(self, name):
        self.name = name
        self.parts = []
        self.targets = []
        self.pictures = {}

    def heading(self, text):
        """A third-level heading."""
        self.parts.append(f"### {text}")

    def text(self, text):
        """A paragraph, shown on the terminal, too."""
        self.parts.append(text)

    def table(self, head, rows):
        """A table."""
        self.parts.append(table(head, rows))

    def picture(self, name, svg, caption):
        """An SVG beside the page."""
        self.pictures[name] = svg
        self.parts.append(f"![{caption}]({name})")

    def target(self, target):
        """A verdict; printed as soon as it is known."""
        self.targets.append(target)
        print("  " + target.line(), flush=True)

    def failed(self):
        """The targets that were missed."""
        return [t for t in self.targets if not t.met]

    def markdown(self):
        """The section."""
        verdicts = table(["target", "bound", "measured", "", "note"], [t.row() for t in self.targets])
        return "\n\n".join([verdicts, *self.parts])

    def write(self, folder):
        """<folder>/<name>.md and the pictures."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.md").write_text(self.markdown() + "\n", encoding="utf-8")
        for name, svg in self.pictures.items():
            (folder / name).write_text(svg, encoding="utf-8")
        return folder / f"{self.name}.md"

    def record(self, page=ROOT / "docs" / "bench.md"):
        """Replaces this section of the committed page."""
        text = page.read_text(encoding="utf-8")
        begin, end = f"<!-- begin {self.name} -->", f"<!-- end {self.name} -->"
        head, rest = text.split(begin, 1)
        tail = rest.split(end, 1)[1]
        page.write_text(f"{head}{begin}\n{self.markdown()}\n{end}{tail}", encoding="utf-8")
        for name, svg in self.pictures.items():
            (page.parent / name).write_text(svg, encoding="utf-8")
