"""A round that is decided: scores that make a ranking, a decision with its letters, appeals."""

from datetime import timedelta

from django.utils import timezone

from proxeny.accounts.models import Role, Seat
from proxeny.labels.models import Application, Decision, Quota, Result
from proxeny.labels.operations.deciding import decide_round
from proxeny.labels.operations.letters import send_letters
from proxeny.labels.operations.meetings import Meeting
from proxeny.labels.operations.selecting import Wish, read_proposal
from proxeny.labels.queries.rounds import get_round
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from tests.factories.labels import SchemeVersionFactory
from tests.labels.judging import JudgedRound, assign, make_judged, submit
from tests.partnerships.rooms import do


def make_ranked(world, *points, places=2, countries="", **scheme) -> JudgedRound:
    """Return a round that is discussed: each application has three equal points by both jurors.

    `countries` are those of the applications, such as "GR GR FR"; without them, of Greece.
    """
    judged = make_judged(world, state="discussing", **scheme)
    closed = timezone.now() - timedelta(days=3)
    judged.set(places=places, closes_at=closed, opens_at=closed - timedelta(days=30))
    members = [*world.a.members, *world.b.members]
    origins = countries.split() or ["GR"] * len(points)
    for number, (given, country) in enumerate(zip(points, origins, strict=True)):
        one = submit(
            judged,
            members[number % len(members)],
            country=country,
            title=f"Project {number + 1}",
            language="en",
        )
        if given is not None:
            for juror in (judged.greek, judged.french):
                assign(juror, one, given, given, given)
    return judged


def with_quota(judged, **values) -> None:
    """Let the quota of the scheme ask for something else: the round is judged by a second version."""
    scheme = judged.round.scheme
    Quota.objects.filter(scheme=scheme).update(**values)
    judged.set(scheme_version=SchemeVersionFactory(scheme=scheme, number=2))


def meeting(**values) -> Meeting:
    """Return a meeting that was today."""
    given = {
        "held_on": timezone.now().date(),
        "present": "Both sides.",
        "minutes": "All agreed.",
        **values,
    }
    return Meeting(**given)


def propose(person, judged, **wish):
    """Return the proposal as a person reads it."""

    def read(*, actor, now):
        held = get_round(judged.round.partnership_id, judged.round.pk)
        return read_proposal(actor=actor, held=held, wish=Wish(**wish))

    return do(person, read)


def put_decision(person, judged, *, seen=None, wish=None, **values) -> Decision:
    """Propose the decision on a round as it was shown to a person."""
    wish = wish or Wish()
    if seen is None:
        seen = propose(person, judged).fingerprint
    judged.round.refresh_from_db()
    return do(
        person,
        decide_round,
        partnership_id=judged.round.partnership_id,
        round_id=judged.round.pk,
        seen=seen,
        wish=wish,
        meeting=meeting(**values),
    )


def text_of(decision) -> Agreement:
    """Return the text by which a decision is confirmed."""
    found = Agreement.objects.filter(kind="round", subject=str(decision.pk))
    return found.order_by("-number").first()


def sign(person, decision) -> None:
    """Confirm a decision for one's own cluster."""
    text = text_of(decision)
    do(
        person,
        signing.sign_text,
        partnership_id=decision.partnership_id,
        agreement_id=text.pk,
        text_hash=text.text_hash,
    )


def confirm(decision) -> Decision:
    """Let a manager of each cluster that has not confirmed a decision confirm it."""
    text = text_of(decision)
    signed = set(text.sign_offs.values_list("party_id", flat=True))
    for party in decision.partnership.parties.exclude(pk__in=signed).order_by("pk"):
        seats = Seat.objects.filter(organisation=party.organisation, role=Role.MANAGER)
        sign(seats.earliest("pk").person, decision)
    return Decision.objects.get(pk=decision.pk)


def decide(person, judged, **values) -> Decision:
    """Decide a round as it was shown to a person; the other clusters confirm."""
    made = confirm(put_decision(person, judged, **values))
    judged.round.refresh_from_db()
    return made


def tell_all(person, judged, **values) -> int:
    """Send all letters of a round."""
    return do(
        person,
        send_letters,
        partnership_id=judged.round.partnership_id,
        round_id=judged.round.pk,
        **values,
    )


def application(judged, number: int) -> Application:
    """Return the application of a number."""
    return Application.objects.get(round=judged.round, submissions__number=number)


def result(judged, number: int) -> Result:
    """Return the result of an application that holds."""
    return Result.objects.get(application=application(judged, number), is_newest=True)


def standings(judged) -> list[str]:
    """Return where all stand, by number."""
    found = Result.objects.filter(round=judged.round, is_newest=True)
    return list(
        found.order_by("application__submissions__number").values_list("standing", flat=True)
    )


def decided(world, *points, **values) -> JudgedRound:
    """Return a round that A's manager has decided, all letters sent."""
    judged = make_ranked(world, *points, **values)
    decide(world.a.manager, judged)
    tell_all(world.a.manager, judged)
    return judged


def fresh(one):
    """Return a row as it stands."""
    return type(one).objects.get(pk=one.pk)


def owner(world, judged, number: int):
    """Return who speaks for the applicant of a number."""
    organisation = application(judged, number).organisation_id
    for side in (world.a, world.b):
        for member, person in zip(side.members, side.representatives, strict=True):
            if member.pk == organisation:
                return person
    raise AssertionError
