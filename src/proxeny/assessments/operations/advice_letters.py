"""Mails about recommendations: proposals, decisions and outcomes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.accounts.models import Person
from proxeny.accounts.queries import managers_of
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.mail_parts import askers_of, people_named, walled_from
from proxeny.assessments.queries.advised import engagement_of
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.mails import Letter, send, to_person
from proxeny.partnerships import rules as room_rules
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.queries import parties_of

State = Recommendation.State


def tell_step(actor: Reader, advice: Recommendation, before: str, now: datetime) -> None:
    """Mail a step of a recommendation to the people concerned.

    A proposal goes to those who decide on it; later steps go to the people working on the
    assessment and, at the company, to the person who asked. Nobody is told of their own action, nor
    of anything that a conflict of interest hides from them.
    """
    engagement = engagement_of(advice)
    if engagement is None:
        return
    today, is_for_company = now.date(), room_rules.is_for_company(advice)
    if advice.state != State.PROPOSED:
        _send(
            people_named(engagement),
            actor,
            advice,
            _stepped(engagement, advice, actor, _room_url(advice)),
        )
        if is_for_company:
            _send(
                askers_of(engagement, today=today),
                actor,
                advice,
                _stepped(engagement, advice, actor, _own_url(engagement, advice)),
            )
    elif is_for_company:
        _send(
            askers_of(engagement, today=today),
            actor,
            advice,
            _proposed(engagement, advice, _own_url(engagement, advice)),
        )
    else:
        _send(
            _deciders(engagement, advice, today),
            actor,
            advice,
            _proposed(engagement, advice, _room_url(advice)),
        )


def tell_proposed(
    actor: Reader, engagement: Engagement, proposed: Sequence[Recommendation], *, now: datetime
) -> None:
    """Tell the managers of the acting sides how many recommendations are waiting for them.

    One mail a person. The company that asked is told by the letter of its report.
    """
    counts: Counter[int] = Counter()
    people: dict[int, Person] = {}
    for advice in proposed:
        for person in _deciders(engagement, advice, now.date()):
            people[person.pk] = person
            counts[person.pk] += 1
    for pk, person in people.items():
        if pk != actor.person:
            send(
                to_person(person, "assessments"),
                _counted(engagement, counts[pk]),
                key=f"assessment:{engagement.pk}:advice:{proposed[0].pk}:{pk}",
            )


def _send(
    people: Iterable[Person], actor: Reader, advice: Recommendation, write: Callable[[], Letter]
) -> None:
    for person in people:
        if person.pk != actor.person:
            send(
                to_person(person, "assessments"),
                write,
                key=f"advice:{advice.pk}:{advice.version}:{person.pk}",
            )


def _deciders(engagement: Engagement, advice: Recommendation, today: date) -> list[Person]:
    walled = walled_from(engagement)
    with as_service("Every manager who is to decide is told, whatever the actor may see."):
        acting = room_rules.acting_parties(advice, parties_of(engagement.partnership))
        found = managers_of([one.organisation_id for one in acting], today=today)
    return [one for one in found if one.pk not in walled]


def _own_url(engagement: Engagement, advice: Recommendation) -> str:
    path = reverse("assessments:own-advice-one", args=[engagement.pk, advice.pk])
    return f"{settings.BASE_URL}{path}"


def _room_url(advice: Recommendation) -> str:
    path = reverse("partnerships:recommendation", args=[advice.partnership_id, advice.pk])
    return f"{settings.BASE_URL}{path}"


def _proposed(engagement: Engagement, advice: Recommendation, url: str) -> Callable[[], Letter]:
    def write() -> Letter:
        words = {"title": engagement.title}
        return Letter(
            subject=_("A recommendation is waiting for your decision: %(title)s") % words,
            lines=(
                _(
                    "A market assessment includes the following recommendation for you. Read the "
                    "evidence behind it, then accept it, accept it with changes or refuse it."
                ),
            ),
            quote=advice.title,
            label=_("Read and decide"),
            url=url,
            foot=_foot(engagement),
        )

    return write


def _counted(engagement: Engagement, count: int) -> Callable[[], Letter]:
    def write() -> Letter:
        line = ngettext(
            "The report of an assessment has been sent to the company that requested it. It "
            "contains %(count)d recommendation for your side, which is waiting for your decision.",
            "The report of an assessment has been sent to the company that requested it. It "
            "contains %(count)d recommendations for your side, which are waiting for your "
            "decision.",
            count,
        )
        path = reverse("partnerships:advice", args=[engagement.partnership_id])
        return Letter(
            subject=_("Report sent, with recommendations for your side: %(title)s")
            % {"title": engagement.title},
            lines=(line % {"count": count},),
            label=_("Read and decide"),
            url=f"{settings.BASE_URL}{path}?source=assessment",
            foot=_foot(engagement),
        )

    return write


#: What is told of a step, and under which subject.
_SAID = {
    State.ACCEPTED: (
        gettext_lazy("Recommendation accepted: %(title)s"),
        gettext_lazy("%(name)s has accepted it on behalf of %(side)s."),
    ),
    State.AMENDED: (
        gettext_lazy("Recommendation accepted with changes: %(title)s"),
        gettext_lazy("%(name)s has accepted it on behalf of %(side)s, with changes:"),
    ),
    State.REFUSED: (
        gettext_lazy("Recommendation refused: %(title)s"),
        gettext_lazy("%(name)s has refused it on behalf of %(side)s, for this reason:"),
    ),
    State.DOING: (
        gettext_lazy("Recommendation under way: %(title)s"),
        gettext_lazy("%(name)s reports on behalf of %(side)s that it’s under way."),
    ),
    State.ADOPTED: (
        gettext_lazy("Recommendation adopted: %(title)s"),
        gettext_lazy(
            "%(name)s reports on behalf of %(side)s that it’s done, and where this can be seen:"
        ),
    ),
    State.DROPPED: (
        gettext_lazy("Recommendation dropped: %(title)s"),
        gettext_lazy("%(name)s has dropped it on behalf of %(side)s, for this reason:"),
    ),
}


def _stepped(
    engagement: Engagement, advice: Recommendation, actor: Reader, url: str
) -> Callable[[], Letter]:
    side = _side_of(engagement, advice, actor)

    def write() -> Letter:
        subject, line = _SAID[State(advice.state)]
        words = {"title": engagement.title, "name": actor.name, "side": side}
        said = advice.adoption if advice.state == State.ADOPTED else advice.reason
        return Letter(
            subject=str(subject) % words,
            lines=(advice.title, str(line) % words),
            quote=said,
            label=_("Open the recommendation"),
            url=url,
            foot=_foot(engagement),
        )

    return write


def _side_of(engagement: Engagement, advice: Recommendation, actor: Reader) -> str:
    """Return the name of the party taking a step: the company, or the actor's cluster."""
    if room_rules.is_for_company(advice):
        return engagement.client.name
    with as_service("The letter names the side that acts, whatever the actor may see."):
        mine = room_rules.party_joined(actor, parties_of(engagement.partnership))
    return mine.organisation.name if mine else ""


def _foot(engagement: Engagement) -> str:
    return _("You’re receiving this message because of a market assessment for %(name)s.") % {
        "name": engagement.client.name
    }
