"""Both versions of a record, as a page shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from proxeny.kernel.versions.words import Piece, compare_words, is_shortened


@dataclass(frozen=True, slots=True)
class Author:
    """Who saved, and when; `is_self` where that was the reader, in another window."""

    name: str
    at: datetime
    is_self: bool = False


#: Returns who saved a value: the part's name and the value as it is saved.
FindAuthor = Callable[[str, Any], Author | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that both changed.

    Attributes
    ----------
    name, label : str
        The part's name in the form, and what the page calls it.
    saved, typed : str
        Both versions as a person reads them.
    author : Author or None
        Who saved, where the audit trail says so and the reader may see it.
    is_taken : bool
        Whether the reader has chosen what is saved.
    """

    name: str
    label: Any
    saved: str
    typed: str
    author: Author | None = None
    is_taken: bool = False
    saved_pieces: Sequence[Piece] = ()
    typed_pieces: Sequence[Piece] = ()

    @classmethod
    def between(cls, name: str, label: Any, saved: str, typed: str, **more: Any) -> "Difference":
        """Return a difference with both texts cut by words."""
        one, other = compare_words(saved, typed)
        return cls(name, label, saved, typed, saved_pieces=one, typed_pieces=other, **more)

    @property
    def is_mine(self) -> bool:
        """Whether what was typed stands, as long as nothing else is chosen."""
        return not self.is_taken

    @property
    def is_shortened(self) -> bool:
        """Whether equal text was left out of the comparison."""
        return is_shortened(self.saved_pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the writer has to decide: fields that both changed, and what saving would undo.

    `taken` names the fields that only the other changed: they hold the other's value already.
    """

    differences: Sequence[Difference] = ()
    taken: Sequence[Any] = ()
    objections: Sequence[str] = field(default_factory=list)

    @property
    def has_choices(self) -> bool:
        """Whether there is more than one field to decide on."""
        return len(self.differences) > 1
