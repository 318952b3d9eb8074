"""Text of a cell before parsing: without invisible characters, and of limited length."""

import re
import unicodedata

from django.utils.translation import gettext as _

_CONTROL = {code: None for code in range(32) if code not in (9, 10)} | dict.fromkeys(
    range(127, 160)
)
# Marks of direction, joiners, soft hyphens: copied along with a text, they make two of one name.
# Within a word the two joiners of Arabic and Indic scripts are part of how it is written.
_JOINERS = "\u200c\u200d"
_UNSEEN = dict.fromkeys(
    (
        173,
        847,
        1564,
        4447,
        4448,
        6158,
        8203,
        8206,
        8207,
        8288,
        65279,
        *range(8234, 8239),
        *range(8289, 8304),
        *range(65529, 65532),
        *range(917504, 917632),
        *range(55296, 57344),
    )
)
_SENTENCE_END = re.compile(r"([.!?…;؟۔·][\"'”’»)]?)(?=\s|$)")
_FORMULA = re.compile(r"\s*(?:=\s*[\w(@+\-\"'\[{]|[+\-@][^|]*\|[^!]*!)")


def clean(text: str) -> str:
    """Return a cell's text without invisible characters, outer blanks, and the apostrophe that an
    export puts before a sign that spreadsheets would execute."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u0085", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_UNSEEN).strip(_JOINERS)
        text = text.replace("\u00a0", " ").replace("\u202f", " ")
    text = text.translate(_CONTROL).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" and len(text) > 1 else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would compute the cell: it holds no value to read."""
    return text.lstrip()[:1] in "=+-@" and _FORMULA.match(text) is not None


def line_of(text: str) -> str:
    """Return a text as one line with single blanks."""
    return " ".join(text.split())


class TooLong(ValueError):
    """A text that is longer than its field, with the length that fits."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(
            _("This text has %(length)s characters; the limit is %(limit)s. Shorten it.")
            % {"length": len(text), "limit": limit}
        )
        self.limit = limit


def fitting(text: str, limit: int) -> str:
    """Return a text that is not longer than its field; `TooLong` with both lengths."""
    if len(text) > limit:
        raise TooLong(text, limit)
    return text


def shorten(text: str, limit: int) -> str:
    """Return the beginning of a text, up to the last sentence that fits.

    Where the second half of what fits ends no sentence, up to the last whole word, with an
    ellipsis.
    """
    begun = text[:limit]
    ends = [
        found.end(1) for found in _SENTENCE_END.finditer(text[: limit + 1]) if found.end(1) <= limit
    ]
    if ends and ends[-1] * 2 >= limit:
        return begun[: ends[-1]]
    words = text[: limit - 1].rsplit(maxsplit=1)[0] if " " in begun else text[: limit - 1]
    return f"{words.rstrip()}…"


def fold_digits(text: str) -> str:
    """Return text with digits of any script as 0–9."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
