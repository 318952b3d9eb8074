"""How a data package is cited and described for others: of the version that was released last."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from proxeny.engine.package import (
    Refused,
    Study,
    cite_apa,
    cite_bibtex,
    cite_cff,
    dump_datacite,
    dump_package,
)
from proxeny.research.licences import licence_of
from proxeny.research.models import Package, PackageVersion
from proxeny.research.operations.gathering import gather
from proxeny.research.rules import folder_of


@dataclass(frozen=True, slots=True)
class Citation:
    """A package as others cite it, in the forms that their programs take.

    Attributes
    ----------
    datacite : dict or None
        None where something is missing that DataCite cannot do without; `missing` says what.
    datapackage : dict
        A Data Package, with the schema of each table.
    """

    apa: str
    bibtex: str
    cff: str
    datacite: dict[str, Any] | None
    missing: tuple[str, ...]
    datapackage: dict[str, Any]


def cite_package(package: Package, version: PackageVersion) -> Citation:
    """Return how a package is cited in its last released version. As many queries as `gather`."""
    told = _as_study(package, version)
    datacite, missing = None, ()
    try:
        datacite = dump_datacite(told)
    except Refused as error:
        missing = tuple(one.where for one in error.problems)
    return Citation(
        cite_apa(told), cite_bibtex(told), cite_cff(told), datacite, missing,
        dump_package(told.datasets[0], told),
    )  # fmt: skip


def _as_study(package: Package, version: PackageVersion) -> Study:
    """Return a package as a study of its own: its files, and the people of its study."""
    whole = gather(package.study)
    folder = folder_of(package)
    dataset = next(one for one in whole.datasets if one.path == folder)
    words = tuple(word.strip() for word in package.keywords.split(",") if word.strip())
    day = version.released_at
    return replace(
        whole,
        title=package.title,
        description=package.details,
        question="",
        version=str(version.number),
        published=timezone.localtime(day).date() if day else None,
        created=None,
        # The study's own number names the study, not this part of it.
        doi="",
        licence=licence_of(package.licence).id,
        keywords=words or whole.keywords,
        datasets=(dataset,),
        reports=(),
        recommendations=(),
        actions=(),
    )
