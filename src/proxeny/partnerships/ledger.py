"""The ledger of a partnership: what is shared, what was read of it, what is no longer shared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.accounts.queries import names_of
from proxeny.directory.queries import organisation_names
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.history import READING
from proxeny.partnerships.models import Partnership, Party, SharingGrant

Kind = SharingGrant.Kind
#: From here on a last day counts as near.
NEAR_DAYS = 30
#: Rows of a file of readings; the trail itself keeps all.
MAX_EXPORT = 20_000


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

    id: int
    verb: str
    at: datetime
    by: str
    whose: str
    side: str
    sentence: Any
    what: str
    of: Party | None
    rows: int | None


def open_ledger(reader: Reader, partnership_id: int) -> Partnership:
    """Return a partnership whose ledger the reader may read.

    Raises
    ------
    NotFound
        The reader does not see the partnership.
    NotAllowed
        The reader holds no seat in one of the two clusters, or it is not signed.
    """
    partnership = queries.get_partnership(partnership_id)
    if not rules.can_read_ledger(reader, partnership):
        raise NotAllowed(_("Only the cluster teams can see what is shared."))
    return partnership


def list_items(reader: Reader, partnership: Partnership, *, today: date) -> list[SharedItem]:
    """Return all grants of a partnership, newest first. Two queries, whatever their number."""
    return tell_items(reader, partnership, queries.list_grants(partnership), today=today)


def tell_items(
    reader: Reader, partnership: Partnership, grants: Sequence[SharingGrant], *, today: date
) -> list[SharedItem]:
    """Say of grants what both sides read. One query, or none."""
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
    # The name is only there if the reader still sees the member.
    return grant.member.name if grant.member else ""


#: The log of reads, newest first. A row of a file is a `ReadingItem`.
READINGS = Rows(
    "sharing-ledger",
    (
        Column("who", gettext_lazy("Who"), lambda one: one.by or one.whose),
        Column("how", gettext_lazy("How"), lambda one: one.sentence, ("verb", "-at")),
        Column("what", gettext_lazy("What"), lambda one: one.what),
        Column(
            "of",
            gettext_lazy("Shared by"),
            lambda one: one.of.organisation.name,
            ("organisation_id", "-at"),
        ),
        Column("when", gettext_lazy("When"), lambda one: one.at, ("at",)),
    ),
    sort="-when",
)


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
        id=entry.pk,
        verb=entry.verb,
        at=entry.at,
        by=people.get(entry.person_id or 0, ""),
        whose=names.get(by, ""),
        side=parties[by].side.lower() if by in parties else "",
        sentence=READING[entry.verb],
        what=what,
        of=parties.get(entry.organisation_id or 0),
        rows=rows,
    )


def table_of_readings(
    partnership: Partnership, found: QuerySet[AuditEntry]
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return the newest readings as a table: its head, and its rows."""
    head = (_("When"), _("Person"), _("Organisation"), _("How"), _("What"), _("Shared by"))
    rows: Iterator[tuple[object, ...]] = (
        (
            one.at.isoformat(timespec="seconds"),
            one.by,
            one.whose,
            one.sentence,
            one.what,
            one.of.organisation.name if one.of else "",
        )
        for one in tell_readings(partnership, list(found[:MAX_EXPORT]))
    )
    return head, rows
