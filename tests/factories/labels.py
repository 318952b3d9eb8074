"""Factories of labels."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import factory
from django.utils import timezone

from proxeny.engine.credentials import encode_multikey
from proxeny.labels import models
from proxeny.labels.composing import compose, key_of
from proxeny.labels.content import to_json
from proxeny.labels.queries.schemes import read_parts
from proxeny.partnerships.models import Party

_CLOSED = datetime(2026, 3, 31, 15, tzinfo=UTC)


class SchemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Scheme

    title = "Atlas"
    slug = factory.Sequence(lambda n: f"atlas-{n}")
    languages = "en fr"
    about = "Projects that work on both shores."
    recognition = "Both clusters vouch for it."
    per = 2
    least_scores = 1


class _Of(factory.django.DjangoModelFactory):
    """Something of a scheme, in its partnership."""

    class Meta:
        abstract = True

    partnership = factory.LazyAttribute(lambda row: row.scheme.partnership)


class CriterionFactory(_Of):
    class Meta:
        model = models.Criterion

    title = factory.Sequence(lambda n: f"Criterion {n}")
    number = factory.Sequence(lambda n: n % 900 + 1)


class IndicatorFactory(_Of):
    class Meta:
        model = models.Indicator

    scheme = factory.LazyAttribute(lambda row: row.criterion.scheme)
    title = factory.Sequence(lambda n: f"Indicator {n}")
    number = factory.Sequence(lambda n: n % 900 + 1)
    least = 2


class ConditionFactory(_Of):
    class Meta:
        model = models.Condition

    title = "We sell in at least one of the two countries."


class LevelFactory(_Of):
    class Meta:
        model = models.Level

    title = "Gold"
    least = 80


class QuotaFactory(_Of):
    class Meta:
        model = models.Quota

    title = "France"
    countries = "FR"
    least = 33


class WordingFactory(_Of):
    class Meta:
        model = models.Wording

    key = "title"
    language = "fr"
    text = "Atlas (label)"
    of_hash = "0" * 64


class SchemeVersionFactory(_Of):
    """A version as it stands, published."""

    class Meta:
        model = models.SchemeVersion

    number = 1
    slug = factory.LazyAttribute(lambda row: row.scheme.slug)
    title = factory.LazyAttribute(lambda row: row.scheme.title)
    language = "en"
    content = factory.LazyAttribute(lambda row: content_of(row.scheme))
    published_at = datetime(2026, 1, 10, tzinfo=UTC)


def content_of(scheme: models.Scheme) -> dict[str, Any]:
    """Return what would be published of a scheme as it stands."""
    parties = Party.objects.filter(partnership=scheme.partnership).select_related("organisation")
    kept = models.Scheme.objects.get(pk=scheme.pk)
    return to_json(compose(read_parts(kept), parties.order_by("side")))


class RoundFactory(_Of):
    """A round in which one can apply since yesterday, for two weeks."""

    class Meta:
        model = models.Round

    scheme = factory.LazyAttribute(lambda row: row.scheme_version.scheme)
    title = "Spring 2026"
    state = "open"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))
    places = 2


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft of an organisation."""

    class Meta:
        model = models.Application

    partnership = factory.LazyAttribute(lambda row: row.round.partnership)
    scheme_version = factory.LazyAttribute(lambda row: row.round.scheme_version)
    title = "Nets that mend themselves"
    summary = "Fishing nets that show where they tear."
    country = factory.LazyAttribute(lambda row: row.organisation.country)
    contact_name = "Nora Example"
    contact_email = factory.Sequence(lambda n: f"nora{n}@applicant.example")


class _OfApplication(factory.django.DjangoModelFactory):
    """Something of an application, in its partnership."""

    class Meta:
        abstract = True

    partnership = factory.LazyAttribute(lambda row: row.application.partnership)


class AnswerFactory(_OfApplication):
    class Meta:
        model = models.Answer

    points = 4
    text = "Three harbours use them."
    saved_at = factory.LazyFunction(timezone.now)


class SubmissionFactory(_OfApplication):
    class Meta:
        model = models.Submission

    round = factory.LazyAttribute(lambda row: row.application.round)
    number = factory.Sequence(lambda n: n + 1)
    digest = "0" * 64
    submitted_at = factory.LazyFunction(timezone.now)
    content = factory.LazyAttribute(
        lambda row: {
            "title": row.application.title,
            "summary": row.application.summary,
            "country": row.application.country,
            "topics": [],
            "documents": [],
            "confirmed": [],
            "answers": [
                {"indicator": one.indicator, "text": one.text, "points": str(one.points)}
                for one in row.application.answers.all()
            ],
        }
    )


class DocumentFactory(_OfApplication):
    class Meta:
        model = models.Document

    number = factory.Sequence(lambda n: n + 1)
    name = "customers.txt"
    media_type = "text/plain"
    content = b"Three harbours."
    size = 15
    sha256 = "0" * 64


class QuestionFactory(_OfApplication):
    class Meta:
        model = models.Question

    text = "Which harbours?"
    asked_at = factory.LazyFunction(timezone.now)
    passed_on_at = factory.LazyFunction(timezone.now)


class JurorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Juror

    partnership = factory.LazyAttribute(lambda row: row.round.partnership)
    state = "in"
    asked_at = factory.LazyFunction(timezone.now)
    declared_at = factory.LazyFunction(timezone.now)


class AssignmentFactory(_OfApplication):
    class Meta:
        model = models.Assignment

    round = factory.LazyAttribute(lambda row: row.application.round)
    person = factory.LazyAttribute(lambda row: row.juror.person)
    assigned_at = factory.LazyFunction(timezone.now)


class ScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Score

    partnership = factory.LazyAttribute(lambda row: row.assignment.partnership)
    application = factory.LazyAttribute(lambda row: row.assignment.application)
    person = factory.LazyAttribute(lambda row: row.assignment.person)
    points = 4
    comment = "Convincing."
    saved_at = factory.LazyFunction(timezone.now)


class RemarkFactory(_OfApplication):
    class Meta:
        model = models.Remark

    text = "I was stricter than you here."
    said_at = factory.LazyFunction(timezone.now)


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Decision

    partnership = factory.LazyAttribute(lambda row: row.round.partnership)
    number = 1
    held_on = factory.LazyFunction(lambda: timezone.now().date())
    minutes = "All agreed."
    decided_at = factory.LazyFunction(timezone.now)
    content: Any = factory.LazyFunction(
        lambda: {
            "places": 2,
            "candidates": 1,
            "passed": 1,
            "chosen": [1],
            "waiting": [],
            "quotas": [],
        }
    )


class ResultFactory(_OfApplication):
    class Meta:
        model = models.Result

    round = factory.LazyAttribute(lambda row: row.application.round)
    standing = "chosen"
    rank = 1
    total = 80
    content: Any = factory.LazyFunction(
        lambda: {"indicators": [], "criteria": [], "total": "80", "passes": True}
    )
    feedback = "A project that others learn from."
    told_at = factory.LazyFunction(timezone.now)


class AppealFactory(_OfApplication):
    class Meta:
        model = models.Appeal

    text = "One of our documents was not read."
    asked_at = factory.LazyFunction(timezone.now)


class IssuerKeyFactory(factory.django.DjangoModelFactory):
    """A key that signs nothing: its sealed half is no key."""

    class Meta:
        model = models.IssuerKey

    number = 1
    public = factory.Sequence(lambda n: encode_multikey(sha256(str(n).encode()).digest()))
    store = "database"
    sealed = b"sealed"
    created_at = factory.LazyFunction(timezone.now)


class StatusListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.StatusList

    number = 1
    bits = b"\0" * 16384


class AwardFactory(factory.django.DjangoModelFactory):
    """An award that all have signed."""

    class Meta:
        model = models.Award

    partnership = factory.LazyAttribute(lambda row: row.scheme.partnership)
    code = factory.Sequence(lambda n: f"award{n:08}")
    holder = factory.LazyAttribute(lambda row: row.organisation.name)
    title = "Nets that mend themselves"
    country = factory.LazyAttribute(lambda row: row.organisation.country)
    total = 80
    valid_from = factory.LazyFunction(timezone.now)
    valid_until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=730))
    status_index = factory.Sequence(lambda n: n)
    credential: Any = factory.LazyFunction(dict)
    issued_at = factory.LazyFunction(timezone.now)


class RevocationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Revocation

    partnership = factory.LazyAttribute(lambda row: row.award.partnership)
    reason = "The project has ended."
    asked_at = factory.LazyFunction(timezone.now)


class CheckupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Checkup

    partnership = factory.LazyAttribute(lambda row: row.award.partnership)
    organisation = factory.LazyAttribute(lambda row: row.award.organisation)
    due_on = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=30))
    asked_at = factory.LazyFunction(timezone.now)
    achieved = "Two ports in Tunisia bought it."


def make_scheme(partnership: Any, **more: Any) -> models.SchemeVersion:
    """Return the published version of a label: two criteria, three indicators, two levels, a quota."""
    scheme = SchemeFactory(partnership=partnership, **more)
    first = CriterionFactory(scheme=scheme, number=1, title="Novelty", weight=2)
    second = CriterionFactory(scheme=scheme, number=2, title="Market", least=50)
    IndicatorFactory(criterion=first, number=1, title="New abroad")
    IndicatorFactory(criterion=second, number=1, title="Customers", weight=2)
    IndicatorFactory(criterion=second, number=2, title="Team", least=None)
    ConditionFactory(scheme=scheme)
    LevelFactory(scheme=scheme, title="Silver", least=60)
    LevelFactory(scheme=scheme, title="Gold", least=80)
    QuotaFactory(scheme=scheme)
    return SchemeVersionFactory(scheme=scheme)


def indicator_keys(scheme: models.Scheme) -> list[str]:
    """Return the keys of the indicators of a scheme, in their order."""
    return [key_of(one) for one in read_parts(scheme).indicators]


def make_submitted(held: models.Round, organisation: Any, **more: Any) -> models.Application:
    """Return an application of an organisation that answers everything and was submitted."""
    now = timezone.now()
    one = ApplicationFactory(
        round=held, organisation=organisation, state="submitted", submitted_at=now, **more
    )
    for key in indicator_keys(held.scheme):
        AnswerFactory(application=one, indicator=key)
    SubmissionFactory(application=one, number=held.submissions.count() + 1, submitted_at=now)
    return one
