"""A scheme composed of its parts and its translations. Nothing here queries the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from proxeny.labels.content import (
    ConditionText,
    CriterionText,
    IndicatorText,
    IssuerText,
    LevelText,
    QuotaText,
    SchemeText,
    Text,
)
from proxeny.labels.models import (
    Condition,
    Criterion,
    Indicator,
    Level,
    Quota,
    Scheme,
    Wording,
)
from proxeny.partnerships.models import Party

#: Letters that begin the key of a part, by its model.
LETTERS: dict[type[models.Model], str] = {
    Criterion: "c",
    Indicator: "i",
    Condition: "k",
    Level: "l",
    Quota: "q",
}
#: The texts of a scheme that are told in several languages, by model, in the order of a page.
TEXTS: dict[type[models.Model], tuple[str, ...]] = {
    Scheme: ("title", "about", "audience", "recognition", "conflicts", "appeals"),
    Condition: ("title",),
    Criterion: ("title", "explanation"),
    Indicator: ("title", "explanation", "guide", "evidence"),
    Level: ("title",),
    Quota: ("title",),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A scheme with all its parts that are not archived, each in its order."""

    scheme: Scheme
    criteria: Sequence[Criterion] = ()
    indicators: Sequence[Indicator] = ()
    conditions: Sequence[Condition] = ()
    levels: Sequence[Level] = ()
    quotas: Sequence[Quota] = ()
    wordings: Sequence[Wording] = ()

    def rows(self) -> Iterator[models.Model]:
        """Yield the scheme and all of its parts."""
        yield self.scheme
        yield from self.conditions
        for criterion in self.criteria:
            yield criterion
            yield from self.indicators_of(criterion)
        yield from self.levels
        yield from self.quotas

    def indicators_of(self, criterion: Criterion) -> list[Indicator]:
        """Return the indicators of a criterion."""
        return [one for one in self.indicators if one.criterion_id == criterion.pk]


def key_of(one: models.Model) -> str:
    """Return the key by which a part of a scheme is known in what is published."""
    return f"{LETTERS[type(one)]}{one.pk}"


def text_key(one: models.Model, name: str) -> str:
    """Return the key of a text: `title` of the scheme, `i12.guide` of a part."""
    return name if isinstance(one, Scheme) else f"{key_of(one)}.{name}"


def codes(text: str) -> tuple[str, ...]:
    """Return the space-separated codes in a text."""
    return tuple(text.split())


def compose(parts: Parts, parties: Iterable[Party]) -> SchemeText:
    """Return the publication of a scheme in its current state."""
    scheme = parts.scheme
    words = _Words(scheme, parts.wordings)
    return SchemeText(
        title=words(scheme, "title"),
        slug=scheme.slug,
        language=scheme.language,
        languages=codes(scheme.languages),
        about=words(scheme, "about"),
        audience=words(scheme, "audience"),
        recognition=words(scheme, "recognition"),
        conflicts=words(scheme, "conflicts"),
        appeals=words(scheme, "appeals"),
        countries=codes(scheme.countries),
        kinds=codes(scheme.kinds),
        rule=scheme.rule,
        total_least=scheme.total_least,
        per=scheme.per,
        least_scores=scheme.least_scores,
        is_anonymous=scheme.is_anonymous,
        appeal_days=scheme.appeal_days,
        currency=scheme.currency,
        fee_application=scheme.fee_application,
        fee_award=scheme.fee_award,
        valid_months=scheme.valid_months,
        renew_months=scheme.renew_months,
        criteria=tuple(_criterion(one, parts, words) for one in parts.criteria),
        conditions=tuple(
            ConditionText(key_of(one), words(one, "title")) for one in parts.conditions
        ),
        levels=tuple(
            LevelText(key_of(one), words(one, "title"), one.least)
            for one in sorted(parts.levels, key=lambda one: (one.least, one.pk))
        ),
        quotas=tuple(
            QuotaText(
                key_of(one), words(one, "title"), codes(one.countries), one.least, one.most or None
            )
            for one in parts.quotas
        ),
        issuers=tuple(
            IssuerText(one.organisation_id, one.organisation.name, one.organisation.country)
            for one in parties
            if one.state == Party.State.JOINED
        ),
    )


class _Words:
    """The texts of a scheme in all of its languages."""

    def __init__(self, scheme: Scheme, wordings: Iterable[Wording]) -> None:
        self.scheme = scheme
        self.languages = codes(scheme.languages)
        self.found: Mapping[tuple[str, str], str] = {
            (one.key, one.language): one.text for one in wordings
        }

    def __call__(self, one: models.Model, name: str) -> Text:
        """Return a text by language: as it is written, and where it was translated."""
        text = str(getattr(one, name))
        if not text:
            return {}
        key, told = text_key(one, name), {self.scheme.language: text}
        for language in self.languages:
            if other := self.found.get((key, language)):
                told.setdefault(language, other)
        return told


def _criterion(one: Criterion, parts: Parts, words: _Words) -> CriterionText:
    return CriterionText(
        key_of(one),
        words(one, "title"),
        one.weight,
        tuple(
            IndicatorText(
                key_of(each),
                words(each, "title"),
                each.scale,
                each.weight,
                each.least,
                words(each, "explanation"),
                words(each, "guide"),
                words(each, "evidence"),
                each.needs_file,
            )
            for each in parts.indicators_of(one)
        ),
        one.least,
        words(one, "explanation"),
    )
