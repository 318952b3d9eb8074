"""Reads of shared content and their log: both sides see who read what.

One row per person, object and day. The grant behind a read is looked up in the service role:
members of the other side read by grants that they do not see themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation, Visibility
from proxeny.directory.operations.reading import Entry, SharedFor
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import queries
from proxeny.partnerships.models import SharingGrant

Kind = SharingGrant.Kind


@transaction.atomic
def open_file(*, actor: Reader, grant_id: int, now: datetime) -> StoredFile:
    """Return a shared file for delivery to the actor.

    Side effects: an audit row, once a day, unless the actor is of the sharing cluster.

    Raises
    ------
    NotFound
        The actor does not see the grant; it is not for a file, no longer shared, or the file was
        removed.
    """
    grant = queries.get_grant(grant_id)
    is_own = grant.organisation_id in actor.organisations
    if not is_own and not grant.is_live(today=now.date()):
        raise NotFound(_("This file is no longer shared."))
    file = queries.get_file(grant.file_id)
    if not is_own:
        _note(actor, "read_shared_file", file, grant, now=now)
    return file


class ReadingWatch:
    """Notes what is read in the directory; see `directory.operations.reading.Watcher`."""

    def note_opened(
        self, *, actor: Reader, organisation: Organisation, now: datetime
    ) -> list[SharedFor]:
        """Record that an entry was opened, for each partnership that shares it with the actor.

        Returns the purposes of sharing, to people with a seat in a party.
        """
        entry = {
            "id": organisation.pk,
            "steward_id": organisation.steward_id,
            "visibility": organisation.visibility,
        }
        if not _is_foreign(actor, entry):
            return []
        owed = [grant for grant in _grants_of(actor, now) if _is_owed(actor, entry, grant)]
        for grant in {grant.partnership_id: grant for grant in reversed(owed)}.values():
            _note(actor, "read_shared_member", organisation, grant, now=now)
        return [
            SharedFor(grant.purpose, grant.ends_on, grant.partnership_id)
            for grant in owed
            if grant.pk in actor.grants
        ]

    def note_exported(self, *, actor: Reader, entries: Sequence[Entry], now: datetime) -> None:
        """Note how many entries of each sharing cluster were given as a file.

        A second file on the same day is noted if it holds more.
        """
        foreign = [entry for entry in entries if _is_foreign(actor, entry)]
        if not foreign:
            return
        for first, owed in _counted(actor, foreign, _grants_of(actor, now)):
            more = {"rows": owed}
            _note(
                actor,
                "export_shared_list",
                first,
                first,
                now=now,
                more=more,
                like=Q(changes__rows__gte=owed),
            )


def _is_foreign(actor: Reader, entry: Entry) -> bool:
    """Whether an entry is another cluster's and may be shared with the actor. No query."""
    own = {*actor.organisations, *actor.clusters}
    if entry["id"] in own or entry["steward_id"] in own:
        return False
    return entry["steward_id"] in actor.sharers or entry["id"] in actor.shared


def _grants_of(actor: Reader, now: datetime) -> list[SharingGrant]:
    with as_service("Members of the other side read by grants that they do not see."):
        found = SharingGrant.objects.filter(
            queries.is_shared_on(now.date()),
            partnership_id__in={*actor.rooms, *actor.circles},
            kind__in=(Kind.LIST, Kind.MEMBER),
        )
        return list(found.order_by("kind", "pk"))


def _is_owed(actor: Reader, entry: Entry, grant: SharingGrant) -> bool:
    """Whether this grant lets the actor see the entry, or more of it than everybody."""
    if grant.organisation_id in actor.organisations:
        return False
    if grant.kind == Kind.MEMBER:
        is_covered = grant.member_id == entry["id"]
    else:
        is_covered = grant.organisation_id == entry["steward_id"] and entry["visibility"] in (
            Visibility.PARTNERSHIP,
            Visibility.PUBLIC,
        )
    shows_more = bool(grant.fields) and grant.pk in actor.grants
    return is_covered and (entry["visibility"] != Visibility.PUBLIC or shows_more)


def _counted(
    actor: Reader, entries: Iterable[Entry], grants: Iterable[SharingGrant]
) -> Iterator[tuple[SharingGrant, int]]:
    """Yield the first grant of each sharing cluster and partnership with the number of entries."""
    found: dict[tuple[int, int], tuple[SharingGrant, set[int]]] = {}
    for grant in grants:
        key = (grant.organisation_id, grant.partnership_id)
        owed = {entry["id"] for entry in entries if _is_owed(actor, entry, grant)}
        if owed:
            found.setdefault(key, (grant, set()))[1].update(owed)
    for first, ids in found.values():
        yield first, len(ids)


def _note(
    actor: Reader,
    verb: str,
    target: models.Model,
    grant: SharingGrant,
    *,
    now: datetime,
    more: dict[str, Any] | None = None,
    like: Q | None = None,
) -> None:
    audit.record_once(
        actor,
        verb,
        target,
        since=now.replace(hour=0, minute=0, second=0, microsecond=0),
        like=like,
        organisation_id=grant.organisation_id,
        partnership_id=grant.partnership_id,
        changes=lambda: {"by": _whose(actor, grant), **(more or {})},
    )


def _whose(actor: Reader, grant: SharingGrant) -> int | None:
    """Return for which organisation the actor reads: a party they hold a seat in, or their own."""
    with as_service("The log names the side that reads, whatever its people see of the parties."):
        parties = set(grant.partnership.parties.values_list("organisation_id", flat=True))
    staffed = [one for one in actor.organisations if one in parties]
    return next(iter([*staffed, *actor.organisations]), None)
