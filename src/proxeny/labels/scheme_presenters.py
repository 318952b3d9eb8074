"""A scheme in one language, as pages show it. Nothing here queries the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, get_language_info

from proxeny.directory.countries import country_name
from proxeny.labels.content import CriterionText, IndicatorText, SchemeText
from proxeny.labels.presenters import (
    tell_figures,
    tell_months,
    tell_percent,
    tell_points,
    tell_quota,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the language that it was found in, which may be another than one asked for."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, by its language."""
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    """An indicator; `least` in words, empty where it has no threshold of its own."""

    key: str
    title: Said
    explanation: Said
    guide: Said
    evidence: Said
    scale: int
    weight: int
    least: str
    needs_file: bool

    @property
    def pk(self) -> int:
        """The number of its record."""
        return int(self.key[1:])


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """A criterion; `share` of the total in words, `least` as for an indicator."""

    key: str
    title: Said
    explanation: Said
    weight: int
    share: str
    least: str
    indicators: tuple[ShownIndicator, ...]

    @property
    def pk(self) -> int:
        """The number of its record."""
        return int(self.key[1:])


@dataclass(frozen=True, slots=True)
class ShownIssuer:
    """A cluster that gives the label; `side` is its letter, for its colour."""

    name: str
    country: str
    side: str


@dataclass(frozen=True, slots=True)
class ShownScheme:
    """A scheme in one language; `levels` and `quotas` are names with what they say."""

    text: SchemeText
    title: Said
    about: Said
    audience: Said
    recognition: Said
    conflicts: Said
    appeals: Said
    criteria: tuple[ShownCriterion, ...]
    conditions: tuple[tuple[str, Said], ...]
    levels: tuple[tuple[Said, str], ...]
    quotas: tuple[tuple[Said, str], ...]
    issuers: tuple[ShownIssuer, ...]
    figures: tuple[tuple[str, str], ...]
    least: str
    valid: str


class _Reader:
    """Tells texts of a scheme in a language, or in its own."""

    def __init__(self, text: SchemeText, language: str) -> None:
        self.wanted = language or (get_language() or "en")[:2]
        self.own = text.language

    def __call__(self, text: Mapping[str, str]) -> Said:
        for language in (self.wanted, self.own, *text):
            if said := text.get(language):
                return Said(said, language)
        return Said("", self.wanted)


def show_scheme(text: SchemeText, language: str = "") -> ShownScheme:
    """Return a scheme in a language, the reader's if none is given. No query."""
    said = _Reader(text, language)
    total = sum(one.weight for one in text.criteria) or 1
    return ShownScheme(
        text=text,
        title=said(text.title),
        about=said(text.about),
        audience=said(text.audience),
        recognition=said(text.recognition),
        conflicts=said(text.conflicts),
        appeals=said(text.appeals),
        criteria=tuple(_criterion(one, said, total) for one in text.criteria),
        conditions=tuple((one.key, said(one.title)) for one in text.conditions),
        levels=tuple((said(one.title), tell_percent(one.least)) for one in text.levels),
        quotas=tuple(
            (said(one.title), tell_quota(one, str(said(one.title)))) for one in text.quotas
        ),
        issuers=tuple(
            ShownIssuer(one.name, country_name(one.country) if one.country else "", side)
            for one, side in zip(text.issuers, ["a", "b", *[""] * len(text.issuers)], strict=False)
        ),
        figures=tuple(tell_figures(text)),
        least=tell_percent(text.total_least),
        valid=tell_months(text.valid_months),
    )


def _criterion(one: CriterionText, said: _Reader, total: int) -> ShownCriterion:
    share = (Decimal(100) * one.weight / total).quantize(Decimal("0.1"))
    return ShownCriterion(
        one.key,
        said(one.title),
        said(one.explanation),
        one.weight,
        tell_percent(share),
        tell_percent(one.least) if one.least is not None else "",
        tuple(_indicator(each, said) for each in one.indicators),
    )


def _indicator(one: IndicatorText, said: _Reader) -> ShownIndicator:
    return ShownIndicator(
        one.key,
        said(one.title),
        said(one.explanation),
        said(one.guide),
        said(one.evidence),
        one.scale,
        one.weight,
        tell_points(one.least) if one.least is not None else "",
        one.needs_file,
    )
