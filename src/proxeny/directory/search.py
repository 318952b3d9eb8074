"""Translation of typed words into a database query.

A word is sought in all its forms: the database stems the words of an entry when it is written
(`proxeny_lexemes`), and those typed. A stem is prefixed with `~`; names and titles are repeated
with the prefix `^`, fields and the titles of offers and needs with `=`. The last word is also
sought as a prefix. All words must occur.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

#: More words than these narrow nothing.
MOST_WORDS = 12
LONGEST_WORD = 64
#: A beginning of fewer letters is that of too many words to be one.
SHORTEST_BEGINNING = 3
#: From so many letters on a word may be typed wrong; with so many, in two places.
SHORTEST_MENDED, TWO_WRONG = 4, 8
# Where a hit counts most: in the name, then in fields and titles, then anywhere.
_SIGNS = ("^", "=", "")
# Words that say nothing, of the languages for which the database has no such list; folded.
_FILLERS = (
    "και το τα του των τησ την τον τισ τουσ στο στη στην στον στισ στουσ στα απο για με σε που η ο οι "
    "ενα μια ειναι في من على عن الي الى مع هذا هذه او ان و ما لا التي الذي"
)
FILLERS = frozenset(_FILLERS.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word, folded, with its stems.

    `is_filler` says that it says nothing, `is_begun` that more letters may follow, `is_wrong` that
    nothing is found by it; words of `meant` do as well.
    """

    text: str
    stems: tuple[str, ...] = ()
    is_filler: bool = False
    is_begun: bool = False
    is_wrong: bool = False
    meant: tuple["Word", ...] = ()

    def expression(self, sign: str) -> str:
        """Return the part of a `tsquery` that finds the word where `sign` says."""
        return f"({' | '.join(dict.fromkeys(self._forms(sign)))})"

    def roots(self) -> Iterator[str]:
        """Yield the beginnings of the forms that are found by it."""
        if not self.is_wrong:
            yield min((one.removeprefix("~") for one in self.stems), key=len, default=self.text)
        for word in self.meant:
            yield from word.roots()

    def _forms(self, sign: str) -> Iterator[str]:
        # Any entry with the word has its stems.
        yield from [f"'{sign}{stem}'" for stem in self.stems] or [f"'{sign}{self.text}'"]
        if self.is_begun:
            yield f"'{sign}{self.text}':*"
        for word in self.meant:
            yield from word._forms(sign)


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words: none at all, or words that all must occur."""

    words: tuple[Word, ...] = ()

    @property
    def expression(self) -> str | None:
        """The `tsquery` that finds all; None asks for whatever words."""
        return self._expression("") if self.words else None

    @property
    def ranks(self) -> list[str]:
        """The `tsquery` of each rank, the best first; the last one finds all."""
        return [self._expression(sign) for sign in _SIGNS] if self.words else []

    @property
    def name(self) -> str:
        """The words as a name is sorted."""
        return " ".join(word.text for word in self.words)

    @property
    def roots(self) -> frozenset[str]:
        """The beginnings of matching words: the stems of all words sought, or the words."""
        return frozenset(root for word in self.words for root in word.roots())

    @property
    def mended(self) -> list[Word]:
        """The words for which others are sought."""
        return [word for word in self.words if word.meant and word.is_wrong]

    def instead(self, meant: dict[str, tuple[Word, ...]]) -> "Question":
        """Return the question with other words for some."""
        return Question(
            tuple(
                replace(one, meant=meant[one.text], is_wrong=True) if one.text in meant else one
                for one in self.words
            )
        )

    def _expression(self, sign: str) -> str:
        return " & ".join(word.expression(sign) for word in self.words)


#: Whatever the words.
NOTHING = Question()


def drop_fillers(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the words that say something; all where none does."""
    found = tuple(words)
    telling = tuple(word for word in found if not word.is_filler)
    return telling or found
