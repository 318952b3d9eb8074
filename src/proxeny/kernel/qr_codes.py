"""QR codes that lead to an address."""

from functools import lru_cache
from io import BytesIO

import segno


@lru_cache(maxsize=256)
def draw_code(url: str) -> bytes:
    """Return an SVG file with the code of an address, on a white ground with a quiet zone."""
    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=8, border=4, light="#fff")
    return drawn.getvalue()
