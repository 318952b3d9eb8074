"""The keys by which meetings are grouped, and what the groups are called."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from proxeny.accounts.queries import names_of
from proxeny.directory.models import Membership, Organisation
from proxeny.directory.vocabularies import NACE, own_codes, own_label, parents_of
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.outcome_groups import Source, grouping_of, introduced, sources
from proxeny.partnerships.models import Party

_ONLY_TOTALS = "Members of the other cluster are counted, not named: the reader may not know them."
#: Groupings of meetings.
MEMBER, SECTOR, AMBASSADOR, EVENT, SOURCE = "member", "sector", "ambassador", "event", "source"
GROUPS = (MEMBER, SECTOR, AMBASSADOR, EVENT, SOURCE)
#: Those by which a party's own words count for it, and not the other's.
BY_PARTY = (MEMBER, SECTOR)
#: Key of own members without a known sector, and of own meetings without a named person.
UNSAID = "-"
#: Own groups come first, then the other sides' totals, and what belongs to no group.
KINDS = ("own", "side", "rest")

_RESTS = {
    MEMBER: lambda: _("Without any of your members"),
    SECTOR: lambda: _("Without any of your members"),
    AMBASSADOR: lambda: _("Not arranged by an ambassador"),
    EVENT: lambda: _("Outside events"),
    SOURCE: lambda: _("Arranged another way"),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Grouping keys of a partnership's meetings, for one side of it."""

    reader: Reader
    partnership_id: int
    by: str
    parties: Sequence[Party]

    @property
    def own(self) -> list[int]:
        """The clusters of the reader."""
        seats = self.reader.organisations
        return [one.organisation_id for one in self.parties if one.organisation_id in seats]

    @property
    def others(self) -> list[int]:
        """The clusters of the other sides."""
        return [one.organisation_id for one in self.parties if one.organisation_id not in self.own]

    def reading(self) -> AbstractContextManager[None]:
        """Return the role in which the meetings are counted by these keys.

        The reader may not know the members of the other cluster, and sees only a total of them.
        Requests are read with the reader's own permissions.
        """
        return as_service(_ONLY_TOTALS) if self.by in BY_PARTY else nullcontext()

    def of_meetings(self) -> list[QuerySet[Any]]:
        """Return rows of meeting and key; a meeting may have several by member or sector alone."""
        if self.by in BY_PARTY:
            return [self._of_members().values_list("meeting_id", "key").distinct()]
        return self._of_whole()

    def of_words(self) -> list[QuerySet[Any]]:
        """Return rows of party and key by member or sector, else those of meetings."""
        if self.by in BY_PARTY:
            return [self._of_members().values_list("pk", "key")]
        return self._of_whole()

    def _of_whole(self) -> list[QuerySet[Any]]:
        if self.by == AMBASSADOR:
            return [self._arranged()]
        if self.by == SOURCE:
            told = (find(self.partnership_id) for find in sources())
            return [introduced(self.partnership_id), *told]
        grouping = grouping_of(self.by)
        return [grouping.pairs(self.partnership_id)] if grouping else []

    def _of_members(self) -> QuerySet[Any]:
        """Return the places at meetings with their key: the member, or the sector of own ones."""
        met = MeetingParty.objects.filter(meeting__partnership_id=self.partnership_id)
        if self.by == SECTOR:
            return _with_sectors(met.filter(_of(self.own)))
        key = Case(
            When(_of(self.own), then=F("organisation_id")),
            # Other sides' members by their cluster alone.
            *(When(_of([one]), then=Value(-one)) for one in self.others),
        )
        return met.annotate(key=key).exclude(key=None)

    def _arranged(self) -> QuerySet[Any]:
        """Return the person of the own desk who arranged it, or minus the other desk's id."""
        key = Case(
            When(desk__in=self.own, arranged_by=None, then=Value(0)),
            When(desk__in=self.own, then=F("arranged_by_id")),
            default=-F("desk_id"),
            output_field=BigIntegerField(),
        )
        found = Meeting.objects.filter(partnership_id=self.partnership_id, desk__isnull=False)
        return found.values_list("pk", key)

    def kind_of(self, key: str) -> str:
        """Return whether a group is own, another side's total, or the rest."""
        if key in ("", UNSAID) or (self.by == AMBASSADOR and key == "0"):
            return "rest"
        return "side" if self.by in (MEMBER, AMBASSADOR) and key.startswith("-") else "own"

    def code_of(self, key: str) -> str:
        """Return the key of a group as programs read it."""
        if self.by == SOURCE and key:
            return Source(int(key)).name.lower()
        if self.by == AMBASSADOR and key == "0":
            return ""
        return key.removeprefix("-")

    def name_all(self, keys: Collection[str]) -> dict[str, str]:
        """Return what groups are called. One query, or none."""
        return {"": _RESTS[self.by](), **self._names([key for key in keys if key])}

    def _names(self, keys: Sequence[str]) -> dict[str, str]:
        if self.by == SECTOR:
            return {UNSAID: _("Not specified")} | {
                key: own_label(NACE, key) or key for key in keys if key != UNSAID
            }
        numbers = [int(key) for key in keys]
        if self.by == SOURCE:
            return {str(one): str(Source(one).label) for one in numbers}
        if self.by == MEMBER:
            named = Organisation.objects.filter(pk__in=[one for one in numbers if one > 0])
            names = {str(pk): name for pk, name in named.values_list("pk", "name")}
            return names | self._totals(_("All members of %(name)s"))
        if self.by == AMBASSADOR:
            people = names_of(one for one in numbers if one > 0)
            names = {str(one): people.get(one, _("Someone else")) for one in numbers if one > 0}
            return {"0": _("No one named"), **names} | self._totals(_("The desk of %(name)s"))
        grouping = grouping_of(self.by)
        return {str(pk): name for pk, name in grouping.name(numbers).items()} if grouping else {}

    def _totals(self, label: str) -> dict[str, str]:
        return {
            f"-{one.organisation_id}": label % {"name": one.organisation.name}
            for one in self.parties
        }


def _of(clusters: Collection[int]) -> Q:
    """Return the filter for some clusters' current and former members, and the clusters.

    Not for organisations merely kept by one, such as those abroad that its ambassador noted.
    """
    members = Membership.objects.filter(cluster__in=clusters).values("organisation_id")
    return Q(organisation__in=members) | Q(organisation__in=clusters)


def _with_sectors(met: QuerySet[MeetingParty]) -> QuerySet[MeetingParty]:
    """Add the NACE sections of the parties, each by its first code."""
    divisions: dict[str, list[str]] = {}
    for code in own_codes(NACE):
        divisions.setdefault(next(iter(parents_of(NACE, code)), code), []).append(code)
    key = Case(
        *(When(code__in=codes, then=Value(letter)) for letter, codes in divisions.items()),
        default=Value(UNSAID),
    )
    return met.annotate(code=Left("organisation__nace__0", 2), key=key)
