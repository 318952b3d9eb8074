"""Events of studies, as a history describes them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Action
from proxeny.partnerships.record_trails import trail_of
from proxeny.research.models import (
    Contributor,
    Package,
    PackageVersion,
    Publication,
    Result,
    WeighedRisk,
)

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "begin_study": _("Started a study"),
    "conclude_study": _("Concluded a study"),
    "reopen_study": _("Reopened a study"),
    "look_at_recommendation": _("Followed up on a study’s recommendation"),
    "open_package_version": _("Started a new version of a data package"),
    "add_package_file": _("Added a file to a data package"),
    "replace_package_file": _("Replaced a file of a data package"),
    "remove_package_file": _("Removed a file from a data package"),
    "describe_package_file": _("Described a file of a data package"),
    "describe_package_columns": _("Described the columns of a table"),
    "discard_package_version": _("Discarded a new version of a data package"),
    "release_package": _("Released a version of a data package"),
    "publish_study": _("All sides have signed: the study is published"),
    "withdraw_study": _("Withdrew a published study"),
    "ask_data": _("Someone requested data from a study"),
    "grant_data": _("Granted access to data from a study"),
    "refuse_data": _("Declined a request for data from a study"),
    "revoke_data": _("Withdrew a link to data from a study"),
    "bring_study": _("Uploaded an external study"),
    "take_study": _("Imported an external study"),
    "leave_study": _("Discarded an external study"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    TRAILS.add("study", trail_of(KINDS["study"], _of_study))


def _of_study(study: Any) -> dict[str, QuerySet[Any]]:
    """Return the records whose history belongs to a study's: all that are part of it."""
    own = {
        f"research.{model.__name__}": model.objects.filter(study=study).values("pk")
        for model in (Contributor, WeighedRisk, Result, Package, Publication)
    }
    versions = PackageVersion.objects.filter(package__study=study)
    steps = Action.objects.filter(
        partnership_id=study.partnership_id, origin=Action.Origin.STUDY, origin_id=study.pk
    )
    return {
        **own,
        "research.PackageVersion": versions.values("pk"),
        "partnerships.Action": steps.values("pk"),
    }
