"""Research records as kinds of a room's records: created, archived and shown like all others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.kinds import ORIGINS, Kind, add_kind
from proxeny.partnerships.models import Action
from proxeny.research.models.packages import Package
from proxeny.research.models.studies import Contributor, Result, Study, WeighedRisk


def _at_study(one: Any) -> str:
    """Return the page of a study; the list, if the study is unsaved or archived."""
    if one.pk is None or one.dropped_at:
        return reverse("research:studies", args=[one.partnership_id])
    return reverse("research:study", args=[one.partnership_id, one.pk])


def _in_study(one: Any) -> str:
    """Return the address of a part on its study's page."""
    url = reverse("research:study", args=[one.partnership_id, one.study_id])
    name = {Contributor: "contributor", WeighedRisk: "weighed-risk", Result: "result"}[type(one)]
    return url if one.pk is None or one.dropped_at else f"{url}#{name}-{one.pk}"


def _at_package(one: Any) -> str:
    """Return the page of a package; its study's page, if the package is unsaved or archived."""
    if one.pk is None or one.dropped_at:
        return reverse("research:study", args=[one.partnership_id, one.study_id])
    return reverse("research:package", args=[one.partnership_id, one.study_id, one.pk])


ORIGINS[Action.Origin.STUDY] = Study
add_kind(
    Kind(
        "study",
        Study,
        (
            "title",
            "question",
            "why",
            "expected",
            "methods",
            "ethics",
            "data_plan",
            "resources",
            "starts_on",
            "ends_on",
            "language",
            "licence",
            "keywords",
            "doi",
            "summary",
        ),
        "studies",
        _("Study"),
        _("New study"),
        {
            "add": _("Started preparing a study"),
            "change": _("Changed a study"),
            "drop": _("Archived a study"),
            "restore": _("Restored a study"),
        },
        told_too=("state", "begun_on", "concluded_on"),
        hints={
            "question": _("One sentence that ends with a question mark."),
            "expected": _("Clusters, practitioners, companies: what they’ll be able to do better."),
            "methods": _("What you’ll do, step by step, so that others can repeat it."),
            "ethics": _(
                "Who you’ll ask, what they know about the study and what must stay confidential."
            ),
            "data_plan": _(
                "What data will be produced, where it’ll be stored and who can have it later."
            ),
            "resources": _("Who contributes how much time, and what has to be paid for."),
            "keywords": _("A few words, separated by commas."),
            "doi": _("If it already has one, such as 10.5281/zenodo.1234567."),
            "summary": _(
                "The findings, in plain language that a business owner would enjoy reading."
            ),
        },
        at=_at_study,
    )
)
add_kind(
    Kind(
        "contributor",
        Contributor,
        ("study", "kind", "name", "role", "party", "affiliation", "identifier", "cited"),
        "studies",
        _("Contributor"),
        _("Who takes part"),
        {
            "add": _("Added a contributor to a study"),
            "change": _("Changed a contributor of a study"),
            "drop": _("Removed a contributor from a study"),
            "restore": _("Restored a contributor to a study"),
        },
        tag="name",
        below="study",
        hints={
            "party": _("Leave empty if they belong to neither side."),
            "identifier": _("For example https://orcid.org/0000-0002-1825-0097."),
            "cited": _("Appears in the reference that others copy."),
        },
        at=_in_study,
    )
)
add_kind(
    Kind(
        "weighed-risk",
        WeighedRisk,
        ("study", "risk", "note"),
        "studies",
        _("Study risk"),
        _("Assess a risk"),
        {
            "add": _("Assessed a risk for a study"),
            "change": _("Reassessed a risk for a study"),
            "drop": _("Removed a risk from a study"),
            "restore": _("Restored a risk to a study"),
        },
        tag="risk",
        below="study",
        hints={"risk": _("From the joint register. Add new risks there first.")},
        at=_in_study,
    )
)
add_kind(
    Kind(
        "result",
        Result,
        (
            "study",
            "kind",
            "title",
            "details",
            "happened_on",
            "benefits",
            "reached",
            "proof",
            "proof_url",
        ),
        "studies",
        _("Result"),
        _("New result"),
        {
            "add": _("Recorded a result of a study"),
            "change": _("Changed a result of a study"),
            "drop": _("Archived a result"),
            "restore": _("Restored a result"),
        },
        below="study",
        hints={
            "details": _("What was produced or changed, and for whom."),
            "reached": _("Number of people or companies. Leave empty if no one counted."),
            "proof": _("Minutes, a letter, a figure: something that can be checked."),
        },
        at=_in_study,
    )
)
add_kind(
    Kind(
        "package",
        Package,
        ("study", "title", "details", "keywords", "licence", "access", "terms"),
        "studies",
        _("Data package"),
        _("New data package"),
        {
            "add": _("Created a data package"),
            "change": _("Changed a data package"),
            "drop": _("Archived a data package"),
            "restore": _("Restored a data package"),
        },
        below="study",
        hints={
            "details": _("What each row represents, where it comes from and what was left out."),
            "access": _("Applies to others once the study is published."),
            "terms": _("What people agree to when they request the files."),
        },
        at=_at_package,
    )
)
