"""What a scheme lacks before it can be published, and what is worth a look. Nothing is asked here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from django.db import models
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from proxeny.labels.composing import Parts, codes
from proxeny.labels.models import Quota
from proxeny.labels.wordings import languages_to, texts_of


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
    """Return what keeps a scheme from being published."""
    scheme = parts.scheme
    found = []
    if not scheme.about:
        found.append(Gap(_("Nothing is written about what the label stands for."), at="about"))
    if not scheme.recognition:
        found.append(Gap(_("Nothing is written about the mutual recognition: what the label is"
                           " worth in each of the countries."), at="recognition"))  # fmt: skip
    if not parts.criteria:
        found.append(Gap(_("There is no criterion yet."), "label-criterion"))
    found += [
        Gap(_("“%(name)s” has no indicator: jurors would have nothing to score.")
            % {"name": one.title}, "label-criterion", one)
        for one in parts.criteria if not parts.indicators_of(one)
    ]  # fmt: skip
    found += _quotas_that_fail(parts)
    found += _untranslated(parts)
    return found


def _quotas_that_fail(parts: Parts) -> Iterator[Gap]:
    allowed = set(codes(parts.scheme.countries))
    for one in parts.quotas:
        if allowed and one.least and not allowed & set(codes(one.countries)):
            text = _("Nobody from the countries of “%(name)s” can apply: its places would stay"
                     " empty.")  # fmt: skip
            yield Gap(text % {"name": one.title}, "label-quota", one)
    total, apart = _apart(parts.quotas)
    if total > 100:
        names = ", ".join(one.title for one in apart)
        text = _("These quotas ask for more than all places: %(names)s.")
        yield Gap(text % {"names": names}, "label-quota", apart[0])


def _apart(quotas: Sequence[Quota]) -> tuple[Decimal, list[Quota]]:
    """Return quotas no two of which share a country, and what they ask for together, in percent.

    The largest first: if these ask for too much, no choice of projects can meet them.
    """
    taken: set[str] = set()
    apart: list[Quota] = []
    for one in sorted(quotas, key=lambda one: (-one.least, one.pk)):
        own = set(codes(one.countries))
        if not own & taken:
            apart.append(one)
            taken |= own
    return sum((one.least for one in apart), Decimal(0)), apart


def _untranslated(parts: Parts) -> Iterator[Gap]:
    for language in languages_to(parts.scheme):
        count = sum(one.is_missing for one in texts_of(parts, language).values())
        if count:
            text = ngettext(
                "%(count)d text is not there yet in this language: %(language)s.",
                "%(count)d texts are not there yet in this language: %(language)s.",
                count,
            )
            yield Gap(text % {"count": count, "language": name_language(language)}, "texts",
                      at=language)  # fmt: skip


def name_language(code: str) -> str:
    """Return the name of a language in the reader's."""
    return str(get_language_info(code)["name_translated"])


def find_remarks(parts: Parts, *, sides: int) -> list[Gap]:
    """Return what is worth a look before one signs; `sides`: how many clusters give the label."""
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
        ("audience", _("Nothing says who can apply.")),
        ("conflicts", _("Nothing says when a juror has a conflict of interest.")),
        ("contact", _("Applicants would not know whom to write to.")),
    ):
        if not getattr(scheme, name):
            yield Gap(text, at=name)
    if scheme.appeal_days and not scheme.appeals:
        yield Gap(_("One can appeal, and nothing says how."), at="appeals")


def _figures(parts: Parts, sides: int) -> Iterator[Gap]:
    scheme = parts.scheme
    if scheme.per < sides:
        text = ngettext(
            "%(count)d juror reads an application: not every cluster has a say in each.",
            "%(count)d jurors read an application: not every cluster has a say in each.",
            scheme.per,
        )
        yield Gap(text % {"count": scheme.per}, at="per")
    if len(parts.criteria) == 1:
        yield Gap(_("There is one criterion alone: its weight changes nothing."),
                  "label-criterion", parts.criteria[0])  # fmt: skip


def _levels(parts: Parts) -> Iterator[Gap]:
    least = parts.scheme.total_least
    below = [one for one in parts.levels if one.least < least]
    # The highest of them is what everybody reaches who passes.
    for one in below[:-1] if not any(each.least == least for each in parts.levels) else below:
        yield Gap(_("Nobody ends at the level “%(name)s”: a higher one begins at or below the least"
                    " total.") % {"name": one.title}, "label-level", one)  # fmt: skip
    if parts.levels and parts.levels[0].least > least:
        yield Gap(_("Whoever passes and stays below the level “%(name)s” gets the label without a"
                    " level.") % {"name": parts.levels[0].title},
                  "label-level", parts.levels[0])  # fmt: skip


def _quotas(parts: Parts) -> Iterator[Gap]:
    for one, other in combinations(parts.quotas, 2):
        if set(codes(one.countries)) & set(codes(other.countries)):
            text = _("“%(one)s” and “%(other)s” share countries: a project from there counts in"
                     " both.")  # fmt: skip
            yield Gap(text % {"one": one.title, "other": other.title}, "label-quota", other)
    allowed = set(codes(parts.scheme.countries))
    ends = [one for one in parts.quotas if one.most is not None]
    covered = {code for one in ends for code in codes(one.countries)}
    if allowed and allowed <= covered and sum(one.most or 0 for one in ends) < 100:
        yield Gap(_("The upper ends of the quotas leave places empty: together they are less than"
                    " all places."), "label-quota", ends[0])  # fmt: skip


def _changed(parts: Parts) -> Iterable[Gap]:
    for language in languages_to(parts.scheme):
        count = sum(one.is_changed for one in texts_of(parts, language).values())
        if count:
            text = ngettext(
                "%(count)d text was changed since it was translated: %(language)s.",
                "%(count)d texts were changed since they were translated: %(language)s.",
                count,
            )
            yield Gap(text % {"count": count, "language": name_language(language)}, "texts",
                      at=language)  # fmt: skip
