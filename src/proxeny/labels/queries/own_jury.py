"""The juries of one person, and their assignments: it opens nothing else.

A juror needs no seat that opens the room: once they are known to be a juror, the round and the
applicants are read in the service role, by functions that limit the result.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.accounts.queries import live_seats
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Assignment, Juror, Round, Submission
from proxeny.labels.queries.jury import APPLICATION, list_submitted
from proxeny.partnerships.models import Interest

#: What comes along with a juror.
_WITH = ("round__scheme", "round__scheme_version", "party__organisation", "person", "partnership")


@dataclass(frozen=True, slots=True)
class Given:
    """An application assigned to the reader, by its number in the round."""

    assignment: Assignment
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class OwnJury:
    """A jury of one person, with what is theirs in it."""

    juror: Juror
    given: tuple[Given, ...] = ()

    @property
    def round(self) -> Round:
        """Its round."""
        return self.juror.round

    @property
    def open(self) -> int:
        """The number of applications waiting for scores."""
        return sum(one.assignment.state == Assignment.State.OPEN for one in self.given)

    @property
    def done(self) -> int:
        """The number of scored applications."""
        return sum(one.assignment.state == Assignment.State.DONE for one in self.given)


@dataclass(frozen=True, slots=True)
class Applicant:
    """An organisation that applies, as jurors read it before the first look, and what was said of it.

    `titles` are empty where the scheme is anonymous. `applications` are their numbers: no page shows
    them, for they would say which of the applications that one judges is whose. `is_own`: the reader
    holds a seat there. `said` is what was declared: a conflict, none, or nothing of all of them yet.
    """

    organisation_id: int
    name: str
    country: str
    titles: tuple[str, ...]
    applications: tuple[int, ...]
    is_own: bool
    said: bool | None
    reason: str = ""

    @property
    def conflicts(self) -> bool:
        """Whether there is a conflict, said or not."""
        return self.is_own or bool(self.said)


def list_own(reader: Reader) -> list[OwnJury]:
    """Return the juries of a person, the newest round first; those they left out. Three queries."""
    mine = _own(reader).exclude(state=Juror.State.OUT).values_list("pk", flat=True)
    with as_service("A juror's seat opens no room, but they may read the rounds they judge."):
        found = Juror.objects.filter(pk__in=list(mine), round__dropped_at=None)
        jurors = list(found.select_related(*_WITH).order_by("-round__closes_at", "-pk"))
    given = _given(reader, jurors)
    return [OwnJury(one, tuple(given[one.pk])) for one in jurors]


def read_own(reader: Reader, juror_id: int) -> OwnJury:
    """Return one jury of a person. Three queries; `NotFound` if they are not in it."""
    if not _own(reader).filter(pk=juror_id).exists():
        raise NotFound(_("You haven’t been invited to judge here."))
    with as_service("A juror's seat opens no room, but they may read the rounds they judge."):
        juror = Juror.objects.select_related(*_WITH).get(pk=juror_id)
    if juror.round.dropped_at is not None:
        raise NotFound(_("You haven’t been invited to judge here."))
    return OwnJury(juror, tuple(_given(reader, [juror])[juror.pk]))


def _own(reader: Reader) -> QuerySet[Juror]:
    return Juror.objects.filter(person_id=reader.person or 0)


def _given(reader: Reader, jurors: Sequence[Juror]) -> dict[int, list[Given]]:
    """Return the assignments of the reader's jurors, by number. At most two queries."""
    mine = Assignment.objects.filter(
        juror__in=[one.pk for one in jurors], person_id=reader.person or 0
    ).exclude(state=Assignment.State.ABSTAINED)
    rows = list(mine)
    read = Submission.objects.filter(
        application_id__in=[one.application_id for one in rows], withdrawn_at=None
    )
    handed = {
        row["application_id"]: (row["number"], row["content__title"])
        for row in read.values("application_id", "number", "content__title")
    }
    found: dict[int, list[Given]] = defaultdict(list)
    for one in rows:
        if one.application_id in handed:
            found[one.juror_id].append(Given(one, *handed[one.application_id]))
    for those in found.values():
        those.sort(key=lambda one: one.number)
    return found


def scheme_of(own: OwnJury) -> SchemeText | None:
    """Return the scheme that a round is judged by; None before it is published. No query."""
    version = own.round.scheme_version
    return read_scheme(version.content) if version else None


def list_applicants(reader: Reader, own: OwnJury, *, today: date) -> list[Applicant]:
    """Return the applicants of a round that the reader judges, by name. Three queries."""
    scheme = scheme_of(own)
    with as_service("Before judging, jurors have to see all applicants to declare conflicts."):
        submissions = list_submitted(own.round)
        found = Interest.objects.filter(
            person_id=reader.person or 0,
            subject=APPLICATION,
            subject_id__in=[one.application_id for one in submissions],
        )
        declared = {one.subject_id: one for one in found}
        seats = live_seats(today=today).filter(person_id=reader.person or 0)
        own_ids = set(seats.values_list("organisation_id", flat=True))
    handed: dict[int, list[Submission]] = defaultdict(list)
    for one in submissions:
        handed[one.application.organisation_id].append(one)
    shows = scheme is not None and not scheme.is_anonymous
    rows = [_applicant(those, declared, own_ids, shows=shows) for those in handed.values()]
    return sorted(rows, key=lambda one: (fold(one.name), one.organisation_id))


def _applicant(
    those: Sequence[Submission], declared: dict[int, Interest], own: set[int], *, shows: bool
) -> Applicant:
    who = those[0].application.organisation
    said = [declared.get(one.application_id) for one in those]
    conflict = next((one for one in said if one is not None and one.conflicts), None)
    return Applicant(
        who.pk,
        who.name,
        who.country,
        tuple(one.application.title for one in those) if shows else (),
        tuple(one.application_id for one in those),
        who.pk in own,
        True if conflict else (None if None in said else False),
        conflict.reason if conflict else "",
    )
