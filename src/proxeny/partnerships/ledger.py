"""The ledger of a partnership: what is shared, what was read of it, what is no longer shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.queries import names_of
from proxeny.directory.queries import organisation_names
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.history import READING
from proxeny.partnerships.models import Partnership, Party, SharingGrant

Kind = SharingGrant.Kind
#: From here on a last day is told as coming near.
NEAR_DAYS = 30


@dataclass(frozen=True, slots=True)
class SharedItem:
    """One grant, as both sides read it.

    `what` is the name of the member or file, or the list; empty where the reader no longer sees
    the member.
    """

    grant: SharingGrant
    party: Party
    what: str
    facts: tuple[str, ...]
    is_live: bool
    days_left: int | None
    may_change: bool
    may_share_again: bool

    @property
    def is_near_its_end(self) -> bool:
        """Whether its last day is near."""
        return self.days_left is not None and self.days_left <= NEAR_DAYS

    @property
    def ended_on(self) -> date | None:
        """The day from which on it was not shared any more."""
        return self.grant.withdrawn_at.date() if self.grant.withdrawn_at else self.grant.ends_on


@dataclass(frozen=True, slots=True)
class ReadingItem:
    """Somebody read something that is shared."""

    at: datetime
    by: str
    whose: str
    side: str
    sentence: Any
    what: str
    of: Party | None
    rows: int | None


def list_items(reader: Reader, partnership: Partnership, *, today: date) -> list[SharedItem]:
    """Return all grants of a partnership, newest first. Three queries, whatever their number."""
    grants = queries.list_grants(partnership)
    kept = queries.kept_files(one.file_id for one in grants if one.file_id)
    return [_item(reader, partnership, one, today, kept) for one in grants]


def _item(
    reader: Reader, partnership: Partnership, grant: SharingGrant, today: date, kept: set[int]
) -> SharedItem:
    parties = queries.parties_of(partnership)
    is_own = grant.organisation_id in reader.managed
    is_live = rules.is_shared(grant, partnership, today=today)
    is_there = grant.file_id is None or grant.file_id in kept
    may_share = rules.can_share(reader, partnership, parties)
    return SharedItem(
        grant=grant,
        party=next(one for one in parties if one.organisation_id == grant.organisation_id),
        what=name_of(grant),
        facts=tuple(str(SharingGrant.Field(name).label) for name in grant.fields),
        is_live=is_live,
        days_left=(grant.ends_on - today).days if is_live and grant.ends_on else None,
        may_change=is_own and is_live,
        may_share_again=is_own and not is_live and may_share and is_there,
    )


def name_of(grant: SharingGrant) -> str:
    """Return what a grant shares; empty for a member that the reader does not see any more."""
    if grant.kind == Kind.FILE:
        return grant.file_name
    if grant.kind == Kind.LIST:
        return _("The member list")
    # Whether the reader still sees the member decides whether its name stands here.
    return grant.member.name if grant.member else ""


def find_readings(
    partnership: Partnership, *, verb: str = "", of: int | None = None
) -> QuerySet[AuditEntry]:
    """Return what was read, newest first.

    Parameters
    ----------
    verb : str
        A key of `READING`; all if empty.
    of : int, optional
        The organisation that shares.
    """
    found = AuditEntry.objects.filter(partnership_id=partnership.pk, verb__in=READING)
    if verb in READING:
        found = found.filter(verb=verb)
    if of is not None:
        found = found.filter(organisation_id=of)
    return found.order_by("-at", "-pk")


def tell_readings(partnership: Partnership, entries: Sequence[AuditEntry]) -> list[ReadingItem]:
    """Turn audit rows into what people read. Three queries for the names."""
    people = names_of(entry.person_id for entry in entries if entry.person_id)
    members = {one.target_id for one in entries if one.verb == "read_shared_member"}
    readers = {one.changes.get("by") for one in entries}
    names = organisation_names(pk for pk in members | readers if pk)
    files = queries.file_names(one.target_id for one in entries if one.verb == "read_shared_file")
    parties = {one.organisation_id: one for one in queries.parties_of(partnership)}
    return [_reading(entry, people, names, files, parties) for entry in entries]


def _reading(
    entry: AuditEntry,
    people: dict[int, str],
    names: dict[int, str],
    files: dict[int, str],
    parties: dict[int, Party],
) -> ReadingItem:
    by = entry.changes.get("by")
    what = {
        "read_shared_member": names.get(entry.target_id or 0, ""),
        "read_shared_file": files.get(entry.target_id or 0, ""),
    }.get(entry.verb, "")
    rows = entry.changes.get("rows")
    if rows is not None:
        what = ngettext("%(count)d entry", "%(count)d entries", rows) % {"count": rows}
    return ReadingItem(
        at=entry.at,
        by=people.get(entry.person_id or 0, ""),
        whose=names.get(by, ""),
        side=parties[by].side.lower() if by in parties else "",
        sentence=READING[entry.verb],
        what=what,
        of=parties.get(entry.organisation_id or 0),
        rows=rows,
    )
