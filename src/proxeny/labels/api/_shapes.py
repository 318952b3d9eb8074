"""A scheme as programs read it."""

from decimal import Decimal

from proxeny.kernel.api import Out


class SchemeIndicatorOut(Out):
    """What jurors score from 0 to `scale` points; texts by language."""

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
    """Indicators that count together; `least` in percent."""

    key: str
    title: dict[str, str]
    weight: int
    least: Decimal | None
    explanation: dict[str, str]
    indicators: list[SchemeIndicatorOut]


class SchemeConditionOut(Out):
    """What an applicant confirms."""

    key: str
    title: dict[str, str]


class SchemeLevelOut(Out):
    """A level, from `least` percent in total on."""

    key: str
    title: dict[str, str]
    least: Decimal


class SchemeQuotaOut(Out):
    """A share of the places for projects of some countries, in percent."""

    key: str
    title: dict[str, str]
    countries: list[str]
    least: Decimal
    most: Decimal | None


class SchemeIssuerOut(Out):
    """A cluster that gives the label."""

    name: str
    country: str


class SchemeTextOut(Out):
    """All that a label asks for. Texts by language; sums and percents as text, exact."""

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
