"""The jury of a round, as the managers of the clusters see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.queries import live_seats
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.labels.models import Application, Assignment, Juror, Round, Submission
from proxeny.partnerships.models import Interest, Party

APPLICATION = Interest.Subject.APPLICATION
#: What a person may judge who is given by number: `(application, juror)`.
type Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seated:
    """A juror with what is theirs, as far as the reader sees it."""

    juror: Juror
    open: int = 0
    done: int = 0
    abstained: int = 0
    conflicts: int = 0

    @property
    def load(self) -> int:
        """The number of their applications."""
        return self.open + self.done

    @property
    def waits(self) -> str:
        """Their open task: `answer`, `declare` or `score`; empty: none."""
        if self.juror.state == Juror.State.ASKED:
            return "answer"
        if self.juror.state == Juror.State.OUT:
            return ""
        if self.juror.declared_at is None:
            return "declare"
        return "score" if self.open else ""


def get_juror(partnership_id: int, round_id: int, juror_id: int) -> Juror:
    """Return a juror of a round with person and side. One query; `NotFound` if there is none."""
    found = Juror.objects.filter(pk=juror_id, round_id=round_id, partnership_id=partnership_id)
    one = found.select_related("person", "party__organisation").first()
    if one is None:
        raise NotFound(_("We couldn’t find this juror."))
    return one


def list_jurors(held: Round) -> list[Seated]:
    """Return the jurors of a round by side and name, former ones last. Three queries."""
    found = Juror.objects.filter(round=held).select_related("person", "party__organisation")
    jurors = sorted(
        found,
        key=lambda one: (one.state == Juror.State.OUT, one.party.side, _name(one), one.pk),
    )
    counts: dict[tuple[int, str], int] = defaultdict(int)
    given = Assignment.objects.filter(round=held, is_appeal=False)
    for juror, state in given.values_list("juror_id", "state"):
        counts[juror, state] += 1
    asked = Application.objects.filter(round=held, state=Application.State.SUBMITTED)
    conflicts: dict[int, int] = defaultdict(int)
    for person in Interest.objects.filter(
        subject=APPLICATION,
        conflicts=True,
        subject_id__in=asked.values("pk"),
    ).values_list("person_id", flat=True):
        conflicts[person] += 1
    kinds = Assignment.State
    return [
        Seated(
            one,
            counts[one.pk, kinds.OPEN],
            counts[one.pk, kinds.DONE],
            counts[one.pk, kinds.ABSTAINED],
            conflicts[one.person_id or 0],
        )
        for one in jurors
    ]


def _name(one: Juror) -> str:
    return fold(one.person.name) if one.person else ""


def list_askable(held: Round, party: Party | None, *, today: date) -> list[Person]:
    """Return the people of a party's team outside the jury, by name. Two queries."""
    if party is None:
        return []
    there = Juror.objects.filter(round=held).exclude(state=Juror.State.OUT)
    seats = live_seats(today=today).filter(organisation_id=party.organisation_id)
    found = seats.exclude(person_id__in=there.values("person_id")).select_related("person")
    people = {seat.person_id: seat.person for seat in found if seat.person is not None}
    return sorted(people.values(), key=lambda one: (fold(one.name), one.pk))


def suggest_topics(submissions: Iterable[Submission]) -> list[str]:
    """Return the fields that applications name, each once, by name. No query."""
    found = {
        fold(topic): topic.strip()
        for one in submissions
        for topic in one.application.topics.split(",")
        if fold(topic)
    }
    return [found[key] for key in sorted(found)]


def list_submitted(held: Round) -> list[Submission]:
    """Return the eligible submissions, by number, with applicant. One query."""
    found = Submission.objects.filter(
        round=held, withdrawn_at=None, application__state=Application.State.SUBMITTED
    ).exclude(application__eligible=False)
    return list(found.select_related("application__organisation").order_by("number"))


def list_given(held: Round) -> list[Assignment]:
    """Return the assignments of first reviews, with their progress. One query."""
    found = Assignment.objects.filter(round=held, is_appeal=False)
    return list(found.order_by("application_id", "juror_id"))


def barred_pairs(
    jurors: Sequence[Juror], submissions: Sequence[Submission], *, today: date
) -> tuple[set[Pair], set[Pair]]:
    """Return the pairs with a declared conflict, and those with an own organisation. Two queries.

    By the ids of application and juror; what the reader does not see is left out.
    """
    people = {one.person_id: one.pk for one in jurors if one.person_id}
    asking: Mapping[int, list[int]] = _by_organisation(submissions)
    declared = Interest.objects.filter(
        subject=APPLICATION,
        conflicts=True,
        person_id__in=people,
        subject_id__in=[one.application_id for one in submissions],
    ).values_list("subject_id", "person_id")
    conflicts = {(application, people[person]) for application, person in declared}
    seats = live_seats(today=today).filter(person_id__in=people, organisation_id__in=asking)
    own = {
        (application, people[person])
        for person, organisation in seats.values_list("person_id", "organisation_id")
        if person
        for application in asking[organisation]
    }
    return conflicts, own


def _by_organisation(submissions: Sequence[Submission]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for one in submissions:
        found[one.application.organisation_id].append(one.application_id)
    return found
