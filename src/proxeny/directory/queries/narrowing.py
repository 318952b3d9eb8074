"""Lists narrowed by words and filters, for reading in full or page by page with a cursor."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from proxeny.directory.queries.areas import Area, within
from proxeny.directory.queries.searching import (
    HITS,
    Asked,
    arguments_of,
    mend,
    read_question,
    read_row,
)
from proxeny.directory.search import NOTHING

#: Up to so many hits of a list, each is read under the policy, and the list is put in order after.
_FEW = 3_000


class Narrowing(Protocol):
    """The filters of a list."""

    @property
    def q(self) -> str:
        """Words."""

    @property
    def marks(self) -> dict[str, str]:
        """The mark that each filter in force asks for."""

    @property
    def changed_since(self) -> datetime | None:
        """Nothing older."""

    @property
    def area(self) -> Area | None:
        """A part of the map."""


def ask(scope: str, filters: Narrowing) -> Asked | None:
    """Return filters as a question; None where the typed text has no word in it."""
    question = read_question(filters.q) if filters.q.strip() else NOTHING
    if filters.q.strip() and not question.words:
        return None
    return Asked(scope, question, filters.marks, filters.changed_since, filters.area)


def with_mended[Answer](asked: Asked, look: Callable[[Asked], Answer]) -> tuple[Asked, Answer]:
    """Return what is found, and the question that finds it: one with other words for those typed
    wrong, where nothing is found by what was typed.

    Parameters
    ----------
    look : callable
        Looks once; what it returns is false where nothing was found.
    """
    found = look(asked)
    if found or not asked.question.words:
        return asked, found
    mended = mend(asked)
    return (mended, look(mended)) if mended.question.mended else (asked, found)


def hits_of(asked: Asked) -> RawSQL:
    """Return the ids of all hits, as a sub-query."""
    hits = f"proxeny_found_{asked.scope}(%s::tsquery, %s, %s, %s, %s, NULL)"
    sql = f"SELECT id FROM {hits}"  # noqa: S608 - put together from constants
    return RawSQL(sql, arguments_of(asked, asked.question.expression)[:-1])  # noqa: S611


def narrow[Rows: QuerySet[Any]](
    found: Rows, scope: str, filters: Narrowing, *, whole: bool = False
) -> Rows:
    """Return the rows that match a list's filters, for reading in the list's order.

    Up to `_FEW` hits are found by the index, in a few queries before. With more, they are found
    while the list is read in its order, where they lie close together; `whole` means that it is
    read to its end, in no order.
    """
    asked = ask(scope, filters)
    if asked is None:
        return found.none()
    if asked.question.words or asked.marks:
        # As on the page, words are mended.
        asked, pks = with_mended(asked, partial(_read_hits, most=1 if whole else _FEW + 1))
        if whole:
            return found.filter(pk__in=hits_of(asked))
        if len(pks) <= _FEW:
            return found.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [pks]))
    return found.filter(_condition(asked))


def _read_hits(asked: Asked, *, most: int) -> list[int]:
    hits = HITS.format(scope=asked.scope)
    (pks,) = read_row(
        f"SELECT ARRAY(SELECT id FROM {hits})",  # noqa: S608 - put together from constants
        arguments_of(asked, asked.question.expression, most=most),
    )
    return list(pks)


def _condition(asked: Asked) -> Q:
    """Return the same as a condition on the rows themselves, which no index serves."""
    told = Q()
    if asked.marks:
        told &= Q(search_marks__contains=list(asked.marks.values()))
    if asked.question.words:
        column = f"directory_{asked.scope.removesuffix('s')}.search_vector"
        words = RawSQL(  # noqa: S611 - the name of a table
            f"{column} @@ %s::tsquery", [asked.question.expression], BooleanField()
        )
        told &= Q(words)
    if asked.since:
        told &= Q(updated_at__gte=asked.since)
    if asked.area:
        told &= within(asked.area)
    return told
