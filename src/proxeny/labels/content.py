"""Schemes, applications and decisions as plain data, for signing, judging and storing.

Nothing here queries the database. Texts of a scheme are in several languages; `told` picks the
reader's. Keys name criteria, indicators, conditions, levels and quotas from the draft to the award.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from pydantic import TypeAdapter

from proxeny.engine.label import Share, read_share

#: A text by language.
type Text = dict[str, str]


def told(text: Mapping[str, str], language: str = "", *, written: str = "en") -> str:
    """Return a text in a language, the reader's if none is given; else as it was `written`."""
    chosen = language or (get_language() or "en")[:2]
    return text.get(chosen) or text.get(written) or next(iter(text.values()), "")


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """An indicator, scored by jurors from 0 to `scale` points."""

    key: str
    title: Text
    scale: int
    weight: int = 1
    least: Decimal | None = None
    explanation: Text = field(default_factory=dict)
    guide: Text = field(default_factory=dict)
    evidence: Text = field(default_factory=dict)
    needs_file: bool = False


@dataclass(frozen=True, slots=True)
class CriterionText:
    """Indicators that count together; `least` in percent."""

    key: str
    title: Text
    weight: int
    indicators: tuple[IndicatorText, ...]
    least: Decimal | None = None
    explanation: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConditionText:
    """A condition that an applicant confirms."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class LevelText:
    """A level, from `least` percent in total on."""

    key: str
    title: Text
    least: Decimal


@dataclass(frozen=True, slots=True)
class QuotaText:
    """A share of the places for projects of some countries, as `models.shares` writes shares."""

    key: str
    title: Text
    countries: tuple[str, ...]
    least: str
    most: str | None = None

    @property
    def ends(self) -> tuple[Share, Share | None]:
        """The least and the most."""
        return read_share(self.least), read_share(self.most) if self.most else None


@dataclass(frozen=True, slots=True)
class IssuerText:
    """A cluster that gives the label."""

    organisation: int
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class SchemeText:
    """A scheme as it is published; see `models.Scheme` for what the figures mean."""

    title: Text
    slug: str
    language: str
    languages: tuple[str, ...]
    about: Text
    audience: Text
    recognition: Text
    conflicts: Text
    appeals: Text
    countries: tuple[str, ...]
    kinds: tuple[str, ...]
    rule: str
    total_least: Decimal
    per: int
    least_scores: int
    is_anonymous: bool
    appeal_days: int
    currency: str
    fee_application: Decimal
    fee_award: Decimal
    valid_months: int
    renew_months: int
    criteria: tuple[CriterionText, ...]
    conditions: tuple[ConditionText, ...]
    levels: tuple[LevelText, ...]
    quotas: tuple[QuotaText, ...]
    issuers: tuple[IssuerText, ...]

    def told(self, text: Mapping[str, str], language: str = "") -> str:
        """Return one of its texts in a language, else in its own."""
        return told(text, language, written=self.language)

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return self.told(self.title)

    def indicators(self) -> Iterator[IndicatorText]:
        """Yield all indicators in their order."""
        for criterion in self.criteria:
            yield from criterion.indicators

    def indicator(self, key: str) -> IndicatorText | None:
        """Return the indicator of a key, or None."""
        return next((one for one in self.indicators() if one.key == key), None)

    def level(self, key: str) -> LevelText | None:
        """Return the level of a key, or None."""
        return next((one for one in self.levels if one.key == key), None)

    def quotas_of(self, country: str) -> tuple[QuotaText, ...]:
        """Return the quotas in which projects of a country count."""
        return tuple(one for one in self.quotas if country in one.countries)


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An applicant's statement on one indicator, with its own points."""

    indicator: str
    text: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A submitted document; jurors get it by its number."""

    number: int
    indicator: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application as it was submitted. `applicant` is empty where the scheme is anonymous."""

    title: str
    summary: str
    country: str
    topics: tuple[str, ...]
    answers: tuple[AnswerText, ...]
    documents: tuple[DocumentText, ...]
    confirmed: tuple[str, ...]
    applicant: str = ""
    website: str = ""
    renews: str = ""
    changed: str = ""

    def answer(self, indicator: str) -> AnswerText | None:
        """Return the answer for an indicator, or None."""
        return next((one for one in self.answers if one.indicator == indicator), None)


@dataclass(frozen=True, slots=True)
class IndicatorOutcome:
    """The result of an indicator: combined points, the number of scores, and their extremes."""

    key: str
    points: Decimal | None
    scores: int
    passes: bool
    lowest: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """The result of a criterion, in percent."""

    key: str
    percent: Decimal | None
    passes: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an application; percents are rounded to two places for reading only."""

    indicators: tuple[IndicatorOutcome, ...]
    criteria: tuple[CriterionOutcome, ...]
    total: Decimal | None
    passes: bool
    level: str = ""


@dataclass(frozen=True, slots=True)
class QuotaOutcome:
    """A quota's target, its fulfilment, and its cost.

    `lost` are points of the total; the applications in or out because of it are numbers of
    submissions.
    """

    key: str
    least: int
    most: int | None
    taken: int
    lost: Decimal
    into: tuple[int, ...] = ()
    out: tuple[int, ...] = ()
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """The decision on a round, by numbers of submissions.

    `preferred` are those that the jury put first among equals, `waived` the quotas that could not
    be kept, `as_far` whether a quota was filled as far as enough passed.
    """

    places: int | None
    candidates: int
    passed: int
    chosen: tuple[int, ...]
    waiting: tuple[int, ...]
    quotas: tuple[QuotaOutcome, ...]
    lost: Decimal = Decimal(0)
    preferred: tuple[int, ...] = ()
    waived: tuple[str, ...] = ()
    as_far: bool = False


_SCHEME = TypeAdapter(SchemeText)
_DOSSIER = TypeAdapter(Dossier)
_OUTCOME = TypeAdapter(Outcome)
_SELECTION = TypeAdapter(Selection)


def read_scheme(content: Mapping[str, Any]) -> SchemeText:
    """Return a scheme from its stored content."""
    return _SCHEME.validate_python(content)


def read_dossier(content: Mapping[str, Any]) -> Dossier:
    """Return an application from its stored content."""
    return _DOSSIER.validate_python(content)


def read_outcome(content: Mapping[str, Any]) -> Outcome:
    """Return the result of an application from its stored content."""
    return _OUTCOME.validate_python(content)


def read_selection(content: Mapping[str, Any]) -> Selection:
    """Return the decision on a round from its stored content."""
    return _SELECTION.validate_python(content)


def to_json(one: SchemeText | Dossier | Outcome | Selection) -> dict[str, Any]:
    """Return plain data for storage; figures with a point are texts."""
    plain: dict[str, Any] = TypeAdapter(type(one)).dump_python(one, mode="json")
    return plain
