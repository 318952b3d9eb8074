"""The contact sheet: every page with its variants side by side."""

import html
from pathlib import Path

from tests.e2e.pages_look import PICTURES

VARIANTS = {
    "desk-light": "Desk, light",
    "desk-dark": "Desk, dark",
    "phone-light": "Phone, light",
    "phone-dark": "Phone, dark",
    "ar-desk-dark": "Arabic, desk, dark",
    "ar-phone-light": "Arabic, phone, light",
    "print": "On paper",
}
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d2629; background: #faf8f4; }
section { margin-block: 3rem; } h2 { font-size: 1.1rem; }
div { display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }
figure { margin: 0; flex: none; } figcaption { font-size: .85rem; color: #566064; }
img { block-size: 24rem; inline-size: auto; max-inline-size: 44rem; object-fit: cover; object-position: top;
  border: 1px solid #e5dfd3; background: #fff; }
"""


def _figure(path: Path, text: str) -> str:
    name = html.escape(path.name)
    return (
        f'<figure><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>'
        f"<figcaption>{html.escape(text)}</figcaption></figure>"
    )


def write() -> None:
    """Write the sheet of all pictures that are there; another process may write it too."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(PICTURES.glob("*.jpg")):
        variant = next(
            (
                one
                for one in sorted(VARIANTS, key=len, reverse=True)
                if path.stem.endswith(f"-{one}")
            ),
            "",
        )
        if variant:
            found.setdefault(path.stem.removesuffix(f"-{variant}"), {})[variant] = path
    parts = [
        f'<section><h2 id="{name}">{html.escape(name)}</h2><div>'
        + "".join(_figure(shown[one], VARIANTS[one]) for one in VARIANTS if one in shown)
        + "</div></section>"
        for name, shown in found.items()
    ]
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pages of Proxeny</title>'
        f"<style>{_STYLE}</style></head><body><h1>{len(found)} pages</h1>{''.join(parts)}</body></html>"
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    draft = PICTURES / f"index.{id(found)}.part"
    draft.write_text(page, encoding="utf-8")
    draft.replace(PICTURES / "index.html")
