"""Changes of a row to the entry it matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from proxeny.directory import queries
from proxeny.directory.identifiers import split_key
from proxeny.directory.models import Membership, Organisation
from proxeny.directory.operations.facts import MOST, facts_of, follow_from
from proxeny.folding import fold

#: Facts of a list that are not the entry's own but of the cluster it is.
OF_CLUSTERS = ("staff", "members")
_LEADING = ("city", "country", "employees")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the directory that a row changes.

    Attributes
    ----------
    organisation : Organisation
        As it is now.
    values : dict
        New values by field; without those that the entry has already.
    row : int
        The row's number.
    rejoins : bool
        A former member that the list names again.
    """

    organisation: Organisation
    values: dict[str, Any]
    row: int
    rejoins: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the row changes nothing."""
        return not self.values and not self.rejoins


def compare_rows(
    rows: Sequence[tuple[int, int, Mapping[str, Any]]], *, joins: int | None
) -> Iterator[Change]:
    """Yield the changes of rows to entries, given as row, entry and values. A few queries.

    Parameters
    ----------
    joins : int, optional
        The cluster whose members the list names: former members join again.
    """
    found = Organisation.objects.in_bulk([pk for _row, pk, _said in rows])
    kept = list(found.values())
    queries.attach_details(kept)
    prefetch_related_objects(kept, "identifiers")
    members = _members(joins, found) if joins else set(found)
    for row, pk, said in rows:
        if pk in found:
            rejoins = pk not in members
            yield Change(found[pk], _changes(found[pk], said), row, rejoins)


def _members(cluster_id: int, organisation_ids: Iterable[int]) -> set[int]:
    found = Membership.objects.filter(
        cluster_id=cluster_id, ends_on=None, organisation__in=list(organisation_ids)
    )
    return set(found.values_list("organisation_id", flat=True))


def _changes(organisation: Organisation, said: Mapping[str, Any]) -> dict[str, Any]:
    # An empty cell says nothing: what a member wrote itself is not emptied by a list without it.
    before = facts_of(organisation)
    wanted = {name: value for name, value in said.items() if name not in OF_CLUSTERS}
    if "identifiers" in wanted:
        wanted["identifiers"] = _joined_numbers(before["identifiers"], wanted["identifiers"])
    if names := _former_names(before, wanted):
        wanted["former_names"] = names
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if any(name in changed for name in _LEADING):
        followed = follow_from({**before, **changed}, before)
        changed |= {
            name: value
            for name, value in followed.items()
            if before[name] != value and name not in said
        }
    return changed


def _joined_numbers(before: Sequence[str], said: Sequence[str]) -> list[str]:
    # Of a register that the list tells of, its numbers are the entry's; of others nothing is said.
    told = {split_key(key)[0] for key in said}
    return sorted({*said, *(key for key in before if split_key(key)[0] not in told)})


def _former_names(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([*before["former_names"], *wanted.get("former_names", [])])
    new = wanted.get("name", before["name"])
    if fold(new) != fold(before["name"]):
        names[before["name"]] = None
    return [name for name in names if fold(name) != fold(new)][:MOST] if names else []
