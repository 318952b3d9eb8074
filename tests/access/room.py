"""What the crowd's room of A and B keeps: a row of each table, and how its pages are tried."""

from datetime import date

from django.db.models import Model

from proxeny.partnerships import models
from proxeny.partnerships.models import Agreement, Party
from tests.factories import rooms
from tests.factories.partnerships import AgreementFactory, DelegationFactory
from tests.factories.world import World


def fill_room(world: World) -> None:
    """Give the room a row of every table; A's side noted and answered, B's has yet to."""
    partnership = world.partnership
    a, b = Party.objects.filter(partnership=partnership).order_by("side")
    rooms.AssessmentFactory(partnership=partnership, organisation=a.organisation)
    objective = rooms.ObjectiveFactory(partnership=partnership)
    rooms.MeasurementFactory(result=rooms.KeyResultFactory(objective=objective))
    first = rooms.ActivityFactory(partnership=partnership)
    rooms.DependencyFactory(activity=rooms.ActivityFactory(partnership=partnership), needs=first)
    rooms.ChargeFactory(party=a, person=world.a.manager, activity=first)
    rooms.ActionFactory(partnership=partnership)
    rooms.RiskFactory(partnership=partnership)
    rooms.PlacementFactory(sender=a, host=b, person=world.a.ambassador, starts_on=date(2026, 1, 1))
    rooms.RhythmFactory(partnership=partnership)
    rooms.FavourFactory(giver=a, receiver=b)
    source = rooms.FundingSourceFactory(partnership=partnership)
    rooms.FundingLineFactory(source=source)
    rooms.ExchangeRateFactory(partnership=partnership)
    review = rooms.HealthReviewFactory(partnership=partnership)
    rooms.HealthAnswerFactory(review=review, party=a, person=world.a.manager)
    rooms.EvidenceFactory(
        recommendation=rooms.RecommendationFactory(partnership=partnership, addressee="all")
    )
    DelegationFactory(giver=a, receiver=b, matter="rounds", note="Up to ten awards")
    AgreementFactory(partnership=partnership, kind=Agreement.Kind.EXIT, text="How we would part.")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record of the room, one a table."""
    one = {
        name: getattr(models, name).objects.order_by("pk").first()
        for name in (
            "Objective",
            "KeyResult",
            "Measurement",
            "Activity",
            "Dependency",
            "Charge",
            "Action",
            "Risk",
            "Placement",
            "Rhythm",
            "Favour",
            "FundingSource",
            "FundingLine",
            "ExchangeRate",
            "HealthReview",
            "HealthAnswer",
            "Recommendation",
            "Evidence",
            "Assessment",
            "Delegation",
        )
    }
    return {
        "goals and figures of the room": [one["Objective"], one["KeyResult"], one["Measurement"]],
        "plan, risks and actions of the room": [
            one["Risk"],
            one["Activity"],
            one["Dependency"],
            one["Charge"],
            one["Action"],
        ],
        "stays and visits of the room": [one["Placement"]],
        "give and take, and the rhythm": [one["Favour"], one["Rhythm"]],
        "money of the room": [one["FundingSource"], one["FundingLine"], one["ExchangeRate"]],
        "recommendations of the room": [one["Recommendation"], one["Evidence"]],
        "a delegation of A": [one["Delegation"]],
        "a health review": [one["HealthReview"]],
        "an answer of A's manager to it, before it is shown": [one["HealthAnswer"]],
        "what A thinks for itself": [one["Assessment"]],
        "a text that waits for signatures": [Agreement.objects.get(kind="exit")],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED = {
    "goals and figures of the room": "title",
    "plan, risks and actions of the room": "title",
    "stays and visits of the room": "place",
    "give and take, and the rhythm": "what",
    "money of the room": "name",
    "recommendations of the room": "title",
    "what A thinks for itself": "brings",
    "a text that waits for signatures": "text",
}
