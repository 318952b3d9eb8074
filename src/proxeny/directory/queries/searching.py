"""Search of the directory: hits, counts and places at once, within the reader's rights.

The functions of `directory.models.search` do the work; the reason is given there. Totals are exact
up to `EXACT` hits. Beyond, a part of all entries represents the whole: every entry has a number
from 0 to 511 by its id, so that those with one number are a fair sample, and the total is shown as
"about".
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from rapidfuzz.distance import OSA

from proxeny.directory.queries.areas import Area, regions_within
from proxeny.directory.search import (
    FILLERS,
    LONGEST_WORD,
    MOST_WORDS,
    NOTHING,
    SHORTEST_BEGINNING,
    SHORTEST_MENDED,
    TWO_WRONG,
    Question,
    Word,
    drop_fillers,
)
from proxeny.folding import fold
from proxeny.kernel.tenancy import as_service

#: Up to so many hits are counted and sorted one by one.
EXACT = 10_000
#: Up to so many, the numbers beside the filters are exact too.
EXACT_MARKS = 3_000
#: So many of the best hits are put in order where there are more than `EXACT`.
RANKED = 1_000
#: A part of all entries, by the mark that its entries have; one of them is as good as another.
_PARTS = {512: "#7", 64: "##7", 8: "###7"}
# Where a part holds so many times too many, there are surely more than `EXACT`.
_SURE = {512: 2.0, 64: 1.3}
#: So many entries of a part say enough of the whole.
_ENOUGH = 300
#: Beginnings that occur more often are completed to so many of their commonest words.
_RARE, _COMPLETED = 20_000, 10
#: So many other words are tried for one that nothing was found by.
_MEANT = 3

#: By filter, how its marks begin.
SIGNS = {
    "cluster": "of",
    "country": "country",
    "kind": "kind",
    "field": "field",
    "size": "size",
    "nace": "nace",
    "nuts": "nuts",
    "language": "speaks",
    "has": "has",
    "direction": "direction",
}

ORDERS = {
    "best": "rank NULLS LAST, sort_name, id",
    "name": "sort_name, id",
    "country": "country, sort_name, id",
    "city": "city, sort_name, id",
    "kind": "kind, sort_name, id",
    "changed": "changed, id",
}
ORDERS |= {
    f"-{name}": ", ".join(f"{column} DESC" for column in columns.split(", "))
    for name, columns in ORDERS.items()
    if name != "best"
}
#: Orders in which a list of any length can be read.
LONG_ORDERS = ("name", "-name", "changed", "-changed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: words, and by filter the mark that an entry must have.

    `scope` is `organisations` or `listings`.
    """

    scope: str
    question: Question = NOTHING
    marks: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    area: Area | None = None

    def without(self, name: str) -> "Asked":
        """Return the same without one filter."""
        return replace(self, marks={key: one for key, one in self.marks.items() if key != name})


@dataclass(frozen=True, slots=True)
class Found:
    """The number of hits, the ids of a page of them, and the number of hits by mark.

    `share` is the part of all entries that was counted: 1 counts all of them.
    """

    total: int
    is_exact: bool
    ids: list[int] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    share: int = 1

    def __bool__(self) -> bool:
        """Whether there are hits."""
        return self.total > 0


# --- words ---------------------------------------------------------------------------------------

_READ = """
SELECT word, proxeny_lexemes(ARRAY[word]),
    ts_lexize('pg_catalog.english_stem', word) = '{}' OR ts_lexize('pg_catalog.french_stem', word) = '{}'
FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place) ORDER BY place
"""
_COMPLETE = """
SELECT word, proxeny_lexemes(ARRAY[word]), sum(count) OVER ()
FROM directory_word WHERE word LIKE %s ORDER BY count DESC, word LIMIT %s
"""
_NEAR = """
SELECT word, count, proxeny_lexemes(ARRAY[word]) FROM directory_word
WHERE near && proxeny_near(%s) AND length(word) BETWEEN %s AND %s
"""


def read_question(typed: str) -> Question:
    """Return the typed text as a question; without words where there are none in it."""
    words = [word[:LONGEST_WORD] for word in fold(typed).split()[:MOST_WORDS]]
    if not words:
        return Question()
    with connection.cursor() as cursor:
        cursor.execute(_READ, [words])
        read = [
            Word(word, _stems(word, lexemes), is_filler=bool(is_filler) or word in FILLERS)
            for word, lexemes, is_filler in cursor.fetchall()
        ]
    # The last word may be incomplete.
    told = drop_fillers([*read[:-1], replace(read[-1], is_filler=False)])
    if len(told[-1].text) < SHORTEST_BEGINNING:
        return Question(drop_fillers(read))
    return Question((*told[:-1], _complete(told[-1])))


def _stems(word: str, lexemes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(one for one in lexemes if one != word))


def _complete(word: Word) -> Word:
    # A beginning is sought as such where that is cheap: the index reads all words that begin so. No
    # reader has a right to these words: they are sought, and not told.
    with (
        as_service("No reader may see the list of words; they are searched for, but not shown."),
        connection.cursor() as cursor,
    ):
        cursor.execute(_COMPLETE, [f"{word.text}%", _COMPLETED])
        found = cursor.fetchall()
    if not found or found[0][2] <= _RARE:
        return replace(word, is_begun=True)
    begun = tuple(Word(one, _stems(one, lexemes)) for one, lexemes, _ in found if one != word.text)
    return replace(word, meant=begun)


# --- hits ----------------------------------------------------------------------------------------

_MARKED = """
(SELECT json_object_agg(mark, hits) FROM (
    SELECT mark, count(*) AS hits
    FROM (SELECT unnest(marks) AS mark FROM found WHERE {exact} OR id %% 4 = 1) _
    WHERE left(mark, 1) <> '#' GROUP BY mark
) _)
"""
_COUNT = "(SELECT count(*) FROM found)"
#: The hits of a scope, as a table: see `arguments_of`.
HITS = "proxeny_found_{scope}(%s::tsquery, %s, %s, %s, %s, %s)"
_FOUND = "WITH found AS MATERIALIZED (SELECT * FROM {hits})"
_RANKED = """
, ranked AS (
    SELECT id, min(rank) AS rank FROM (
        SELECT id, CASE WHEN sort_name = %s THEN 0 ELSE 1 END AS rank FROM {hits} names
        UNION ALL SELECT id, 2 FROM {hits} heads
    ) _ GROUP BY id
)
"""
# Some names lie beside their rows. Put together anew they are read once, not each time two of them
# are compared: far into a list that was most of what it cost.
_NAMED = """
, named AS MATERIALIZED (
    SELECT id, sort_name || '' AS sort_name, country, city, kind, changed FROM found
)
"""
_PLACES = """
ARRAY(SELECT id FROM named {ranks} ORDER BY {order} OFFSET %s LIMIT %s)
"""


def find(asked: Asked, *, order: str, start: int, size: int) -> Found:
    """Return how many hits there are, one page of their ids, and their marks.

    Two to five queries, whatever the length of the list. Beyond `EXACT` hits the order is that of
    `LONG_ORDERS`, or the `RANKED` best ones.
    """
    part = _look(asked, share=512)
    # Of twice as many the part never holds so few. Near the border a larger one is asked first: to
    # read ten thousand hits and then find that there are more costs most of all.
    if EXACT < 2 * part.total * 512 <= 4 * EXACT:
        part = _look(asked, share=64)
    if part.total * part.share <= _SURE[part.share] * EXACT:
        found = _find_all(asked, order=order, start=start, size=size)
        if found.is_exact:
            return found
    part = _enlarge(asked, part)
    if order == "best":
        ids = _rank_part(asked, part.share, start=start, size=size)
    else:
        ids = _walk(asked, order if order in LONG_ORDERS else "name", start=start, size=size)
    return replace(part, ids=ids, total=max(part.total * part.share, EXACT), is_exact=False)


def count_marks(asked: Asked) -> Found:
    """Return how many hits have which mark, without a page of them. One to three queries."""
    part = _look(asked, share=512)
    if part.total >= _ENOUGH:
        return part
    if part.total * 512 <= EXACT_MARKS:
        found = _look(asked, share=1)
        if found.is_exact:
            return found
    return _enlarge(asked, part)


def _enlarge(asked: Asked, part: Found) -> Found:
    # A part eight times as large, until it says enough.
    while part.total < _ENOUGH and part.share > 8:
        part = _look(asked, share=part.share // 8)
    return part


def _look(asked: Asked, *, share: int) -> Found:
    marks = [_PARTS[share]] if share > 1 else []
    sql = f"{_FOUND} SELECT {_COUNT}, {_MARKED}".format(
        hits=HITS.format(scope=asked.scope), exact="true"
    )
    total, told = read_row(sql, arguments_of(asked, asked.question.expression, marks))
    return Found(total, total <= EXACT, [], _read_marks(told), share)


def _find_all(asked: Asked, *, order: str, start: int, size: int) -> Found:
    hits = HITS.format(scope=asked.scope)
    arguments = arguments_of(asked, asked.question.expression)
    ranks, ranking = "", ""
    if order == "best":
        ranks, ranking = "LEFT JOIN ranked USING (id)", _RANKED
        names, heads, _ = asked.question.ranks
        arguments += [asked.question.name, *arguments_of(asked, names), *arguments_of(asked, heads)]
    sql = f"{_FOUND}{_NAMED}{ranking} SELECT {_COUNT}, {_MARKED}, {_PLACES}".format(
        hits=hits,
        ranks=ranks,
        order=ORDERS[order],
        exact=f"{_COUNT} <= {EXACT_MARKS}",
    )
    total, told, ids = read_row(sql, [*arguments, start, size])
    scale = 1 if total <= EXACT_MARKS else 4
    return Found(total, total <= EXACT, list(ids), _read_marks(told), scale)


def _rank_part(asked: Asked, share: int, *, start: int, size: int) -> list[int]:
    # Hits in names are looked for among all entries, others in the part.
    names, heads, _ = asked.question.ranks
    marks = [_PARTS[share]]
    sql = f"{_FOUND}{_NAMED}{_RANKED} SELECT {_PLACES}".format(
        hits=HITS.format(scope=asked.scope),
        ranks="FULL JOIN ranked USING (id)",
        order="rank NULLS LAST, id",
    )
    arguments = [
        *arguments_of(asked, asked.question.expression, marks, most=RANKED),
        asked.question.name,
        *arguments_of(asked, names, most=RANKED),
        *arguments_of(asked, heads, marks, most=RANKED),
    ]
    (ids,) = read_row(sql, [*arguments, start, max(0, min(size, RANKED - start))])
    return list(ids)


def _walk(asked: Asked, order: str, *, start: int, size: int) -> list[int]:
    walked = f"proxeny_walked_{asked.scope}(%s::tsquery, %s, %s, %s, %s, %s, %s, %s)"
    sql = f"SELECT ARRAY(SELECT * FROM {walked})"  # noqa: S608 - put together from constants
    arguments = arguments_of(asked, asked.question.expression)[:-1]
    (ids,) = read_row(sql, [*arguments, order, start, size])
    return list(ids)


def arguments_of(
    asked: Asked, expression: str | None, marks: Sequence[str] = (), *, most: int = EXACT + 1
) -> list[Any]:
    """Return what `HITS` takes: words, marks, moment, area twice, and how many hits at most."""
    area = list(asked.area) if asked.area else None
    regions = regions_within(asked.area) if asked.area else None
    return [expression, [*asked.marks.values(), *marks], asked.since, area, regions, most]


def read_row(sql: str, arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Return the one row that a query answers with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _read_marks(told: Any) -> dict[str, int]:
    return (json.loads(told) if isinstance(told, str) else told) or {}


# --- words typed wrong ---------------------------------------------------------------------------


def mend(asked: Asked) -> Asked:
    """Return the question with corrections of words that match nothing visible to the reader.

    A correction is used only if an entry visible to the reader contains it: hidden entries do not
    influence the answer.
    """
    meant = {}
    for word in asked.question.words:
        if len(word.text) >= SHORTEST_MENDED and not _occurring(asked.scope, [word]):
            meant[word.text] = _occurring(asked.scope, _words_near(word))[:_MEANT]
    return replace(asked, question=asked.question.instead(meant))


def _words_near(word: Word) -> list[Word]:
    # Of these words, which no reader has a right to, `mend` tells those that the reader finds by.
    wrong = 2 if len(word.text) >= TWO_WRONG else 1
    length = len(word.text)
    with (
        as_service("No reader may see the list of words; only those with results are shown."),
        connection.cursor() as cursor,
    ):
        cursor.execute(_NEAR, [word.text, length - wrong, length + wrong])
        found = cursor.fetchall()
    by_distance = sorted(
        (distance, -count, one, lexemes)
        for one, count, lexemes in found
        if one != word.text
        and (distance := OSA.distance(word.text, one, score_cutoff=wrong)) <= wrong
    )
    return [Word(one, _stems(one, lexemes)) for _, _, one, lexemes in by_distance[:8]]


def _occurring(scope: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return those of the words by which the reader finds something."""
    if not words:
        return ()
    # Frequent words show in a part already; the rest is looked for among all entries.
    hits = f"proxeny_found_{scope}(word::tsquery, %s, NULL, NULL, NULL, 1)"
    sql = f"""SELECT ARRAY(SELECT place FROM unnest(%s::text[]) WITH ORDINALITY AS w(word, place)
        WHERE EXISTS (SELECT 1 FROM {hits}) OR EXISTS (SELECT 1 FROM {hits}))"""  # noqa: S608
    questions = [Question((word,)).expression for word in words]
    (places,) = read_row(sql, [questions, [_PARTS[64]], []])
    return tuple(words[place - 1] for place in places)
