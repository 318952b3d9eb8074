"""Shares of a sum as one bar: where each part begins, and how wide it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

#: A part narrower than this holds no figure.
WIDE = 0.07


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: `x`, `width` and `middle` in hundredths of it, from the left."""

    code: str
    label: Any
    amount: Decimal
    share: float
    x: str
    width: str
    middle: str

    @property
    def is_wide(self) -> bool:
        """Whether its figure fits into it."""
        return self.share >= WIDE

    @property
    def percent(self) -> float:
        """Its share in hundredths."""
        return 100 * self.share


def draw_bar(parts: Iterable[tuple[str, Any, Decimal]], *, is_rtl: bool) -> list[Piece]:
    """Return the parts of a bar in their order, from the reader's side on; none without a sum.

    Parameters
    ----------
    parts : iterable of (code, label, amount)
        Those of nothing are left out.
    """
    found = [one for one in parts if one[2]]
    total = sum((amount for _code, _label, amount in found), Decimal(0))
    pieces, start = [], 0.0
    for code, label, amount in found:
        share = float(amount / total)
        left = 1 - start - share if is_rtl else start
        pieces.append(
            Piece(
                code,
                label,
                amount,
                share,
                _percent(left),
                _percent(share),
                _percent(left + share / 2),
            )
        )
        start += share
    return pieces


def _percent(part: float) -> str:
    return f"{100 * max(part, 0.0):.3f}%"
