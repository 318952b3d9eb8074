"""Gaps of a scheme before its publication, and points to check. No queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from django.db import models
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from proxeny.labels.composing import Parts, codes
from proxeny.labels.models import Quota
from proxeny.labels.scheme_texts import languages_to, texts_of
from proxeny.labels.shares import parse_share, tell_share


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence, and the place that it is about.

    Attributes
    ----------
    kind : str
        A kind of record, or `texts`: the page of a language.
    of : model, optional
        The part; None: one is to be added, or it is about the scheme.
    at : str
        The field of the scheme, or the language of the texts.
    """

    text: str
    kind: str = "scheme"
    of: models.Model | None = None
    at: str = ""


def find_missing(parts: Parts) -> list[Gap]:
    """Return the gaps that keep a scheme from being published."""
    scheme = parts.scheme
    found = []
    if not scheme.about:
        found.append(Gap(_("There’s no description of what the label stands for."), at="about"))
    if not scheme.recognition:
        found.append(
            Gap(
                _(
                    "There’s no text on mutual recognition: what the label is worth in each "
                    "country."
                ),
                at="recognition",
            )
        )
    if not parts.criteria:
        found.append(Gap(_("No criteria yet."), "label-criterion"))
    found += [
        Gap(
            _("“%(name)s” has no indicators: jurors would have nothing to score.")
            % {"name": one.title},
            "label-criterion",
            one,
        )
        for one in parts.criteria
        if not parts.indicators_of(one)
    ]
    found += _quotas_that_fail(parts)
    found += _untranslated(parts)
    return found


def _quotas_that_fail(parts: Parts) -> Iterator[Gap]:
    allowed = set(codes(parts.scheme.countries))
    for one in parts.quotas:
        if allowed and parse_share(one.least).amount and not allowed & set(codes(one.countries)):
            text = _(
                "No one from the countries of “%(name)s” can apply, so its places would stay empty."
            )
            yield Gap(text % {"name": one.title}, "label-quota", one)
    total, apart = _apart(parts.quotas)
    if total > 1:
        names = ", ".join(one.title for one in apart)
        text = _("These quotas ask for more places than there are: %(names)s.")
        yield Gap(text % {"names": names}, "label-quota", apart[0])


def _apart(quotas: Sequence[Quota]) -> tuple[Fraction, list[Quota]]:
    """Return quotas no two of which share a country, and what part of the places they ask for.

    The largest first: if these ask for too much, no choice of projects can meet them. How much a
    number of places is, the round says.
    """
    taken: set[str] = set()
    apart: list[Quota] = []
    shares = {one.pk: parse_share(one.least) for one in quotas}
    parts_of = [one for one in quotas if not shares[one.pk].is_places]
    for one in sorted(parts_of, key=lambda one: (-shares[one.pk].amount, one.pk)):
        own = set(codes(one.countries))
        if not own & taken:
            apart.append(one)
            taken |= own
    return sum((shares[one.pk].amount for one in apart), Fraction()), apart


def _untranslated(parts: Parts) -> Iterator[Gap]:
    for language in languages_to(parts.scheme):
        count = sum(one.is_missing for one in texts_of(parts, language).values())
        if count:
            text = ngettext(
                "%(count)d text is missing in this language: %(language)s.",
                "%(count)d texts are missing in this language: %(language)s.",
                count,
            )
            yield Gap(
                text % {"count": count, "language": name_language(language)}, "texts", at=language
            )


def name_language(code: str) -> str:
    """Return the name of a language in the reader's."""
    return str(get_language_info(code)["name_translated"])


def find_remarks(parts: Parts, *, sides: int) -> list[Gap]:
    """Return points to check before signing; `sides`: the number of the label's clusters."""
    return [
        *_figures(parts, sides),
        *_levels(parts),
        *_quotas(parts),
        *_changed(parts),
        *_words(parts),
    ]


def _words(parts: Parts) -> Iterator[Gap]:
    scheme = parts.scheme
    for name, text in (
        ("audience", _("There’s no text on who can apply.")),
        ("conflicts", _("There’s no text on when a juror has a conflict of interest.")),
        ("contact", _("There’s no contact address for applicants.")),
    ):
        if not getattr(scheme, name):
            yield Gap(text, at=name)
    if scheme.appeal_days and not scheme.appeals:
        yield Gap(_("Applicants can appeal, but there’s no text on how."), at="appeals")


def _figures(parts: Parts, sides: int) -> Iterator[Gap]:
    scheme = parts.scheme
    if scheme.per < sides:
        text = ngettext(
            "%(count)d juror reads each application, so not every cluster has a voice in each.",
            "%(count)d jurors read each application, so not every cluster has a voice in each.",
            scheme.per,
        )
        yield Gap(text % {"count": scheme.per}, at="per")
    if len(parts.criteria) == 1:
        yield Gap(
            _("There’s only one criterion, so its weight makes no difference."),
            "label-criterion",
            parts.criteria[0],
        )


def _levels(parts: Parts) -> Iterator[Gap]:
    least = parts.scheme.total_least
    below = [one for one in parts.levels if one.least < least]
    # The highest of them is what everybody reaches who passes.
    for one in below[:-1] if not any(each.least == least for each in parts.levels) else below:
        yield Gap(
            _(
                "No one ends up at the level “%(name)s”: a higher level starts at or below the "
                "minimum total."
            )
            % {"name": one.title},
            "label-level",
            one,
        )
    if parts.levels and parts.levels[0].least > least:
        yield Gap(
            _(
                "Applications that pass but stay below the level “%(name)s” get the label "
                "without a level."
            )
            % {"name": parts.levels[0].title},
            "label-level",
            parts.levels[0],
        )


def _quotas(parts: Parts) -> Iterator[Gap]:
    for one, other in combinations(parts.quotas, 2):
        if set(codes(one.countries)) & set(codes(other.countries)):
            text = _(
                "“%(one)s” and “%(other)s” have countries in common: a project from one of those "
                "counts in both."
            )
            yield Gap(text % {"one": one.title, "other": other.title}, "label-quota", other)
    allowed = set(codes(parts.scheme.countries))
    ends = [(one, parse_share(one.most)) for one in parts.quotas if one.most]
    covered = {code for one, _most in ends for code in codes(one.countries)}
    is_all = ends and not any(most.is_places for _one, most in ends)
    if allowed and allowed <= covered and is_all and sum(most.amount for _one, most in ends) < 1:
        yield Gap(
            _(
                "The maximums of the quotas leave places empty: together they’re less than all "
                "places."
            ),
            "label-quota",
            ends[0][0],
        )
    yield from _nearly_fractions(parts)


def _nearly_fractions(parts: Parts) -> Iterator[Gap]:
    """Yield percents that miss a fraction by a little, and with it a place: 33% of 3 is none."""
    for one in parts.quotas:
        least = parse_share(one.least)
        found = least.amount.limit_denominator(9)
        gap = found - least.amount
        if least.is_percent and 0 < gap < Fraction(1, 100):
            text = _(
                "“%(name)s” asks for %(share)s, which is less than %(fraction)s: out of "
                "%(places)d places, that’s %(few)d, while %(fraction)s would be %(more)d."
            )
            places = found.denominator
            yield Gap(
                text
                % {
                    "name": one.title,
                    "share": tell_share(least),
                    "places": places,
                    "fraction": f"{found.numerator}/{found.denominator}",
                    "few": least.at_least(places),
                    "more": found.numerator,
                },
                "label-quota",
                one,
            )


def _changed(parts: Parts) -> Iterable[Gap]:
    for language in languages_to(parts.scheme):
        count = sum(one.is_changed for one in texts_of(parts, language).values())
        if count:
            text = ngettext(
                "%(count)d text has changed since it was translated: %(language)s.",
                "%(count)d texts have changed since they were translated: %(language)s.",
                count,
            )
            yield Gap(
                text % {"count": count, "language": name_language(language)}, "texts", at=language
            )
