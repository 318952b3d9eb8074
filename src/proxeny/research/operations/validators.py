"""Rules for studies and their parts beyond the constraints of their columns."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.iso7064 import mod_11_2

from proxeny.directory.identifiers import read_identifier
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.partnerships.operations.records import AFTER, CHECKS, Draft
from proxeny.research.models import Contributor, Package, Result, Study
from proxeny.research.operations.guards import refuse_away
from proxeny.research.queries.studies import count_outcomes
from proxeny.research.rules import ELEMENTS

_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_DOI_ADDRESS = re.compile(r"(?i)^(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)")
_COMMAS = re.compile(r"[,;،؛\n]")
_ORCID_ADDRESS = re.compile(r"(?i)^(?:https?://)?(?:www\.)?(?:orcid\.org/)?")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_MOST_KEYWORDS = 20


@CHECKS.on("study")
def _study(draft: Draft) -> None:
    study: Any = draft.record
    study.keywords = tidy_keywords(study.keywords)
    study.doi = read_doi(study.doi)
    if study.starts_on and study.ends_on and study.ends_on < study.starts_on:
        raise InvalidInput(_("The end can’t be before the start."), field="ends_on")
    _keep_what_it_began_with(study)


def _keep_what_it_began_with(study: Study) -> None:
    """A study that has begun loses nothing of what had to be there; one concluded keeps its end."""
    if study.state == Study.State.PLANNING:
        return
    for name in (*ELEMENTS, "starts_on", "ends_on"):
        if not getattr(study, name):
            raise InvalidInput(
                _("The study was started with this, so it can’t be empty. Enter what applies now."),
                field=name,
            )
    if study.state == Study.State.CONCLUDED and not study.summary:
        raise InvalidInput(
            _("The study was concluded with this, so it can’t be empty. Enter what applies now."),
            field="summary",
        )


@CHECKS.on("contributor")
def _contributor(draft: Draft) -> None:
    _stay_in_study(draft)
    one: Any = draft.record
    one.identifier = read_address(one.kind, one.identifier)


@CHECKS.on("weighed-risk")
def _weighed_risk(draft: Draft) -> None:
    _stay_in_study(draft)


@CHECKS.on("result")
def _result(draft: Draft) -> None:
    _stay_in_study(draft)
    one: Any = draft.record
    if one.happened_on and one.happened_on > draft.now.date():
        raise InvalidInput(
            _("This date is in the future. Choose an earlier one."), field="happened_on"
        )


@CHECKS.on("package")
def _package(draft: Draft) -> None:
    _stay_in_study(draft)
    one: Any = draft.record
    one.keywords = tidy_keywords(one.keywords)
    if one.access == Package.Access.REQUEST and not one.terms.strip():
        raise InvalidInput(
            _("Enter the terms people agree to when they request these files."), field="terms"
        )


def _stay_in_study(draft: Draft) -> None:
    """Refuse to write in an archived study, and to move a record to another study."""
    one: Any = draft.record
    if one.study_id is None:
        raise InvalidInput(_("Choose an option from the list."), field="study")
    if not draft.is_new and "study" in draft.values:
        kept = type(one).objects.filter(pk=one.pk, study_id=one.study_id)
        if not kept.exists():
            raise InvalidInput(
                _(
                    "This belongs to its study and can’t be moved. Add it again in the other "
                    "study instead."
                ),
                field="study",
            )
    refuse_away(one.study)


# Putting away and bringing back is asked here: no kind's check runs before them.


def _brought_back(draft: Draft, changes: Mapping[str, Any]) -> None:
    one: Any = draft.record
    if "dropped_at" in changes and one.dropped_at is None:
        refuse_away(one.study)


AFTER.add("contributor", _brought_back)
AFTER.add("package", _brought_back)


@AFTER.on("weighed-risk")
def _weighed_again(draft: Draft, changes: Mapping[str, Any]) -> None:
    _brought_back(draft, changes)
    one: Any = draft.record
    if "dropped_at" in changes and one.dropped_at is None and one.risk.dropped_at is not None:
        raise Conflict(_("This risk is archived in the register. Restore it there first."))


@AFTER.on("result")
def _keep_an_outcome(draft: Draft, changes: Mapping[str, Any]) -> None:
    """Refuse to take the last outcome from a concluded study, even with two removals at once."""
    _brought_back(draft, changes)
    one: Any = draft.record
    was = changes["kind"][0] if "kind" in changes else one.kind
    is_one = one.kind == Result.Kind.OUTCOME and one.dropped_at is None
    if is_one or was != Result.Kind.OUTCOME:
        return
    study = Study.objects.select_for_update().get(pk=one.study_id)
    if study.state == Study.State.CONCLUDED and not count_outcomes(study):
        raise Conflict(
            _("The study was concluded with this outcome. Reopen the study or add another outcome.")
        )


def tidy_keywords(text: str) -> str:
    """Return keywords with one comma between two, each once.

    Raises
    ------
    InvalidInput
        There are too many.

    Examples
    --------
    >>> tidy_keywords("wages;  Studios, wages ,")
    'wages, Studios'
    """
    found: dict[str, str] = {}
    for word in _COMMAS.split(text):
        if word := " ".join(word.split()):
            found.setdefault(word.casefold(), word)
    if len(found) > _MOST_KEYWORDS:
        raise InvalidInput(
            _("Enter at most %(most)d keywords.") % {"most": _MOST_KEYWORDS}, field="keywords"
        )
    return ", ".join(found.values())


def read_doi(text: str) -> str:
    """Return a DOI without the address before it.

    Raises
    ------
    InvalidInput
        It is none.

    Examples
    --------
    >>> read_doi("https://doi.org/10.5281/zenodo.1234567")
    '10.5281/zenodo.1234567'
    """
    doi = _DOI_ADDRESS.sub("", text.strip())
    if doi and not _DOI.fullmatch(doi):
        raise InvalidInput(
            _("A DOI starts with 10. and contains a slash, such as 10.5281/zenodo.1234567."),
            field="doi",
        )
    return doi


def read_address(kind: str, text: str) -> str:
    """Return a contributor's identifier: a person's ORCID or an organisation's ROR address.

    Check digits are verified; the register is not asked whether the number exists.

    Raises
    ------
    InvalidInput
        It is neither, or not of this kind.

    Examples
    --------
    >>> read_address("person", "0000-0002-1825-0097")
    'https://orcid.org/0000-0002-1825-0097'
    """
    text = text.strip().rstrip("/")
    if not text:
        return ""
    return _read_ror(text) if kind == Contributor.Kind.ORGANISATION else _read_orcid(text)


def _read_orcid(text: str) -> str:
    number = _ORCID_ADDRESS.sub("", text).upper()
    if "ror.org" in text.lower() or not _ORCID.fullmatch(number):
        raise InvalidInput(
            _("Enter the person’s ORCID, such as https://orcid.org/0000-0002-1825-0097."),
            field="identifier",
        )
    try:
        mod_11_2.validate(number.replace("-", ""))
    except WrongNumber:
        raise InvalidInput(
            _("This ORCID has a typo: its last digit doesn’t match the others."),
            field="identifier",
        ) from None
    return f"https://orcid.org/{number}"


def _read_ror(text: str) -> str:
    if "orcid.org" in text.lower():
        raise InvalidInput(
            _("Enter the organisation’s ROR address, such as https://ror.org/05gq02987."),
            field="identifier",
        )
    try:
        number = read_identifier("ror", text)
    except ValueError as error:
        raise InvalidInput(str(error), field="identifier") from None
    return f"https://ror.org/{number}" if number else ""
