"""Factories of what a room keeps."""

from datetime import date

import factory

from proxeny.partnerships import models

DAY = date(2026, 6, 1)


class _RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True


class AssessmentFactory(_RoomFactory):
    class Meta:
        model = models.Assessment

    brings = "Contacts"


class ObjectiveFactory(_RoomFactory):
    class Meta:
        model = models.Objective

    title = factory.Sequence(lambda n: f"Objective {n}")


class KeyResultFactory(_RoomFactory):
    class Meta:
        model = models.KeyResult

    partnership = factory.LazyAttribute(lambda row: row.objective.partnership)
    title = factory.Sequence(lambda n: f"Key result {n}")
    target = 10


class MeasurementFactory(_RoomFactory):
    class Meta:
        model = models.Measurement

    partnership = factory.LazyAttribute(lambda row: row.result.partnership)
    value = 4
    measured_on = DAY


class ActivityFactory(_RoomFactory):
    class Meta:
        model = models.Activity

    title = factory.Sequence(lambda n: f"Activity {n}")
    starts_on = DAY
    ends_on = DAY


class DependencyFactory(_RoomFactory):
    class Meta:
        model = models.Dependency

    partnership = factory.LazyAttribute(lambda row: row.activity.partnership)


class ChargeFactory(_RoomFactory):
    class Meta:
        model = models.Charge

    partnership = factory.LazyAttribute(lambda row: row.party.partnership)


class ActionFactory(_RoomFactory):
    class Meta:
        model = models.Action

    title = factory.Sequence(lambda n: f"Action {n}")
    due_on = DAY


class RiskFactory(_RoomFactory):
    class Meta:
        model = models.Risk

    title = factory.Sequence(lambda n: f"Risk {n}")
    inherent_likelihood = 4
    inherent_impact = 4
    current_likelihood = 3
    current_impact = 3
    residual_likelihood = 2
    residual_impact = 2
    response = "reduce"


class PlacementFactory(_RoomFactory):
    class Meta:
        model = models.Placement

    partnership = factory.LazyAttribute(lambda row: row.sender.partnership)
    proposed_by = factory.LazyAttribute(lambda row: row.sender)
    starts_on = DAY
    ends_on = date(2026, 8, 31)
    place = factory.Sequence(lambda n: f"Desk {n}")
    goals = "Twenty meetings"


class RhythmFactory(_RoomFactory):
    class Meta:
        model = models.Rhythm

    every_days = 30
    since_on = DAY


class FavourFactory(_RoomFactory):
    class Meta:
        model = models.Favour

    partnership = factory.LazyAttribute(lambda row: row.giver.partnership)
    noted_by = factory.LazyAttribute(lambda row: row.giver.organisation)
    kind = "hosting"
    what = factory.Sequence(lambda n: f"A desk for week {n}")
    happened_on = DAY


class FundingSourceFactory(_RoomFactory):
    class Meta:
        model = models.FundingSource

    name = factory.Sequence(lambda n: f"Source {n}")
    kind = "european"


class FundingLineFactory(_RoomFactory):
    class Meta:
        model = models.FundingLine

    partnership = factory.LazyAttribute(lambda row: row.source.partnership)
    year = 2026
    amount = 1000
    currency = "EUR"


class ExchangeRateFactory(_RoomFactory):
    class Meta:
        model = models.ExchangeRate

    currency = "GBP"
    rate = "1.15"
    since_on = DAY


class HealthReviewFactory(_RoomFactory):
    class Meta:
        model = models.HealthReview

    due_on = DAY


class HealthAnswerFactory(_RoomFactory):
    class Meta:
        model = models.HealthAnswer

    partnership = factory.LazyAttribute(lambda row: row.review.partnership)
    factor = "trust"
    value = 4


class RecommendationFactory(_RoomFactory):
    class Meta:
        model = models.Recommendation

    title = factory.Sequence(lambda n: f"Recommendation {n}")


class EvidenceFactory(_RoomFactory):
    class Meta:
        model = models.Evidence

    partnership = factory.LazyAttribute(lambda row: row.recommendation.partnership)
    kind = "figure"
    text = "Three of four meetings had a follow-up"
