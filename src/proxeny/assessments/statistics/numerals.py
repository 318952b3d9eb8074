"""Numbers as people write them: with a comma or a point for decimals, and signs between thousands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from proxeny.assessments.statistics.periods import DIGITS

#: What stands where nothing was observed.
_NOTHING = {
    "",
    ":",
    "-",
    "–",
    "—",
    ".",
    "..",
    "...",
    "…",
    "n/a",
    "na",
    "n.a.",
    "nan",
    "null",
    "x",
    "c",
}
#: Between thousands; the comma and the point are looked at by themselves.
_BETWEEN = re.compile(r"[\s'’_٬]")
#: A letter or two behind a value is a remark: provisional, estimated.
_REMARK = re.compile(r"(?<=\d)\s+[a-z]{1,3}$")
_THREES = {sign: re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+") for sign in ",."}
_PLAIN = re.compile(r"[+-]?\d+\.\d+e[+-]?\d{1,2}", re.ASCII)
_MOST_LETTERS = 40


def is_nothing(text: str) -> bool:
    """Whether a cell says that nothing was observed."""
    return text.strip().lower() in _NOTHING


def _bare(text: str) -> str:
    """Return a number’s digits and signs alone."""
    text = _REMARK.sub("", text.strip().translate(DIGITS)).replace("−", "-").replace("٫", ",")
    return _BETWEEN.sub("", text.removesuffix("%"))


def _proof(text: str) -> str:
    """Return the only possible decimal sign of a number; empty if both are possible."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    sign = "," if comma >= 0 else "." if point >= 0 else ""
    if not sign:
        return ""
    if _THREES[sign].fullmatch(text):
        # Several of them part thousands; a single one may be either.
        return ("." if sign == "," else ",") if text.count(sign) > 1 else ""
    return sign


@dataclass(frozen=True, slots=True)
class Numerals:
    """The number format of one table: decimal comma or decimal point."""

    comma: bool

    @classmethod
    def of(cls, texts: Iterable[str], *, decimal: str, separator: str) -> "Numerals":
        """Work out how numbers are written: as said, as most can only be read, as their cells part.

        A program that writes a comma for decimals parts its cells with something else.
        """
        if decimal:
            return cls(decimal == ",")
        proofs = [_proof(_bare(text)) for text in texts]
        commas, points = proofs.count(","), proofs.count(".")
        return cls(commas > points if commas or points else separator == ";")

    def read(self, text: str) -> float | None:
        """Return a number, or None if the text is none as this table writes them."""
        bare = _bare(text)
        sign, other = (",", ".") if self.comma else (".", ",")
        bare, _e, power = bare.lower().partition("e")
        whole, _sign, rest = bare.partition(sign)
        if other in whole and not _THREES[other].fullmatch(whole):
            return None
        plain = f"{whole.replace(other, '')}.{rest or '0'}e{power or '0'}"
        if len(bare) > _MOST_LETTERS or not _PLAIN.fullmatch(plain):
            return None
        return float(plain)

    def objection(self, text: str) -> str:
        """Return the reason why a text is no number."""
        other = Numerals(not self.comma)
        if other.read(text) is not None:
            sentence = (
                _("“%(text)s” uses a decimal point; the others use a comma.")
                if self.comma
                else _("“%(text)s” uses a decimal comma; the others use a point.")
            )
            return sentence % {"text": text[:40]}
        return _("“%(text)s” isn’t a number. Leave the cell empty if there’s no value.") % {
            "text": text[:40]
        }
