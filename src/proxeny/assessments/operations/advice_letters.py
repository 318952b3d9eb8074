"""Who is written when something is recommended, decided, or has become of it."""

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
from proxeny.assessments.operations.letters import askers_of, people_named, walled_from
from proxeny.assessments.queries.advised import engagement_of
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.letters import Letter, send, to_person
from proxeny.partnerships import rules as room_rules
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.queries import parties_of

State = Recommendation.State


def tell_step(actor: Reader, advice: Recommendation, before: str, now: datetime) -> None:
    """Mail who is to know of a step.

    Once it is proposed, who decides; after that who works on the assessment, and at the company
    whoever asked. Nobody is told of their own deed, nor of what is walled from them.
    """
    engagement = engagement_of(advice)
    if engagement is None:
        return
    today, is_for_company = now.date(), room_rules.is_for_company(advice)
    if advice.state != State.PROPOSED:
        _send(people_named(engagement), actor, advice,
              _stepped(engagement, advice, actor, _room_url(advice)))  # fmt: skip
        if is_for_company:
            _send(askers_of(engagement, today=today), actor, advice,
                  _stepped(engagement, advice, actor, _own_url(engagement, advice)))  # fmt: skip
    elif is_for_company:
        _send(askers_of(engagement, today=today), actor, advice,
              _proposed(engagement, advice, _own_url(engagement, advice)))  # fmt: skip
    else:
        _send(_deciders(engagement, advice, today), actor, advice,
              _proposed(engagement, advice, _room_url(advice)))  # fmt: skip


def tell_proposed(
    actor: Reader, engagement: Engagement, proposed: Sequence[Recommendation], *, now: datetime
) -> None:
    """Tell the managers of the sides that are to act how many recommendations wait for them.

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
            send(to_person(person, "assessments"), _counted(engagement, counts[pk]),
                 key=f"assessment:{engagement.pk}:advice:{proposed[0].pk}:{pk}")  # fmt: skip


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
    with as_service():
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
            subject=_("A recommendation waits for your decision: %(title)s") % words,
            lines=(
                _("An assessment recommends to you what stands below. Read what it rests on, and say "
                  "whether you follow it, wholly or in part, or not."),
            ),
            quote=advice.title, label=_("Read it and decide"), url=url,
            foot=_foot(engagement),
        )  # fmt: skip

    return write


def _counted(engagement: Engagement, count: int) -> Callable[[], Letter]:
    def write() -> Letter:
        line = ngettext(
            "The report of an assessment was given to the company that asked. %(count)d "
            "recommendation in it is for your side, and waits for your decision.",
            "The report of an assessment was given to the company that asked. %(count)d "
            "recommendations in it are for your side, and wait for your decision.", count,
        )  # fmt: skip
        path = reverse("partnerships:advice", args=[engagement.partnership_id])
        return Letter(
            subject=_("The report is out, and your side is advised: %(title)s")
            % {"title": engagement.title},
            lines=(line % {"count": count},), label=_("Read it and decide"),
            url=f"{settings.BASE_URL}{path}?source=assessment", foot=_foot(engagement),
        )  # fmt: skip

    return write


#: What is told of a step, and under which subject.
_SAID = {
    State.ACCEPTED: (gettext_lazy("A recommendation is accepted: %(title)s"),
                     gettext_lazy("%(name)s accepts it for %(side)s.")),
    State.AMENDED: (gettext_lazy("A recommendation is accepted with changes: %(title)s"),
                    gettext_lazy("%(name)s accepts it for %(side)s, with changes:")),
    State.REFUSED: (gettext_lazy("A recommendation is refused: %(title)s"),
                    gettext_lazy("%(name)s refuses it for %(side)s, with this reason:")),
    State.DOING: (gettext_lazy("A recommendation is under way: %(title)s"),
                  gettext_lazy("%(name)s says for %(side)s that it is under way.")),
    State.ADOPTED: (gettext_lazy("A recommendation is adopted: %(title)s"),
                    gettext_lazy("%(name)s says for %(side)s that it is done, and where to see it:")),
    State.DROPPED: (gettext_lazy("A recommendation is dropped: %(title)s"),
                    gettext_lazy("%(name)s drops it for %(side)s, with this reason:")),
}  # fmt: skip


def _stepped(
    engagement: Engagement, advice: Recommendation, actor: Reader, url: str
) -> Callable[[], Letter]:
    side = _side_of(engagement, advice, actor)

    def write() -> Letter:
        subject, line = _SAID[State(advice.state)]
        words = {"title": engagement.title, "name": actor.name, "side": side}
        said = advice.adoption if advice.state == State.ADOPTED else advice.reason
        return Letter(
            subject=str(subject) % words, lines=(advice.title, str(line) % words), quote=said,
            label=_("Open the recommendation"), url=url, foot=_foot(engagement),
        )  # fmt: skip

    return write


def _side_of(engagement: Engagement, advice: Recommendation, actor: Reader) -> str:
    """Return for whom somebody takes a step: the company, or the cluster where they have a seat."""
    if room_rules.is_for_company(advice):
        return engagement.client.name
    with as_service():
        mine = room_rules.party_joined(actor, parties_of(engagement.partnership))
    return mine.organisation.name if mine else ""


def _foot(engagement: Engagement) -> str:
    return _("You get this message because of a market assessment for %(name)s.") % {
        "name": engagement.client.name
    }
