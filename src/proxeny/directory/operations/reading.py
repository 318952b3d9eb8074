"""Reads of entries that have to be recorded: one entry in full, and the list as a file.

An organisation that shares data can see how it was used. Obligations to a grant are known to the
partnerships, a higher layer: it registers as a watcher.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.queries import Filters
from proxeny.directory.queries.listings import ListingFilters
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.hooks import Hook
from proxeny.kernel.tenancy import Reader, as_service

#: An entry as plain values by field name.
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SharedFor:
    """The purpose of sharing an entry with the actor, its end date, and the partnership."""

    purpose: str
    ends_on: date | None
    partnership_id: int


class Moved(NotFound):
    """The entry was merged into another; `kept_id` says which."""

    def __init__(self, kept_id: int) -> None:
        super().__init__(_("This entry was merged into another one."))
        self.kept_id = kept_id


class Watcher(Protocol):
    """An observer of reads, called in the transaction of the read."""

    def note_opened(
        self, *, actor: Reader, organisation: Organisation, now: datetime
    ) -> Sequence[SharedFor]:
        """An entry was opened, with the guarded facts that are shown to the actor.

        Returns what it is shared for, as far as the actor may know.
        """

    def note_exported(self, *, actor: Reader, entries: Sequence[Entry], now: datetime) -> None:
        """Entries were given as a file; each has at least `id`, `steward_id`, `visibility`."""


READ_WATCHERS: Hook[Watcher] = Hook(
    "directory.read_watchers", "Learns which entries of the directory are read."
)


def open_organisation(*, actor: Reader, organisation_id: int, now: datetime) -> Organisation:
    """Return an entry, with its guarded facts as far as they are shown to the actor.

    Its `shared_for` says what it is shared with the actor for.

    Side effects: where the entry is shared with the actor, an audit row, once a day.

    Raises
    ------
    NotFound
        The actor does not see the entry.
    Moved
        It was merged into another one, which the actor sees.
    """
    try:
        organisation = queries.get_organisation(organisation_id)
    except NotFound:
        _lead_on(organisation_id)
        raise
    if organisation.merged_into_id:
        _lead_on(organisation_id)
    queries.attach_details([organisation])
    prefetch_related_objects([organisation], "identifiers")
    shown: Any = organisation
    shown.shared_for = [
        one
        for watcher in READ_WATCHERS
        for one in watcher.note_opened(actor=actor, organisation=organisation, now=now)
    ]
    return organisation


def _lead_on(organisation_id: int) -> None:
    # Readers of an entry before a merge may have lost access, and its address is known: the target
    # is found as Proxeny itself, and revealed only to readers who see it.
    last = organisation_id
    with as_service("A merged entry may be hidden, but leads only to one that the reader sees."):
        while following := _merged_into(last):
            last = following
    if last != organisation_id and queries.organisation_names([last]):
        raise Moved(last)


def _merged_into(organisation_id: int) -> int | None:
    found = Organisation.objects.filter(pk=organisation_id)
    return found.values_list("merged_into_id", flat=True).first()


def export_organisations(
    *, actor: Reader, filters: Filters, fields: Sequence[str], now: datetime
) -> list[list[Any]]:
    """Return what the actor sees of the list as plain values; at most `queries.MAX_EXPORT` rows.

    A guarded fact that is not shown to the actor is None.

    Side effects: where entries are shared with the actor, an audit row with their number.

    Raises
    ------
    NotAllowed
        The actor is nobody.
    """
    if not rules.can_export(actor):
        raise NotAllowed(_("Sign in to download the list."))
    entries = queries.list_entries(filters, fields=fields)
    for watcher in READ_WATCHERS:
        watcher.note_exported(actor=actor, entries=entries, now=now)
    return [[entry.get(name) for name in fields] for entry in entries]


def export_listings(*, actor: Reader, filters: ListingFilters, now: datetime) -> list[Listing]:
    """Return the offers and needs that the actor finds, each with its organisation.

    Side effects: where they are of entries shared with the actor, an audit row with their number.

    Raises
    ------
    NotAllowed
        The actor is nobody.
    """
    if not rules.can_export(actor):
        raise NotAllowed(_("Sign in to download the list."))
    found = queries.list_all_listings(filters)
    owners = {one.organisation_id: one.organisation for one in found if not one.is_anonymous}
    entries = [
        {"id": one.pk, "steward_id": one.steward_id, "visibility": one.visibility}
        for one in owners.values()
    ]
    for watcher in READ_WATCHERS:
        watcher.note_exported(actor=actor, entries=entries, now=now)
    return found
