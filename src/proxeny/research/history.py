"""How what happens in studies reads in a history."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import keep_trail
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
    "begin_study": _("Began a study"),
    "conclude_study": _("Concluded a study"),
    "reopen_study": _("Took a study up again"),
    "look_at_recommendation": _("Looked again at what a study recommended"),
    "open_package_version": _("Began a new version of a data package"),
    "add_package_file": _("Added a file to a data package"),
    "replace_package_file": _("Replaced a file of a data package"),
    "remove_package_file": _("Took a file out of a data package"),
    "describe_package_file": _("Described a file of a data package"),
    "describe_package_columns": _("Said what the columns of a table hold"),
    "discard_package_version": _("Threw a new version of a data package away"),
    "release_package": _("Released a version of a data package"),
    "publish_study": _("All have signed: the study is published"),
    "withdraw_study": _("Withdrew a published study"),
    "ask_data": _("Somebody asked for data of a study"),
    "grant_data": _("Let somebody have data of a study"),
    "refuse_data": _("Refused somebody data of a study"),
    "revoke_data": _("Took a link to data of a study back"),
    "bring_study": _("Brought a study from elsewhere"),
    "take_study": _("Took a study from elsewhere"),
    "leave_study": _("Left a study from elsewhere"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    keep_trail("study", trail_of(KINDS["study"], _of_study))


def _of_study(study: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a study: all that belongs to it."""
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
