"""Quotations stored as positions in a text, so that they disappear together with the text.

The number of the text, a digest of it and the positions are stored. To read a quotation one needs
the current text; in a changed, withdrawn or hidden text the positions differ or do not exist.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: The number of what an organisation says of itself; offers and needs have their own above it, and
#: what a participant looks for at an event below it.
ABOUT = 0


def digest_of(text: str) -> str:
    """Return a digest that changes whenever the text changes."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def about_text(summary: str, sectors: Iterable[str]) -> str:
    """Return an organisation's description, as matching reads it."""
    return "\n".join(part for part in (summary, *sectors) if part)


def listing_text(parts: Iterable[str], *lists: Iterable[str]) -> str:
    """Return an offer or need as matching reads it: its texts, then its words for markets and so on."""
    return "\n".join(part for part in (*parts, *(one for each in lists for one in each)) if part)


@dataclass(frozen=True, slots=True)
class Said:
    """A text that a reason may quote: an offer, a need, or a participant's goal at an event."""

    pk: int
    title: str
    text: str = ""
    is_open: bool = False
    countries: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """An organisation's current texts, as far as the reader sees them."""

    about: str = ""
    codes: frozenset[str] = frozenset()
    country: str = ""
    place: str = ""
    texts: Mapping[int, Said] = field(default_factory=dict)

    def quotable(self, digests: Mapping[str, str]) -> dict[int, str]:
        """Return the texts that are unchanged since their digests were stored."""
        found = {}
        for name, digest in digests.items():
            pk = int(name)
            said = self.texts.get(pk)
            text = self.about if pk == ABOUT else said.text if said else ""
            if text and digest_of(text) == digest:
                found[pk] = text
        return found

    def works_in(self, code: str) -> bool:
        """Whether a sector is one of the organisation's, or a field that one of them lies in."""
        return any(one == code or one.startswith((f"{code}.", f"{code}/")) for one in self.codes)
