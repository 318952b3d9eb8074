"""A round that is judged: applications of members, jurors of both clusters, their scores."""

from dataclasses import dataclass
from decimal import Decimal

from proxeny.accounts.models import Person, Role
from proxeny.labels.models import Application, Assignment, Juror, Round
from tests.factories import labels as made
from tests.factories.accounts import SeatFactory
from tests.partnerships.rooms import party


@dataclass
class JudgedRound:
    """A round in state `judging`, the keys of its three indicators, and a juror of each cluster."""

    round: Round
    keys: list[str]
    greek: Juror
    french: Juror

    @property
    def version(self):
        """The scheme that it is judged by."""
        return self.round.scheme_version

    def set(self, **values) -> None:
        """Change the round as another part of the product would."""
        Round.objects.filter(pk=self.round.pk).update(**values)
        self.round.refresh_from_db()


def make_judged(world, *, state="judging", **scheme) -> JudgedRound:
    """Return a round of a label of A and B whose jury is there."""
    version = made.make_scheme(world.partnership, **scheme)
    held = made.RoundFactory(scheme_version=version, state=state)
    return JudgedRound(
        held,
        made.indicator_keys(version.scheme),
        make_juror(held, world, world.a, "Greek juror"),
        make_juror(held, world, world.b, "French juror"),
    )


def make_juror(held: Round, world, side, name: str, role=Role.JUROR) -> Juror:
    """Return a juror of a cluster, who holds no other seat."""
    seat = SeatFactory(person__name=name, organisation=side.cluster, role=role)
    return made.JurorFactory(round=held, person=seat.person, party=party(world, side))


def submit(judged: JudgedRound, organisation, **values) -> Application:
    """Return an application that was submitted in the round."""
    return made.make_submitted(judged.round, organisation, **values)


def assign(juror: Juror, application: Application, *points, **values) -> Assignment:
    """Return what a juror reads; with points for each indicator, None for one they cannot judge,
    they have finished."""
    values.setdefault("state", "done" if points else "open")
    given = made.AssignmentFactory(juror=juror, application=application, **values)
    keys = made.indicator_keys(juror.round.scheme)
    for key, one in zip(keys, points, strict=False):
        made.ScoreFactory(
            assignment=given, indicator=key, points=None if one is None else Decimal(str(one))
        )
    return given


def person(juror: Juror) -> Person:
    """Return who judges."""
    return juror.person
