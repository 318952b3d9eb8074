"""Members that fit a call: those whose offers, needs and profiles share its significant words.

BM25 (`engine.matching.bm25`) over the words of the members that the reader sees; nothing is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from proxeny.calls.models import Call
from proxeny.calls.queries.calls import get_call
from proxeny.calls.queries.fitting import count_members, read_members, read_organisations
from proxeny.directory.models import Organisation
from proxeny.directory.queries.matching import Entry
from proxeny.directory.quoting import about_text
from proxeny.engine.matching import Bm25, Vocabulary
from proxeny.folding import fold
from proxeny.kernel.tenancy import Reader

__all__ = ["MOST", "Fit", "Fitting", "find_fitting"]

#: So many are shown, each with so many words.
MOST, MOST_WORDS = 20, 6
#: A call's title and topics count as often as this, its text once.
_HEAD = 3
#: As many letters of the text are compared: its first page says what it is about.
_READ = 6000
#: A word found in more than this part of at least so many members says nothing of one.
_COMMON, _ENOUGH = 0.25, 20
#: Fewer common words are chance, unless one of them is in the call's title or topics.
_CHANCE = 4
#: Shorter words of the text say little; in title and topics they may be names.
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """A member that fits, and the words it shares with the call, the most telling first."""

    organisation: Organisation
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """The members that fit a call, best first, and the number of members considered."""

    call: Call
    found: tuple[Fit, ...]
    considered: int


def find_fitting(*, actor: Reader, call_id: int, most: int = MOST) -> Fitting:
    """Find members of the clusters around a call that fit it. Seven queries at most.

    Members of the call's cluster, of the actor's clusters and of those that share theirs with these;
    of each what the actor sees.

    Raises
    ------
    NotFound
        The actor does not see the call.

    Notes
    -----
    Linear in the words of the members: some tenths of a second for 1,500.
    """
    call = get_call(call_id)
    count = count_members(actor, call)
    if not count:
        return Fitting(call, (), 0)
    entries = read_members(actor, call, count=count, expression=_expression(call))
    ranked = _rank(call, entries)[:most]
    seen = read_organisations(one for one, _ in ranked)
    found = tuple(Fit(seen[one], words) for one, words in ranked if one in seen)
    return Fitting(call, found, len(entries))


def _head(call: Call) -> str:
    return "\n".join((call.title, *call.topics))


def _expression(call: Call) -> str:
    """Return a search for any of the words of the call's title and topics."""
    words = dict.fromkeys(word for word in fold(_head(call)).split() if len(word) > 3)
    # Folded words hold letters and digits only: nothing in them can be an operator.
    return " | ".join(f"'{word if len(word) < 6 else word[:-2]}':*" for word in words)


def _texts(entry: Entry) -> Iterable[tuple[str, str]]:
    """Return a member's texts, each with its language."""
    yield about_text(entry.summary, entry.sectors), entry.language
    for one in entry.texts:
        yield one.words, one.language


def _rank(call: Call, entries: Sequence[Entry]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the members that share significant words with the call, best first, with the words."""
    vocabulary = Vocabulary()
    spoken: list[dict[int, str]] = []
    documents: list[list[int]] = []
    for entry in entries:
        pairs = [pair for text, lang in _texts(entry) for pair in vocabulary.read_pairs(text, lang)]
        documents.append([term for term, _ in pairs])
        spoken.append(dict(reversed(pairs)))
    # Topics may name a thing in several languages: each is read as members' own words are.
    languages = {call.language, *(lang for entry in entries for _, lang in _texts(entry))}
    head = [term for one in sorted(languages) for term in vocabulary.read(_head(call), one)]
    head = list(dict.fromkeys(head))
    body = vocabulary.read_pairs(call.text[:_READ], call.language)
    asked = _HEAD * head + [term for term, word in body if len(word) >= _SHORTEST]
    index = Bm25(documents, len(vocabulary))
    query = [term for term in asked if _tells(index, term, len(entries))]
    scores, wanted, first = index.score(query), set(query), set(head)
    found = []
    for at in np.argsort(-scores, kind="stable").tolist():
        if scores[at] <= 0:
            break
        shared = wanted & spoken[at].keys()
        if len(shared) < _CHANCE and not shared & first:
            continue
        best = sorted(shared, key=lambda term: (term not in first, -index.idf[term], term))
        # One word may have been read in two languages.
        words = dict.fromkeys(spoken[at][term].lower() for term in best)
        found.append((entries[at].id, tuple(words)[:MOST_WORDS]))
    return found


def _tells(index: Bm25, term: int, count: int) -> bool:
    return bool(count < _ENOUGH or index.in_documents[term] <= _COMMON * count)
