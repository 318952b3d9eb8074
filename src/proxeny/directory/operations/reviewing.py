"""Review of an uploaded list: each row checked, compared with the directory, and described.

This writes nothing but the transaction's own table of rows; `applying` continues from there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory.memberlist.check import Checked, Options, Problem, check_rows
from proxeny.directory.memberlist.lists import ListColumn, read_lists
from proxeny.directory.memberlist.problems import Problems
from proxeny.directory.memberlist.staged import Staged, stage
from proxeny.directory.models import MemberImport
from proxeny.directory.operations import staging
from proxeny.directory.operations.comparing import Change, compare_rows
from proxeny.directory.operations.proposing import Likeness, find_alike
from proxeny.directory.sources.cordis import Reader
from proxeny.directory.sources.table import Table

SHOWN_CHANGES = 100
SHOWN_PAIRS = 200
#: Reports progress: the step, the number of rows done, and their total.
Progress = Callable[[str, int, int], None]
#: Takes the changes of some rows.
Write = Callable[[list[Change]], None]

Source = MemberImport.Source
#: Here an organisation comes in as many rows as it has people or projects.
_OFTEN = {Source.CORDIS, Source.VCARD}


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Review:
    """The changes that an import would make, or made."""

    problems: Problems
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    #: Further rows of organisations that the file names more than once.
    again: int = 0
    rejoined: int = 0
    pairs: list[Likeness] = field(default_factory=list)
    alike: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)
    #: The splitting of columns of several values.
    lists: list[ListColumn] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """Return the sample of changes, as JSON."""
        return {
            "notes": self.problems.notes,
            "kinds": self.problems.tallies(),
            "changes": self.samples,
            "lists": [one.to_json() for one in self.lists],
            "rejoined": self.rejoined,
            "again": self.again,
            "pairs": [asdict(one) for one in self.pairs[:SHOWN_PAIRS]],
        }


def review_rows(
    brought: MemberImport, table: Table, problems: Problems, *, report: Progress = silent
) -> Review:
    """Check all rows, compare them with the directory and decide on each.

    In constant memory; call it in the transaction that shall go on with the rows.
    """
    options = Options.from_json(brought.options)
    review = Review(problems, lists=read_lists(table, brought.mapping, options.separators))
    options = replace(options, separators={one.field: one.separator for one in review.lists})
    staging.open_staging()
    staging.stage_rows(_staged(brought, table, options, review, report))
    report("compare", 0, review.rows)
    same, apart = decisions_of(brought)
    staging.find_fates(brought.cluster_id, same)
    _find_pairs(brought, options, review, apart)
    _tell_fates(brought, options, review)
    return review


def compare_matches(
    brought: MemberImport, review: Review, *, write: Write | None = None, report: Progress = silent
) -> None:
    """Count the changes to entries, keep a sample, and pass the changes on in batches."""
    options = Options.from_json(brought.options)
    joins = brought.cluster_id if options.joins == "yes" else None
    for batch in staging.rows_of("match", "organisation_id", "said::text"):
        rows = [(row, pk, json.loads(said)) for row, pk, said in batch]
        changes = []
        for one in compare_rows(rows, joins=joins):
            review.unchanged += one.is_empty
            review.rejoined += one.rejoins
            if not one.is_empty:
                changes.append(one)
                if len(review.samples) < SHOWN_CHANGES:
                    review.samples.append(_describe(one))
        review.changed += len(changes)
        if write is not None and changes:
            write(changes)
        report("compare" if write is None else "write", review.changed, review.rows)


def decisions_of(brought: MemberImport) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """Return a person's decisions: the entry of rows that are one, and pairs that are not."""
    kept = brought.columns.get("decisions", {})
    same = {int(row): pk for row, pk in kept.get("same", [])}
    return same, {(row, pk) for row, pk in kept.get("apart", [])}


def _staged(
    brought: MemberImport, table: Table, options: Options, review: Review, report: Progress
) -> Iterator[Staged]:
    cordis = Reader(table) if brought.source == Source.CORDIS else None
    for one in check_rows(table, brought.mapping, options):
        review.rows += 1
        if review.rows % 500 == 0:
            report("check", review.rows, brought.rows or review.rows)
        for problem in one.problems:
            review.problems.add(problem)
        if one.entry is not None:
            yield stage(one.entry, options, cordis.part(one.entry.cells) if cordis else None)
        else:
            review.left_out += not _stops(one)


def _stops(one: Checked) -> bool:
    return any(problem.stops for problem in one.problems)


def _find_pairs(
    brought: MemberImport, options: Options, review: Review, apart: set[tuple[int, int]]
) -> None:
    pairs = list(find_alike(brought.cluster_id, apart=apart))
    if options.alike == "same" and pairs:
        best: dict[int, Likeness] = {}
        for one in pairs:
            best.setdefault(one.row, one)
        staging.decide_same(
            {row: one.organisation_id for row, one in best.items()}, brought.cluster_id
        )
        pairs = []
    review.pairs, review.alike = pairs, len({one.row for one in pairs})


def _tell_fates(brought: MemberImport, options: Options, review: Review) -> None:
    fates, strict = staging.count_fates(), options.repeats == "refuse"
    review.added = fates.get("new", 0)
    repeated = fates.get("equal", 0) + fates.get("repeat", 0)
    if brought.source in _OFTEN:
        review.again = repeated
    else:
        review.left_out += fates.get("equal", 0)
        review.left_out += 0 if strict else fates.get("repeat", 0)
        for fate in ("equal", "repeat"):
            for batch in staging.rows_of(fate, "first", staging.SHARED, "said ->> 'name'"):
                for row in batch:
                    stops = fate == "repeat" and strict
                    review.problems.add(_repeat(brought.mapping, *row, stops=stops))
    for batch in staging.rows_of("unclear", "said ->> 'name'"):
        review.left_out += 0 if strict else len(batch)
        for row, name in batch:
            review.problems.add(_unclear(brought.mapping, row, name, stops=strict))
    for batch in staging.rows_of("taken", "first", "how", "said ->> 'name'"):
        for row, first, how, name in batch:
            # Two entries that were made one stay two rows of a list that comes from elsewhere.
            stops = strict and how != "merged"
            review.left_out += not stops
            review.problems.add(_taken(brought.mapping, row, first, name, stops=stops))


def _repeat(
    mapping: Mapping[str, str], row: int, first: int, identity: str, name: str, *, stops: bool
) -> Problem:
    sort, _colon, value = identity.partition(":")
    column = {"key": "key", "name": "name"}.get(sort, sort)
    texts = {
        "key": _(
            "Rows %(before)s and %(row)s have the same reference. Correct one of them, or "
            "delete it."
        ),
        "name": _(
            "Rows %(before)s and %(row)s have the same name and country. Delete one of them, or "
            "use a reference to tell them apart."
        ),
    }
    reason = texts.get(sort) or _(
        "Rows %(before)s and %(row)s have the same registration number. Correct one of them, or "
        "delete it."
    )
    return Problem(
        row,
        mapping.get(column, ""),
        (name if sort == "name" else value)[:120],
        reason % {"row": row, "before": first},
        stops,
        "repeat",
    )


def _unclear(mapping: Mapping[str, str], row: int, name: str, *, stops: bool) -> Problem:
    reason = _(
        "The directory has several entries with this name and country. Add a column with your "
        "references to show which one you mean."
    )
    return Problem(row, mapping["name"], name, reason, stops, "unclear")


def _taken(mapping: Mapping[str, str], row: int, first: int, name: str, *, stops: bool) -> Problem:
    reason = _(
        "Rows %(before)s and %(row)s match the same directory entry. Delete one of them, or give "
        "each its own reference."
    ) % {"before": first, "row": row}
    return Problem(row, mapping["name"], name, reason, stops, "repeat")


def _describe(change: Change) -> dict[str, Any]:
    before = change.organisation
    return {
        "row": change.row,
        "name": before.name,
        "id": before.pk,
        "rejoins": change.rejoins,
        "fields": [
            {"field": name, "before": _shown(before.fact(name)), "after": _shown(value)}
            for name, value in change.values.items()
        ],
    }


def _shown(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"
