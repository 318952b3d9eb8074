"""Draws the plan of the house from the import contracts: `.venv/bin/python docs/site/house.py`.

Writes docs/architecture/house.svg from `pyproject.toml` (what may import what) and the list in
docs/architecture/house.md (what each part is for). A test fails while the picture is an old one.
"""

import re
import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "architecture" / "house.svg"

WIDTH, MARGIN, BETWEEN = 880, 20, 8
LEFT, RIGHT = 560, 250
ROW = 36
# Letters that fit beside a name.
FITTING = 68
STYLE = """
text { font: 13px "Noto Sans", system-ui, sans-serif; fill: #1d2629 }
.paper { fill: #faf8f4 } .box { fill: #fff; stroke: #e5dfd3 }
.one { fill: #f3f0e9; stroke: #e5dfd3 } .below { fill: #eaedf6; stroke: #c6cde0 }
.name { font-weight: 600 } .soft { fill: #566064; font-size: 12px }
.head { font-weight: 600; font-size: 15px }
@media (prefers-color-scheme: dark) {
  text { fill: #ece9e2 } .paper { fill: #11181a } .box { fill: #182123; stroke: #2e3b3e }
  .one { fill: #1e292b; stroke: #2e3b3e } .below { fill: #242c44; stroke: #3f4c75 }
  .soft { fill: #a9b4b6 }
}
"""


def read_layers(name: str) -> list[list[str]]:
    """Return the layers of a contract from top to bottom, each with the parts side by side."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["name"] == name)
    return [
        [part.strip(" ()").removeprefix("proxeny.") for part in layer.split("|")]
        for layer in contract["layers"]
    ]


def read_purposes() -> dict[str, str]:
    """Return what docs/architecture/house.md says that each part is for."""
    page = (ROOT / "docs/architecture/house.md").read_text(encoding="utf-8")
    lines = re.findall(r"^  (\w+)(?:/|\.py) +(.+)$", page, re.M)
    return {name: purpose.replace("`", "") for name, purpose in lines}


def _box(x: float, y: float, width: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{ROW}" rx="8"'
        f' stroke-width="1"/>'
    )


def _text(x: float, y: float, text: str, kind: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{anchor}>{escape(text)}</text>'


def _row(parts: list[str], x: float, y: float, width: float, kind: str) -> list[str]:
    """Draw parts side by side, each name in the middle of its box."""
    one = (width - BETWEEN * (len(parts) - 1)) / len(parts)
    drawn = []
    for place, part in enumerate(parts):
        left = x + place * (one + BETWEEN)
        drawn.append(_box(left, y, one, kind))
        drawn.append(_text(left + one / 2, y + 23, part, "name", middle=True))
    return drawn


def _kind(part: str, under: bool) -> str:
    if part in {"engine", "folding"}:
        return "below"
    return "one" if under else "box"


def draw_house() -> str:
    """Return the plan: the layers of the house, and those inside one capability."""
    purposes = read_purposes()
    drawn: list[str] = []
    y = MARGIN + 34
    under = False
    for layer in read_layers("Layers of the house"):
        under = under or layer == ["insight"]
        if len(layer) == 1:
            (part,) = layer
            drawn.append(_box(MARGIN, y, LEFT, _kind(part, under and part != "kernel")))
            drawn.append(_text(MARGIN + 14, y + 23, part, "name"))
            drawn.append(_text(MARGIN + 118, y + 23, _short(purposes.get(part, "")), "soft"))
            y += ROW + BETWEEN
            continue
        for begin in range(0, len(layer), 4):
            drawn += _row(layer[begin : begin + 4], MARGIN, y, LEFT, "one")
            y += ROW + BETWEEN
    height = y + MARGIN - BETWEEN
    inside, inner_y = _draw_inside(MARGIN + LEFT + 30, MARGIN + 34)
    notes_y = inner_y + 26
    notes = (
        "Each part imports only what",
        "lies below it; what stands side",
        "by side knows nothing of each",
        "other. import-linter holds it.",
    )
    for place, note in enumerate(notes):
        inside.append(_text(MARGIN + LEFT + 30, notes_y + 20 * place, note, "soft"))
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    label = "The parts of Proxeny from top to bottom, and those inside a capability"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height:g}" rx="10"/>',
            _text(MARGIN, MARGIN + 16, "The house", "head"),
            *drawn,
            *inside,
            "</svg>\n",
        ]
    )


def _draw_inside(x: float, y: float) -> tuple[list[str], float]:
    drawn = [_text(x, y - 18, "Inside a capability", "head")]
    for layer in read_layers("Layers inside a capability"):
        for begin in range(0, len(layer), 3):
            drawn += _row(layer[begin : begin + 3], x, y, RIGHT, "one")
            y += ROW + BETWEEN
    return drawn, y


def _short(purpose: str) -> str:
    """Return what fits beside a name: without what is told after a colon, then without parts."""
    for end in (": ", "; ", ", "):
        while len(purpose) > FITTING and end in purpose:
            purpose = purpose.rpartition(end)[0]
    return purpose


if __name__ == "__main__":
    PICTURE.write_text(draw_house(), encoding="utf-8")
