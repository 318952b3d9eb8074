"""What a room keeps of research, as kinds of its records: written, put away and told like all others."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.kinds import ORIGINS, Kind, add_kind
from proxeny.partnerships.models import Action
from proxeny.research.models.packages import Package
from proxeny.research.models.studies import Contributor, Result, Study, WeighedRisk


def _at_study(one: Any) -> str:
    """Return the page of a study; the list, of one that is not saved or put away."""
    if one.pk is None or one.dropped_at:
        return reverse("research:studies", args=[one.partnership_id])
    return reverse("research:study", args=[one.partnership_id, one.pk])


def _in_study(one: Any) -> str:
    """Return the place on a study's page where something of it stands."""
    url = reverse("research:study", args=[one.partnership_id, one.study_id])
    name = {Contributor: "contributor", WeighedRisk: "weighed-risk", Result: "result"}[type(one)]
    return url if one.pk is None or one.dropped_at else f"{url}#{name}-{one.pk}"


def _at_package(one: Any) -> str:
    """Return the page of a package; its study's, of one that is not saved or put away."""
    if one.pk is None or one.dropped_at:
        return reverse("research:study", args=[one.partnership_id, one.study_id])
    return reverse("research:package", args=[one.partnership_id, one.study_id, one.pk])


ORIGINS[Action.Origin.STUDY] = Study
add_kind(Kind(
    "study", Study,
    ("title", "question", "why", "expected", "methods", "ethics", "data_plan", "resources",
     "starts_on", "ends_on", "language", "licence", "keywords", "doi", "summary"),
    "studies", _("Study"), _("New study"),
    {"add": _("Began to prepare a study"), "change": _("Changed a study"),
     "drop": _("Put a study away"), "restore": _("Brought a study back")},
    told_too=("state", "begun_on", "concluded_on"),
    hints={
        "question": _("One sentence that ends with a question mark."),
        "expected": _("Clusters, practitioners, companies: what they will do better afterwards."),
        "methods": _("What you will do, step by step, so that others could do it again."),
        "ethics": _("Whom you ask, what they know of it, and what nobody may read."),
        "data_plan": _("Which data come about, where they stay, and who may have them later."),
        "resources": _("Who gives which time, and what has to be paid."),
        "keywords": _("A few words, with commas between them."),
        "doi": _("If one was given already, like 10.5281/zenodo.1234567."),
        "summary": _("What came out, in words that a company owner reads with pleasure."),
    },
    at=_at_study,
))  # fmt: skip
add_kind(Kind(
    "contributor", Contributor,
    ("study", "kind", "name", "role", "party", "affiliation", "identifier", "cited"),
    "studies", _("Contributor"), _("Who takes part"),
    {"add": _("Named who takes part in a study"), "change": _("Changed who takes part in a study"),
     "drop": _("Took somebody out of a study"), "restore": _("Brought somebody back to a study")},
    tag="name", below="study",
    hints={
        "party": _("Empty: neither side."),
        "identifier": _("For instance https://orcid.org/0000-0002-1825-0097."),
        "cited": _("Stands in the reference that others copy."),
    },
    at=_in_study,
))  # fmt: skip
add_kind(Kind(
    "weighed-risk", WeighedRisk, ("study", "risk", "note"),
    "studies", _("Risk of a study"), _("Weigh a risk"),
    {"add": _("Weighed a risk for a study"), "change": _("Weighed a risk for a study anew"),
     "drop": _("Took a risk out of a study"), "restore": _("Brought a risk of a study back")},
    tag="risk", below="study",
    hints={"risk": _("From the joint register. Note it there first if it is new.")},
    at=_in_study,
))  # fmt: skip
add_kind(Kind(
    "result", Result,
    ("study", "kind", "title", "details", "happened_on", "benefits", "reached", "proof",
     "proof_url"),
    "studies", _("Result"), _("New result"),
    {"add": _("Noted a result of a study"), "change": _("Changed a result of a study"),
     "drop": _("Put a result away"), "restore": _("Brought a result back")},
    below="study",
    hints={
        "details": _("What was made or what changed, and for whom."),
        "reached": _("People, or companies; empty if nobody counted."),
        "proof": _("Minutes, a letter, a figure: what somebody could check."),
    },
    at=_in_study,
))  # fmt: skip
add_kind(Kind(
    "package", Package,
    ("study", "title", "details", "keywords", "licence", "access", "terms"),
    "studies", _("Data package"), _("New data package"),
    {"add": _("Opened a data package"), "change": _("Changed a data package"),
     "drop": _("Put a data package away"), "restore": _("Brought a data package back")},
    below="study",
    hints={
        "details": _("What one row is, where it comes from, what was left out."),
        "access": _("Holds for others, once the study is published."),
        "terms": _("What somebody agrees to who asks for the files."),
    },
    at=_at_package,
))  # fmt: skip
