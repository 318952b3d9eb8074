"""The rows of a list in a table of their own, for comparison with the directory in the database.

The table is the transaction's and goes with it. What a row means is decided for all rows at once:
its `fate` is `match` (an entry of ours, `organisation_id`), `new`, `equal` or `repeat` (the same as
an earlier row, `first`), `unclear` (more than one entry) or `taken` (an earlier row's entry).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection

from proxeny.directory.memberlist.staged import COLUMNS, REGISTERS, Staged

_BATCH = 2000

_TABLE = """
DROP TABLE IF EXISTS pg_temp.import_row;
CREATE TEMPORARY TABLE import_row (
    row bigint NOT NULL, identity text NOT NULL, key text NOT NULL, sort_name text NOT NULL,
    country text NOT NULL, packed text NOT NULL, sorted_words text NOT NULL, domain text NOT NULL,
    numbers text[] NOT NULL,
    said jsonb NOT NULL, more jsonb NOT NULL, part jsonb,
    first bigint, organisation_id bigint, fate text, how text
) ON COMMIT DROP
"""
_INDEXES = """
CREATE INDEX ON import_row (row);
CREATE INDEX ON import_row (fate, row);
ANALYZE import_row
"""
# A row without a reference that has the number of a row with one means the same organisation.
_REFERRED = """
UPDATE import_row r SET identity = 'key:' || f.key
FROM (
    SELECT one, (array_agg(key ORDER BY row))[1] AS key
    FROM import_row CROSS JOIN LATERAL unnest(numbers) AS one WHERE key <> '' GROUP BY one
) f
WHERE r.key = '' AND r.identity = f.one
"""
_REPEATS = """
UPDATE import_row r SET first = f.first, fate = CASE WHEN r.said = g.said THEN 'equal' ELSE 'repeat' END
FROM (SELECT identity, (array_agg(row ORDER BY key = '', row))[1] AS first
      FROM import_row GROUP BY identity HAVING count(*) > 1) f
JOIN import_row g ON g.row = f.first
WHERE r.identity = f.identity AND r.row <> f.first
"""
# An entry that was merged means the one it was merged into.
_BY_KEY = """
UPDATE import_row r SET organisation_id = COALESCE(o.merged_into_id, o.id), fate = 'match', how = 'key'
FROM directory_organisation o
WHERE o.steward_id = %(cluster)s AND o.key = r.key AND r.key <> '' AND r.fate IS NULL
"""
# So does a reference that went with its entry when that was merged; it stays with the row.
_BY_MERGED_KEY = """
WITH RECURSIVE went AS (
    SELECT m.moved -> 'gone' ->> 'key' AS key, m.kept_id AS id FROM directory_merge m
    WHERE m.cluster_id = %(cluster)s AND m.undone_at IS NULL AND m.moved -> 'gone' ->> 'key' <> ''
    UNION
    SELECT w.key, o.merged_into_id FROM went w JOIN directory_organisation o ON o.id = w.id
    WHERE o.merged_into_id IS NOT NULL
)
UPDATE import_row r SET organisation_id = o.id, fate = 'match', how = 'merged', said = r.said - 'key'
FROM went w JOIN directory_organisation o ON o.id = w.id AND o.merged_into_id IS NULL
WHERE w.key = r.key AND r.fate IS NULL
"""
# The best register that both tell of decides: a group of firms shares a VAT number sooner than a
# PIC. An entry that has another number in a better register than the one it shares is another.
_BY_NUMBER = """
WITH told AS (
    SELECT s.row, split_part(one, ':', 1) AS scheme, split_part(one, ':', 2) AS value,
        array_position(%(registers)s::text[], split_part(one, ':', 1)) AS rank
    FROM import_row s CROSS JOIN LATERAL unnest(s.numbers) AS one WHERE s.fate IS NULL
), found AS (
    SELECT t.row, t.rank, array_agg(DISTINCT COALESCE(o.merged_into_id, o.id)) AS ids
    FROM told t
    JOIN directory_identifier i ON i.scheme = t.scheme AND i.value = t.value
    JOIN directory_organisation o ON o.id = i.organisation_id AND o.steward_id = %(cluster)s
    WHERE NOT EXISTS (
        SELECT 1 FROM told b JOIN directory_identifier j ON j.organisation_id = o.id AND j.scheme = b.scheme
        WHERE b.row = t.row AND b.rank < t.rank AND b.value <> j.value
    )
    GROUP BY t.row, t.rank
)
UPDATE import_row r SET organisation_id = f.ids[1], how = 'number',
    fate = CASE WHEN cardinality(f.ids) = 1 THEN 'match' ELSE 'unclear' END
FROM (SELECT DISTINCT ON (row) row, ids FROM found ORDER BY row, rank) f
WHERE r.row = f.row
"""
# A reference that is new here may be the first one of an entry made by hand; a row without one
# means the entry without one, and only failing that the one that has one; so it is with numbers. An entry
# with another number in the same register is another organisation, whatever its name.
_BY_NAME = """
UPDATE import_row r SET organisation_id = f.ids[1], how = 'name',
    fate = CASE WHEN cardinality(f.ids) = 1 THEN 'match' ELSE 'unclear' END
FROM (
    SELECT row, CASE WHEN cardinality(bare) > 0 AND tells_none THEN bare
        WHEN key <> '' OR cardinality(unmarked) > 0 THEN unmarked ELSE alike END AS ids
    FROM (
        SELECT s.row, s.key, cardinality(s.numbers) = 0 AS tells_none,
            COALESCE(array_agg(DISTINCT COALESCE(o.merged_into_id, o.id)) FILTER (WHERE o.key = ''
                AND NOT EXISTS (SELECT 1 FROM directory_identifier n WHERE n.organisation_id = o.id)), '{}')
                AS bare,
            COALESCE(array_agg(DISTINCT COALESCE(o.merged_into_id, o.id)) FILTER (WHERE o.key = ''), '{}')
                AS unmarked,
            array_agg(DISTINCT COALESCE(o.merged_into_id, o.id)) AS alike
        FROM import_row s
        JOIN directory_organisation o ON o.steward_id = %(cluster)s
            AND o.sort_name = s.sort_name AND o.country = s.country
        WHERE s.fate IS NULL AND (cardinality(s.numbers) = 0 OR NOT EXISTS (
            SELECT 1 FROM directory_identifier i
            WHERE i.organisation_id = o.id
              AND i.scheme IN (SELECT split_part(one, ':', 1) FROM unnest(s.numbers) AS one)
        ))
        GROUP BY s.row, s.key, cardinality(s.numbers)
    ) candidates
) f
WHERE r.row = f.row AND cardinality(f.ids) > 0
"""
# Two rows with numbers of their own are two organisations: the second gets an entry of its own.
_TAKEN = """
UPDATE import_row r SET first = f.first, organisation_id = CASE WHEN f.apart THEN NULL ELSE r.organisation_id END,
    fate = CASE WHEN f.apart THEN NULL ELSE 'taken' END
FROM (
    SELECT row, first_value(row) OVER same AS first,
        how IN ('name', 'decided') AND cardinality(numbers) > 0 AS apart,
        row_number() OVER same AS place
    FROM import_row WHERE fate = 'match'
    WINDOW same AS (PARTITION BY organisation_id ORDER BY array_position('{key,number,name,decided,merged}'::text[], how), row)
) f
WHERE r.row = f.row AND f.place > 1
"""


def open_staging() -> None:
    """Make the table, empty; call it in the transaction of the work."""
    run(_TABLE)


def stage_rows(rows: Iterable[Staged]) -> int:
    """Copy rows into the table in batches; return how many. In constant memory."""
    count = 0
    names = ", ".join(COLUMNS)
    for some in batched(rows, _BATCH):
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY import_row ({names}) FROM STDIN") as copy,
        ):
            for one in some:
                copy.write_row([getattr(one, name) for name in COLUMNS])
        count += len(some)
    return count


def find_fates(cluster_id: int, same: Mapping[int, int]) -> None:
    """Decide on each row; `same` holds the entry of rows that a person decided on."""
    values = {"cluster": cluster_id, "registers": list(REGISTERS)}
    run(_INDEXES)
    run(_REFERRED)
    run(_REPEATS)
    run(_BY_KEY, values)
    run(_BY_MERGED_KEY, values)
    run(_BY_NUMBER, values)
    run("ANALYZE import_row")
    run(_BY_NAME, values)
    decide_same(same, cluster_id, fate=None)
    run(_TAKEN)
    run("UPDATE import_row SET fate = 'new' WHERE fate IS NULL")
    run("ANALYZE import_row")


def decide_same(same: Mapping[int, int], cluster_id: int, *, fate: str | None = "new") -> None:
    """Let rows mean entries of the cluster that look like them, as far as nothing else is known."""
    for some in batched(same.items(), _BATCH):
        rows, ids = zip(*some, strict=True)
        run(
            "UPDATE import_row r SET organisation_id = o.id, fate = 'match', how = 'decided'"
            " FROM unnest(%(rows)s::bigint[], %(ids)s::bigint[]) AS d (row, id)"
            " JOIN directory_organisation o ON o.id = d.id AND o.steward_id = %(cluster)s"
            " WHERE r.row = d.row AND r.fate IS NOT DISTINCT FROM %(fate)s",
            {"cluster": cluster_id, "rows": list(rows), "ids": list(ids), "fate": fate},
        )
    if same and fate == "new":
        run(_TAKEN)
        run("UPDATE import_row SET fate = 'new' WHERE fate IS NULL")


def count_fates() -> dict[str, int]:
    """Return how many rows have each fate."""
    return dict(select("SELECT fate, count(*) FROM import_row GROUP BY fate"))


#: The key shared with an earlier row: for a row without a reference, the number.
SHARED = "CASE WHEN key = '' AND starts_with(identity, 'key:') THEN numbers[1] ELSE identity END"


def rows_of(fate: str, *columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of one fate in their order, in batches of thousands, with some columns."""
    names = ", ".join(("row", *columns))
    sql = f"SELECT {names} FROM import_row WHERE fate = %s AND row > %s ORDER BY row LIMIT %s"  # noqa: S608 - columns are written in our code
    last = 0
    while rows := select(sql, [fate, last, _BATCH]):
        yield rows
        last = rows[-1][0]


def new_ids(rows: list[int]) -> dict[int, int]:
    """Return the entries that were made for some rows, by row."""
    return dict(
        select(
            "SELECT row, organisation_id FROM import_row"
            " WHERE fate = 'new' AND row = ANY (%s) AND organisation_id IS NOT NULL",
            [rows],
        )
    )


def run(sql: str, values: Mapping[str, Any] | Sequence[Any] | None = None) -> int:
    """Run statements parted by semicolons; return how many rows the last one touched."""
    with connection.cursor() as cursor:
        for one in sql.split(";") if values is None or ";" in sql else [sql]:
            cursor.execute(one, values)
        return int(cursor.rowcount)


def select(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
