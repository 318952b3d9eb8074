"""Comparing a checked list with the directory: what is new, what changes, what stays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory.folding import natural_key
from proxeny.directory.memberlist.check import Checked, Entry, Options, Problem
from proxeny.directory.memberlist.values import guess_language
from proxeny.directory.models import GUARDED, Organisation


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the directory that a row changes: new values by field, and the row."""

    organisation: Organisation
    values: dict[str, Any]
    row: int
    rejoins: bool = False


@dataclass(slots=True)
class Plan:
    """What an import would do."""

    added: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def stops(self) -> int:
        """How many problems stop the import."""
        return sum(problem.stops for problem in self.problems)


@dataclass(slots=True)
class _Matcher:
    """Finds the entry that a row means: by reference, else by name and country."""

    by_key: dict[str, Organisation]
    by_name: dict[tuple[str, str], list[Organisation]]
    country: str

    @classmethod
    def of(cls, existing: Iterable[Organisation], options: Options) -> "_Matcher":
        by_key: dict[str, Organisation] = {}
        by_name: dict[tuple[str, str], list[Organisation]] = defaultdict(list)
        for organisation in existing:
            if organisation.key:
                by_key[organisation.key] = organisation
            by_name[organisation.sort_name, organisation.country].append(organisation)
        return cls(by_key, by_name, options.country)

    def identity(self, entry: Entry) -> tuple[str, ...]:
        """Return what two rows of one list must not share."""
        if key := entry.values.get("key"):
            return ("key", key)
        return natural_key(entry.values["name"], entry.values.get("country", self.country))

    def candidates(self, entry: Entry) -> list[Organisation]:
        """Return the entries that a row may mean: none is new, more than one is unclear."""
        key = entry.values.get("key")
        if key and key in self.by_key:
            return [self.by_key[key]]
        name = natural_key(entry.values["name"], entry.values.get("country", self.country))
        alike = self.by_name.get((name[0][:400], name[1]), [])
        unmarked = [one for one in alike if not one.key]
        # A reference that is new here may be the first one of an entry made by hand; a row without
        # one means the entry without one, and only failing that the one that has one.
        return unmarked if key or unmarked else alike


def make_plan(
    checked: Checked,
    *,
    existing: Iterable[Organisation],
    member_ids: set[int],
    mapping: Mapping[str, str],
    options: Options,
) -> Plan:
    """Compare a checked list with the entries that the cluster keeps. Linear in both.

    Parameters
    ----------
    checked : Checked
        The list's rows.
    existing : iterable of Organisation
        All entries that the cluster keeps.
    member_ids : set of int
        Those of them that are members today; others join again.
    mapping : mapping
        Header label of each field; problems name the column.
    """
    plan = Plan(problems=list(checked.problems))
    matcher = _Matcher.of(existing, options)
    taken: dict[int, Entry] = {}
    for entry in _once_each(checked, matcher, mapping, options, plan):
        found = matcher.candidates(entry)
        if len(found) > 1:
            plan.problems.append(_unclear(entry, mapping))
        elif found and found[0].pk in taken:
            plan.problems.append(_same_target(entry, taken[found[0].pk], mapping))
        elif found:
            taken[found[0].pk] = entry
            _compare(entry, found[0], found[0].pk not in member_ids, plan)
        else:
            plan.added.append(entry)
    plan.problems.sort(key=lambda problem: (not problem.stops, problem.row))
    plan.left_out += sum(1 for problem in checked.problems if _drops_row(problem, mapping))
    return plan


def _drops_row(problem: Problem, mapping: Mapping[str, str]) -> bool:
    return not problem.stops and problem.column == mapping["name"]


def _once_each(
    checked: Checked, matcher: _Matcher, mapping: Mapping[str, str], options: Options, plan: Plan
) -> Iterable[Entry]:
    first: dict[tuple[str, ...], Entry] = {}
    for entry in checked.entries:
        before = first.setdefault(matcher.identity(entry), entry)
        if before is entry:
            yield entry
            continue
        same = before.values == entry.values
        plan.problems.append(
            _repeat(entry, before, mapping, stops=options.repeats == "refuse" and not same)
        )
        plan.left_out += same or options.repeats != "refuse"


def _repeat(entry: Entry, before: Entry, mapping: Mapping[str, str], *, stops: bool) -> Problem:
    by_key = "key" in entry.values
    names = {"row": entry.row, "before": before.row}
    reason = (
        _("Rows %(before)s and %(row)s have the same reference. Correct one of them, or delete it.")
        if by_key
        else _("Rows %(before)s and %(row)s have the same name and country. Delete one of them, or "
               "tell them apart by a reference.")
    ) % names  # fmt: skip
    value = entry.values["key"] if by_key else entry.values["name"]
    return Problem(entry.row, mapping["key" if by_key else "name"], value, reason, stops)


def _unclear(entry: Entry, mapping: Mapping[str, str]) -> Problem:
    reason = _("The directory has several entries of this name and country. Add a column with your "
               "references, so that it is clear which one is meant.")  # fmt: skip
    return Problem(entry.row, mapping["name"], entry.values["name"], reason)


def _same_target(entry: Entry, before: Entry, mapping: Mapping[str, str]) -> Problem:
    reason = _("Rows %(before)s and %(row)s both mean the same entry of the directory. Delete one of "
               "them, or give both their own reference.") % {
        "before": before.row, "row": entry.row,
    }  # fmt: skip
    return Problem(entry.row, mapping["name"], entry.values["name"], reason)


def _compare(entry: Entry, organisation: Organisation, rejoins: bool, plan: Plan) -> None:
    # An empty cell says nothing: what a member wrote itself is not emptied by a list without it.
    values = {
        name: value for name, value in entry.values.items() if organisation.fact(name) != value
    }
    if values or rejoins:
        plan.changed.append(Change(organisation, values, entry.row, rejoins))
    else:
        plan.unchanged += 1


def new_organisation(entry: Entry, *, steward_id: int, options: Options) -> Organisation:
    """Return an unsaved entry for a row, with the options' values where the row says nothing.

    Its guarded facts are left out: they are written once the entry has a number.
    """
    values = {
        "country": options.country,
        "kind": options.kind,
        "visibility": options.visibility,
        "language": guess_language(entry.values.get("summary", ""), options.language),
        **{name: value for name, value in entry.values.items() if name not in GUARDED},
    }
    organisation = Organisation(steward_id=steward_id, **values)
    organisation.sort_name = natural_key(organisation.name, "")[0][:400]
    organisation.search_text = organisation.searchable_text()
    return organisation
