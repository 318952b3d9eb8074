"""What is put before all parties, named for people."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Agreement, Party, Risk, Stage

Kind = Agreement.Kind
#: Names what texts of a kind are about, by their subjects, and the sentence around such a name.
_NAMES: dict[str, tuple[Callable[[set[str]], dict[str, str]], Any]] = {}


def name_subjects(kind: str, find: Callable[[set[str]], dict[str, str]], sentence: Any) -> None:
    """Say how texts of a kind of a capability above are named; called when Django is ready.

    `find` runs as the service; `sentence` holds the name as ``%(name)s``.
    """
    _NAMES[kind] = (find, sentence)


def names_of(agreements: Iterable[Agreement]) -> dict[int, str]:
    """Return what texts are about, by their numbers. At most two queries.

    Read as the service: who is asked to sign may know what.
    """
    found = list(agreements)
    risks = {one.subject for one in found if one.kind == Kind.RISK}
    joining = {one.subject for one in found if one.kind == Kind.JOINING}
    names = _subjects(risks, joining) if risks or joining else {}
    for kind, (find, _sentence) in _NAMES.items():
        subjects = {one.subject for one in found if one.kind == kind}
        if subjects:
            with as_service():
                names |= {(kind, subject): name for subject, name in find(subjects).items()}
    return {one.pk: _name(one, names.get((one.kind, one.subject), "")) for one in found}


def _subjects(risks: set[str], joining: set[str]) -> dict[tuple[str, str], str]:
    with as_service():
        titles = Risk.objects.filter(pk__in=risks).values_list("pk", "title")
        asked = Party.objects.filter(pk__in=joining).values_list("pk", "organisation__name")
        return {
            **{(Kind.RISK, str(pk)): title for pk, title in titles},
            **{(Kind.JOINING, str(pk)): name for pk, name in asked},
        }


def name_of(agreement: Agreement) -> str:
    """Return what a text is about. A query for a risk or a party that joins."""
    return names_of([agreement])[agreement.pk]


def _name(agreement: Agreement, name: str) -> str:
    if agreement.kind in _NAMES:
        return str(_NAMES[agreement.kind][1] % {"name": name})
    if agreement.kind == Kind.STAGE:
        return _("the stage “%(stage)s”") % {"stage": Stage(agreement.subject).label}
    if agreement.kind == Kind.EXIT:
        return _("the plan for the exit")
    if agreement.kind == Kind.TEXT:
        return _("the agreement")
    if agreement.kind == Kind.RISK:
        return _("accepting the risk “%(risk)s”") % {"risk": name}
    return _("%(name)s joins") % {"name": name}
