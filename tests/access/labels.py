"""The label of A and B in the crowd's world: a row of every table of labels.

In its round of spring A's member was awarded: A's juror judged it, and it appealed against its
points. In its round of autumn, which is open, B's member writes a draft.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from proxeny.accounts.models import Role, Seat
from proxeny.labels import models
from proxeny.labels.models import Application, Award, Round, Scheme
from proxeny.partnerships.models import Agreement, Interest
from tests.factories import labels as made
from tests.factories.partnerships import AgreementFactory, SignOffFactory
from tests.factories.world import World

Arguments = Callable[[Any], dict]


def fill(world: World) -> None:
    """Give the room of A and B a label with a row of every table."""
    now, room = timezone.now(), world.partnership
    side = room.parties.get(side="A")
    version = made.make_scheme(room, title="Atlas", slug="atlas")
    scheme = version.scheme
    made.WordingFactory(scheme=scheme)
    spring = made.RoundFactory(scheme_version=version, title="Spring", state="discussing")
    application = made.make_submitted(
        spring, world.a.members[0], summary="Nets by A’s member.", person=world.a.representatives[0]
    )
    key = made.indicator_keys(scheme)[0]
    made.DocumentFactory(application=application, indicator=key, person=world.a.representatives[0])
    made.QuestionFactory(application=application, asked_by=world.a.manager)
    juror = Seat.objects.get(organisation=world.a.cluster, role=Role.JUROR).person
    judging = made.JurorFactory(round=spring, person=juror, party=side)
    given = made.AssignmentFactory(juror=judging, application=application)
    made.ScoreFactory(assignment=given, indicator=key)
    made.RemarkFactory(application=application, person=judging.person)
    Interest.objects.create(
        partnership=room,
        person=judging.person,
        subject="application",
        subject_id=application.pk,
        conflicts=False,
        said_at=now,
    )
    decision = made.DecisionFactory(round=spring, person=world.a.manager)
    made.ResultFactory(decision=decision, application=application)
    made.AppealFactory(application=application, person=world.a.representatives[0])
    made.IssuerKeyFactory(organisation=world.a.cluster)
    status = made.StatusListFactory(scheme=scheme, taken=1)
    award = made.AwardFactory(
        scheme=scheme,
        scheme_version=version,
        application=application,
        decision=decision,
        organisation=world.a.members[0],
        status_list=status,
        status_index=0,
        code="awardofamember",
        # Everybody reads who has it: the name that its holder chose for that.
        holder="Nets of Piraeus",
    )
    made.RevocationFactory(award=award, person=world.a.manager)
    made.CheckupFactory(award=award)
    autumn = made.RoundFactory(scheme_version=version, title="Autumn")
    made.ApplicationFactory(
        round=autumn,
        organisation=world.b.members[0],
        title="Harbours",
        summary="Harbours of B.",
        person=world.b.representatives[0],
    )
    text = AgreementFactory(
        partnership=room,
        kind=Agreement.Kind.SCHEME,
        subject=str(scheme.pk),
        text="Atlas.",
        completed_at=now,
    )
    SignOffFactory(agreement=text, party=side, person=world.a.manager)


def scheme() -> Scheme:
    """Return the label."""
    return Scheme.objects.earliest("pk")


def judged_round(state: str = "discussing") -> Round:
    """Return the round of spring, in a state."""
    one = Round.objects.earliest("pk")
    Round.objects.filter(pk=one.pk).exclude(state=state).update(state=state)
    return Round.objects.get(pk=one.pk)


def open_round() -> Round:
    """Return the round of autumn, in which one can apply."""
    return Round.objects.order_by("pk")[1]


def submitted() -> Application:
    """Return the application of A's member, submitted and judged."""
    return Application.objects.earliest("pk")


def draft() -> Application:
    """Return the draft of B's member."""
    return Application.objects.latest("pk")


def award() -> Award:
    """Return the award of A's member."""
    return Award.objects.earliest("pk")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    one: dict[str, Any] = {
        name: getattr(models, name).objects.order_by("pk").first()
        for name in models.__all__
        if name != "LANGUAGES"
    }
    return {
        "the scheme of a label of A and B": [
            one[name]
            for name in (
                "Scheme",
                "Criterion",
                "Indicator",
                "Condition",
                "Level",
                "Quota",
                "Wording",
            )
        ],
        "what everybody reads of a label": [
            one["SchemeVersion"],
            one["Round"],
            one["IssuerKey"],
            one["StatusList"],
            one["Award"],
        ],
        "the application of A's member for a label": [submitted()],
        "what A's member handed in": [one["Submission"], one["Document"]],
        "the answers of A's member": [one["Answer"]],
        "a question about it": [one["Question"]],
        "a draft of B's member for a label": [draft()],
        "the jury of a label": [one["Juror"]],
        "scores of A's juror": [one["Assignment"], one["Score"], one["Remark"]],
        "a decision of the jury": [one["Decision"], one["Revocation"]],
        "the result of A's member": [one["Result"]],
        "the appeal of A's member": [one["Appeal"]],
        "what became of an award": [one["Checkup"]],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED: dict[str, str] = {
    "the scheme of a label of A and B": "about",
    # Who judges reads what was handed in, word for word; this is the applicant's and the clusters'.
    "the application of A's member for a label": "contact_name",
    "a draft of B's member for a label": "summary",
}
