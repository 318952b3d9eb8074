"""The texts of a scheme one by one, with translations. Nothing here queries the database."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from proxeny.labels.composing import TEXTS, Parts, codes, text_key
from proxeny.labels.models import Indicator, Scheme

#: A label keeps its name where nobody translates it.
BY_CHOICE = frozenset({"title"})


@dataclass(frozen=True, slots=True)
class Worded:
    """A text as it is written, and as it reads in another language.

    Attributes
    ----------
    key : str
        `title` of the scheme, `i12.guide` of a part.
    label : str
        What the text is: such as "What the points mean".
    source, hash : str
        The text as it is written, and its fingerprint.
    text, of_hash : str
        The translation, and the fingerprint of what was translated; empty if there is none.
    most : int
        So many signs it may have.
    is_long : bool
        Whether it has several lines.
    """

    key: str
    label: str
    source: str
    hash: str
    text: str
    of_hash: str
    most: int
    is_long: bool

    @property
    def is_missing(self) -> bool:
        """Whether it is not translated, and has to be."""
        return not self.text and self.key not in BY_CHOICE

    @property
    def is_changed(self) -> bool:
        """Whether the source has changed since it was translated."""
        return bool(self.text) and self.of_hash != self.hash

    @property
    def was(self) -> str:
        """The fingerprint of the translation; empty if there is none."""
        return hash_of(self.text) if self.text else ""


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of the scheme itself, or of one part of it; `key` is empty for the scheme."""

    key: str
    title: str
    texts: tuple[Worded, ...]
    is_indented: bool = False


def hash_of(text: str) -> str:
    """Return the fingerprint of a text, for detecting changes."""
    return hashlib.sha256(text.encode()).hexdigest()


def group_texts(parts: Parts, language: str) -> list[Group]:
    """Return the texts of a scheme that are not empty, in the order of its page."""
    found = {(one.key, one.language): one for one in parts.wordings}
    groups = []
    for row in parts.rows():
        texts = tuple(_worded(row, name, found, language) for name in _written(row))
        if texts:
            title = "" if isinstance(row, Scheme) else str(row)
            key = "" if isinstance(row, Scheme) else text_key(row, "").rstrip(".")
            groups.append(Group(key, title, texts, isinstance(row, Indicator)))
    return groups


def _written(row: models.Model) -> Iterator[str]:
    return (name for name in TEXTS[type(row)] if getattr(row, name))


def _worded(row: models.Model, name: str, found: Any, language: str) -> Worded:
    column: Any = row._meta.get_field(name)
    source, kept = str(getattr(row, name)), found.get((text_key(row, name), language))
    return Worded(
        text_key(row, name),
        capfirst(str(column.verbose_name)),
        source,
        hash_of(source),
        kept.text if kept else "",
        kept.of_hash if kept else "",
        # A text grows when it is translated.
        min(2 * column.max_length, 6000),
        isinstance(column, models.TextField),
    )


def texts_of(parts: Parts, language: str) -> dict[str, Worded]:
    """Return the texts of a scheme by their keys."""
    return {one.key: one for group in group_texts(parts, language) for one in group.texts}


def languages_to(scheme: Scheme) -> list[str]:
    """Return the languages that a scheme is translated into."""
    return [one for one in codes(scheme.languages) if one != scheme.language]
