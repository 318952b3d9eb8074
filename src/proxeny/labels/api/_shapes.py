"""A scheme as programs read it."""

from decimal import Decimal

from proxeny.kernel.api import Out


class SchemeIndicatorOut(Out):
    """An indicator that jurors score from 0 to `scale` points. Texts are given by language."""

    key: str
    title: dict[str, str]
    scale: int
    weight: int
    least: Decimal | None
    explanation: dict[str, str]
    guide: dict[str, str]
    evidence: dict[str, str]
    needs_file: bool


class SchemeCriterionOut(Out):
    """A group of indicators that count together. `least` is in percent."""

    key: str
    title: dict[str, str]
    weight: int
    least: Decimal | None
    explanation: dict[str, str]
    indicators: list[SchemeIndicatorOut]


class SchemeConditionOut(Out):
    """A condition that the applicant confirms."""

    key: str
    title: dict[str, str]


class SchemeLevelOut(Out):
    """A level, awarded from a total of `least` percent."""

    key: str
    title: dict[str, str]
    least: Decimal


class SchemeQuotaOut(Out):
    """A share of the places for projects of some countries: `1/3`, `33.00` for percent, or `10
    places`.
    """

    key: str
    title: dict[str, str]
    countries: list[str]
    least: str
    most: str | None


class SchemeIssuerOut(Out):
    """A cluster that awards the label."""

    name: str
    country: str


class SchemeTextOut(Out):
    """Everything that a label requires.

    Texts are given by language; amounts and percentages are exact and given as text.
    """

    title: dict[str, str]
    slug: str
    language: str
    languages: list[str]
    about: dict[str, str]
    audience: dict[str, str]
    recognition: dict[str, str]
    conflicts: dict[str, str]
    appeals: dict[str, str]
    countries: list[str]
    kinds: list[str]
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
    criteria: list[SchemeCriterionOut]
    conditions: list[SchemeConditionOut]
    levels: list[SchemeLevelOut]
    quotas: list[SchemeQuotaOut]
    issuers: list[SchemeIssuerOut]
