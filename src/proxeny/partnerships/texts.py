"""Names and pages of the texts that are submitted to all parties."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language_bidi, get_language_info, override
from django.utils.translation import gettext as _

from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Agreement, Party, Recommendation, Risk, Stage

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """What texts of a kind are about.

    Attributes
    ----------
    find : callable
        Takes subjects, and returns the name of each; runs as the service.
    sentence : str or lazy str
        Holds the name as ``%(name)s``.
    """

    find: Callable[[set[str]], dict[str, str]]
    sentence: Any


SUBJECTS: KeyedHook[Subject] = KeyedHook("texts.subjects", "What texts of a kind are about.")
#: Finds the page on which a text of a kind is read and signed, by its subject.
PAGES: KeyedHook[Callable[[str], str]] = KeyedHook(
    "texts.pages", "The page on which texts of a kind are read and signed."
)
#: Writes a text of a kind again, in the language in force, from what Proxeny composed it of.
type Rewrite = Callable[[], str]
#: Returns how a text is written again; None where what it was composed of is gone.
READINGS: KeyedHook[Callable[[Agreement], Rewrite | None]] = KeyedHook(
    "texts.readings", "How a text of a kind that Proxeny composed is written in another language."
)


def page_of(agreement: Agreement) -> str:
    """Return the page of its own on which a text is read and signed; empty without one."""
    find_page = PAGES.get(agreement.kind)
    return find_page(agreement.subject) if find_page else ""


@dataclass(frozen=True, slots=True)
class Version:
    """A text in one language.

    Attributes
    ----------
    language : str
        Empty where the language isn't known: people wrote the text.
    is_signed : bool
        Whether the signatures cover it; otherwise it is a translation for reference.
    """

    language: str
    text: str
    is_signed: bool

    @property
    def name(self) -> str:
        """The name of the language in that language."""
        return str(get_language_info(self.language)["name_local"]) if self.language else ""

    @property
    def is_rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return bool(self.language and get_language_info(self.language)["bidi"])


def versions_of(agreement: Agreement, languages: Iterable[str]) -> Sequence[Version]:
    """Return a text as it was signed, beside its translation into one of the languages.

    The first of the languages that it wasn't written in counts. A text is translated by composing
    it again: only if that gives the signed wording, word for word, in one of our languages is the
    translation sure to say the same. Otherwise, and where people wrote the text, it comes alone.

    The version from right to left stands on the right.
    """
    find = READINGS.get(agreement.kind)
    rewrite = find(agreement) if find else None
    if rewrite is None:
        return [Version("", agreement.text, is_signed=True)]
    own = next((code for code in _CODES if _rewritten(rewrite, code) == agreement.text), "")
    other = next((code for code in languages if code in _CODES and code != own), "")
    signed = Version(own, agreement.text, is_signed=True)
    if not own or not other:
        return [signed]
    pair = [signed, Version(other, _rewritten(rewrite, other), is_signed=False)]
    return sorted(pair, key=lambda one: one.is_rtl != get_language_bidi())


_CODES = [code for code, _name_of in settings.LANGUAGES]


def _rewritten(rewrite: Rewrite, language: str) -> str:
    with override(language):
        return rewrite()


def names_of(agreements: Iterable[Agreement]) -> dict[int, str]:
    """Return the names of texts' subjects, by id. At most three queries.

    Read in the service role: a signatory may know the subject.
    """
    found = list(agreements)
    risks = {one.subject for one in found if one.kind == Kind.RISK}
    joining = {one.subject for one in found if one.kind == Kind.JOINING}
    advice = {one.subject for one in found if one.kind == Kind.ADVICE}
    names = _subjects(risks, joining) if risks or joining else {}
    names |= _advice(advice) if advice else {}
    for kind, about in SUBJECTS.items():
        subjects = {one.subject for one in found if one.kind == kind}
        if subjects:
            with as_service("Those who sign a text know what it is about, even if that is hidden."):
                names |= {(kind, subject): name for subject, name in about.find(subjects).items()}
    return {one.pk: _name(one, names.get((one.kind, one.subject), "")) for one in found}


def _subjects(risks: set[str], joining: set[str]) -> dict[tuple[str, str], str]:
    with as_service("Those who sign a text know what it is about, even if that is hidden."):
        titles = Risk.objects.filter(pk__in=risks).values_list("pk", "title")
        asked = Party.objects.filter(pk__in=joining).values_list("pk", "organisation__name")
        return {
            **{(Kind.RISK, str(pk)): title for pk, title in titles},
            **{(Kind.JOINING, str(pk)): name for pk, name in asked},
        }


def _advice(subjects: set[str]) -> dict[tuple[str, str], str]:
    """Name recommendations as the reader: those of an assessment are not for everybody. One query."""
    titles = Recommendation.objects.filter(pk__in=subjects).values_list("pk", "title")
    return {(Kind.ADVICE, str(pk)): title for pk, title in titles}


def name_of(agreement: Agreement) -> str:
    """Return what a text is about. A query for a risk or a party that joins."""
    return names_of([agreement])[agreement.pk]


def _name(agreement: Agreement, name: str) -> str:
    if subject := SUBJECTS.get(agreement.kind):
        return str(subject.sentence % {"name": name})
    if agreement.kind == Kind.STAGE:
        return _("the stage “%(stage)s”") % {"stage": Stage(agreement.subject).label}
    if agreement.kind == Kind.EXIT:
        return _("the exit plan")
    if agreement.kind == Kind.TEXT:
        return _("the agreement")
    if agreement.kind == Kind.ADVICE:
        return _("the recommendation “%(title)s”") % {"title": name}
    if agreement.kind == Kind.END:
        return _("the end of the alliance")
    if agreement.kind == Kind.RISK:
        return _("accepting the risk “%(risk)s”") % {"risk": name}
    return _("%(name)s joins") % {"name": name}
