"""A list for people: searched, sorted, in pages, and as a file of the same rows.

A capability says once what its list is (`Rows`); the address says what somebody wants of it: `?q=`
words, `?sort=` a column (`-` before it turns the order round), `?page=`, and `?export=csv` or
`xlsx` for all rows that fit. Rows of the database are searched and sorted there; rows that are
worked out are searched and sorted here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from proxeny.folding import fold
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, page_links, page_of, sort_links

#: As many characters and words of what is sought are read.
LONGEST, MOST_WORDS = 200, 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes
    ----------
    key : str
        Its name in `?sort=`.
    label : str
        Its heading, translated when read.
    cell : callable
        Returns a row's value for a file: text, a number or a date.
    order : tuple of str
        Database columns to sort by; the first is reversed, empty values stay last.
    by : callable or None
        Returns the sort key of a computed row; None stays last.
    end : bool
        Whether it is aligned to the end of its cell, as numbers are.
    """

    key: str
    label: Any
    cell: Callable[[Any], object]
    order: tuple[str, ...] = ()
    by: Callable[[Any], Any] | None = None
    end: bool = False

    @property
    def is_sortable(self) -> bool:
        """Whether the list can be sorted by it."""
        return bool(self.order or self.by)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head as it is drawn: `url` sorts by it, and is empty where nothing can."""

    key: str
    label: Any
    url: str
    direction: str
    end: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list, with all that its components ask for."""

    rows: Sequence[Any]
    count: int
    query: str
    sort: str
    is_narrowed: bool
    heads: tuple[Head, ...]
    csv_url: str
    xlsx_url: str
    prev_url: str
    next_url: str

    @property
    def head(self) -> dict[str, Head]:
        """The heads by their keys, for a table that draws them one by one."""
        return {one.key: one for one in self.heads}

    @property
    def sorts(self) -> list[Head]:
        """The heads that sort, for a list without a table."""
        return [one for one in self.heads if one.url]

    def with_rows(self, tell: Callable[[Any], Any]) -> "Shown":
        """Return the same page with each row as the page tells it."""
        return replace(self, rows=[tell(one) for one in self.rows])


@dataclass(frozen=True, slots=True)
class Rows:
    """The definition of a list.

    Attributes
    ----------
    name : str
        Name of its download.
    columns : tuple of Column
        Columns in the order of the page.
    sort : str
        Default sorting: a column's key, prefixed with `-` for descending; empty for the
        original order of the rows.
    search : tuple of str
        Database columns to search.
    words : callable or None
        Returns the searchable texts of a computed row.
    """

    name: str
    columns: tuple[Column, ...]
    sort: str = ""
    search: tuple[str, ...] = ()
    words: Callable[[Any], Iterable[str]] | None = None

    def sort_of(self, request: HttpRequest) -> str:
        """Return the sort order given by the address; an unknown column is ignored."""
        asked = request.GET.get("sort", "")
        known = {one.key for one in self.columns if one.is_sortable}
        return asked if asked.removeprefix("-") in known else self.sort

    def fit(self, rows: QuerySet[Any] | Sequence[Any], request: HttpRequest) -> Any:
        """Return the rows in which all words of `?q=` are found, sorted. No query by itself."""
        query, sort = query_of(request), self.sort_of(request)
        if isinstance(rows, QuerySet):
            found = _search(rows, query, self.search)
        else:
            found = [one for one in rows if _holds(self.words, one, query)]
        if not sort:
            return found
        column = next(one for one in self.columns if one.key == sort.removeprefix("-"))
        put = _order if isinstance(rows, QuerySet) else _sort
        return put(found, column, turned=sort.startswith("-"))

    def export(
        self, request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]
    ) -> HttpResponse | None:
        """Return the file that `?export=` asks for, with all rows that fit; None where none is."""
        form = request.GET.get("export")
        if not form:
            return None
        lines = ([one.cell(row) for one in self.columns] for row in self.fit(rows, request))
        header = [str(one.label) for one in self.columns]
        return answer_table(self.name, form=form, header=header, rows=lines)

    def show(
        self,
        request: HttpRequest,
        rows: QuerySet[Any] | Sequence[Any],
        *,
        narrowed: bool = False,
    ) -> Shown:
        """Return the page that the address asks for; two queries where rows are the database's.

        `narrowed` says whether a filter of the list's own is in use.
        """
        page, tools = page_of(self.fit(rows, request), request), self.tools(request)
        links = page_links(request, page.number, has_next=page.has_next())
        query = query_of(request) if self.search or self.words else ""
        return Shown(
            rows=list(page),
            count=page.paginator.count,
            query=query,
            sort=tools["sort"],
            is_narrowed=narrowed or bool(query),
            heads=tools["heads"],
            csv_url=tools["csv_url"],
            xlsx_url=tools["xlsx_url"],
            prev_url=links["prev_url"],
            next_url=links["next_url"],
        )

    def tools(self, request: HttpRequest) -> dict[str, Any]:
        """Return the data for search, headings and files, for a page that reads its rows itself.

        `heads`, `sorts` (those of them that sort), `sort`, `csv_url`, `xlsx_url`.
        """
        heads = self.heads(request)
        return {
            "heads": heads,
            "sorts": [one for one in heads if one.url],
            "sort": self.sort_of(request),
            "csv_url": address_with(request, export="csv", page=None),
            "xlsx_url": address_with(request, export="xlsx", page=None),
        }

    def heads(self, request: HttpRequest) -> tuple[Head, ...]:
        """Return the columns' heads, each with the address that sorts by it."""
        sortable = [one.key for one in self.columns if one.is_sortable]
        links = sort_links(request, sortable, now=self.sort_of(request))
        none = {"url": "", "direction": ""}
        return tuple(
            Head(one.key, one.label, end=one.end, **links.get(one.key, none))
            for one in self.columns
        )


def query_of(request: HttpRequest) -> str:
    """Return the search text of the address, trimmed."""
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()


def _search(rows: Any, query: str, columns: Sequence[str]) -> Any:
    if not columns:
        return rows
    for word in query.split()[:MOST_WORDS]:
        wanted = Q()
        for column in columns:
            wanted |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(wanted)
    return rows


def _order(rows: Any, column: Column, *, turned: bool) -> Any:
    first, *more = column.order
    # A column may begin the other way round by itself: the newest first.
    is_down = first.startswith("-") != turned
    field = F(first.removeprefix("-"))
    key = field.desc(nulls_last=True) if is_down else field.asc(nulls_last=True)
    return rows.order_by(key, *more, "pk")


def _holds(words: Callable[[Any], Iterable[str]] | None, row: Any, query: str) -> bool:
    if words is None or not query:
        return True
    text = fold(" ".join(str(one) for one in words(row) if one))
    return all(word in text for word in fold(query).split()[:MOST_WORDS])


def _sort(rows: Any, column: Column, *, turned: bool) -> Any:
    """Return rows in order; those without a value last, equal ones as they came."""
    by = column.by
    if by is None:
        return rows
    told = [(by(one), one) for one in rows]
    known = [pair for pair in told if pair[0] not in (None, "")]
    known.sort(key=lambda pair: _key(pair[0]), reverse=turned)
    return [one for _, one in known] + [one for value, one in told if value in (None, "")]


def _key(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value
