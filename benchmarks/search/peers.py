"""What is measured beside: a plain `ILIKE` list, and the search library tantivy.

Each answers the same searches with the number of hits and the first fifty; neither takes stems off
words, mends errors, or counts hits beside filters. The library is given the reader's marks as one
more condition, as a program that copies its data there would do; it is no dependency of Proxeny's
(`pip install tantivy`).
"""

import time
from collections.abc import Iterator
from typing import Any

from benchmarks.search.asking import Clock, backend

_LIST = """
SELECT count(*) OVER (), id FROM directory_organisation
WHERE {words} AND {filters} AND search_marks && %s ORDER BY sort_name, id LIMIT 50
"""


def heard_by(reader: Any) -> list[str]:
    """Return the marks of what a reader sees."""
    from django.db import connection

    from proxeny.kernel.tenancy import WEB, acting_as

    with acting_as(WEB, reader), connection.cursor() as cursor:
        cursor.execute("SELECT proxeny_heard()")
        found: list[str] = cursor.fetchone()[0]
        return found


def time_list(asks: list[Any], readers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Ask as a page with `ILIKE` would, with the service's eyes and the reader's marks by hand."""
    from django.db import connection

    from proxeny.kernel.tenancy import SERVICE, acting_as

    for name, reader in readers.items():
        heard = heard_by(reader)
        for ask in asks:
            words = [f"%{word}%" for word in ask.filters.get("q", "").split()]
            wanted = {
                key: one for key, one in ask.filters.items() if key in ("country", "kind", "size")
            }
            sql = _LIST.format(
                words=" AND ".join(["search_text ILIKE %s"] * len(words)) or "true",
                filters=" AND ".join(f"{key} = %s" for key in wanted) or "true",
            )
            with acting_as(SERVICE), connection.cursor() as cursor:
                # One process is enough to compare, and its time can be read.
                cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
                clock = Clock(backend())
                cursor.execute(sql, [*words, *wanted.values(), heard])
                cursor.fetchall()
                taken = clock.read()
            yield {"kind": ask.kind, "reader": name, **taken}


class Library:
    """All organisations in an index of tantivy, in memory mapped files of a folder."""

    def __init__(self, folder: str) -> None:
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", stored=True)
        builder.add_text_field("text", tokenizer_name="default", index_option="freq")
        builder.add_text_field("marks", tokenizer_name="raw", index_option="basic")
        self.index = tantivy.Index(builder.build(), path=folder)
        self.seconds = 0.0

    def fill(self, connection: Any) -> None:
        """Read all entries out of the database; the time is that of the library alone."""
        writer = self.index.writer(heap_size=256_000_000, num_threads=2)
        with connection.cursor(name="all") as cursor:
            cursor.execute("SELECT id, search_text, search_marks FROM directory_organisation")
            for pk, text, marks in cursor:
                begun = time.perf_counter()
                writer.add_document(self.tantivy.Document(id=pk, text=text, marks=marks))
                self.seconds += time.perf_counter() - begun
        begun = time.perf_counter()
        writer.commit()
        writer.wait_merging_threads()
        self.seconds += time.perf_counter() - begun
        self.index.reload()

    def time_asks(self, asks: list[Any], readers: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Ask, and yield kind, reader and milliseconds."""
        searcher = self.index.searcher()
        heard = {name: heard_by(reader) for name, reader in readers.items()}
        for ask in asks:
            for name in readers:
                clock = Clock(None)
                query = self._query(ask, heard[name])
                searcher.search(query, limit=50, count=True)
                yield {"kind": ask.kind, "reader": name, **clock.read()}

    def _query(self, ask: Any, heard: list[str]) -> Any:
        query, occur, schema = self.tantivy.Query, self.tantivy.Occur, self.index.schema
        parts = [
            (occur.Must, query.term_query(schema, "text", word))
            for word in ask.filters.get("q", "").split()
        ]
        for name in ("country", "kind", "size"):
            if name in ask.filters:
                mark = f"{name}:{ask.filters[name]}"
                parts.append((occur.Must, query.term_query(schema, "marks", mark)))
        seen = [(occur.Should, query.term_query(schema, "marks", mark)) for mark in heard]
        return query.boolean_query([*parts, (occur.Must, query.boolean_query(seen))])
