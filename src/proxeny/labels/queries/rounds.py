"""Rounds of labels: a single one, those of a label, and the progress of each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Application, Assignment, Juror, Round, Scheme
from proxeny.partnerships.models import Party


def get_round(partnership_id: int, round_id: int) -> Round:
    """Return a round of a room with its label and its version, archived or not. One query.

    Raises `NotFound` if the reader sees none.
    """
    found = Round.objects.select_related("scheme", "scheme_version")
    one = found.filter(pk=round_id, partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this round."))
    return one


def text_of_round(held: Round) -> SchemeText:
    """Return the scheme that a round is judged by; of one that is published. No query."""
    if held.scheme_version is None:
        raise NotFound(_("This round hasn’t been published yet."))
    return read_scheme(held.scheme_version.content)


def list_rounds(scheme: Scheme) -> list[Round]:
    """Return the rounds of a label that are not archived, the newest first. One query."""
    found = Round.objects.filter(scheme=scheme, dropped_at=None).select_related("scheme_version")
    return list(found.order_by("-opens_at", "-pk"))


def count_submitted(rounds: Iterable[Round]) -> dict[int, int]:
    """Return the numbers of submitted applications in rounds, as the reader sees them. One query.

    Only managers get numbers; drafts are counted for nobody.
    """
    found = Application.objects.filter(
        round__in=[one.pk for one in rounds], state=Application.State.SUBMITTED
    )
    counted = found.values("round_id").annotate(count=Count("pk")).order_by()
    return {row["round_id"]: row["count"] for row in counted}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a round, as one reader sees it.

    `jurors` are those who were asked and did not decline, by party; `ready` have declared. `full`
    applications have as many jurors as the scheme asks for; `judged` ones are scored by all of
    them.
    """

    submitted: int = 0
    jurors: dict[int, int] | None = None
    ready: int = 0
    full: int = 0
    judged: int = 0
    open: int = 0
    done: int = 0
    abstained: int = 0

    @property
    def lacks(self) -> int:
        """The number of applications that still lack a juror."""
        return self.submitted - self.full

    @property
    def is_scored(self) -> bool:
        """Whether each application has its jurors, and all of them have scored."""
        return self.submitted > 0 and self.lacks == 0 and self.open == 0

    def lacking(self, parties: Iterable[Party]) -> list[Party]:
        """Return the parties that have nobody in the jury."""
        found = self.jurors or {}
        return [one for one in parties if one.state == Party.State.JOINED and not found.get(one.pk)]


def progress_of(held: Round) -> Progress:
    """Return the progress of a round. Three queries."""
    taken = Q(eligible=None) | Q(eligible=True)
    asked = Application.objects.filter(taken, round=held, state=Application.State.SUBMITTED)
    numbers = set(asked.values_list("pk", flat=True))
    jurors: dict[int, int] = defaultdict(int)
    ready = 0
    for party, state, declared in Juror.objects.filter(round=held).values_list(
        "party_id", "state", "declared_at"
    ):
        if state != Juror.State.OUT:
            jurors[party] += 1
            ready += state == Juror.State.IN and declared is not None
    states: dict[int, list[str]] = defaultdict(list)
    given = Assignment.objects.filter(round=held, is_appeal=False)
    for number, state in given.values_list("application_id", "state"):
        if number in numbers:
            states[number].append(state)
    per = text_of_round(held).per if held.scheme_version else 1
    every = [one for those in states.values() for one in those]
    reading = {
        number: [one for one in those if one != Assignment.State.ABSTAINED]
        for number, those in states.items()
    }
    full = [number for number, those in reading.items() if len(those) >= per]
    return Progress(
        submitted=len(numbers),
        jurors=dict(jurors),
        ready=ready,
        full=len(full),
        judged=sum(all(one == Assignment.State.DONE for one in reading[number]) for number in full),
        open=every.count(Assignment.State.OPEN),
        done=every.count(Assignment.State.DONE),
        abstained=every.count(Assignment.State.ABSTAINED),
    )
