"""Both versions of a record, as a page shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from proxeny.kernel.edit_conflicts.text_diff import Piece, compare_words, is_shortened


@dataclass(frozen=True, slots=True)
class Author:
    """The author and time of a saved value; `is_self` if the reader saved it in another window."""

    name: str
    at: datetime
    is_self: bool = False


#: Returns the author of a saved value: the part's name and the saved value.
FindAuthor = Callable[[str, Any], Author | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that both changed.

    Attributes
    ----------
    name, label : str
        The part's name in the form, and its label on the page.
    saved, typed : str
        Both versions in readable form.
    author : Author or None
        Author of the saved version, if the audit trail records it and the reader may see it.
    is_taken : bool
        Whether the reader has chosen the saved version.
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
        """Whether the typed version is kept, which is so until another is chosen."""
        return not self.is_taken

    @property
    def is_shortened(self) -> bool:
        """Whether equal text was left out of the comparison."""
        return is_shortened(self.saved_pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The writer's open decisions: fields that both changed, and changes that saving would undo.

    `taken` names the fields that only the other person changed: they already hold the other's
    value.
    """

    differences: Sequence[Difference] = ()
    taken: Sequence[Any] = ()
    objections: Sequence[str] = field(default_factory=list)

    @property
    def has_choices(self) -> bool:
        """Whether there is more than one field to decide on."""
        return len(self.differences) > 1
