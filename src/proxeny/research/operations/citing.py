"""How a data package is cited and described for others: of the version that was released last."""

from dataclasses import dataclass
from typing import Any

from proxeny.engine.package import (
    Refused,
    cite_apa,
    cite_bibtex,
    cite_cff,
    dump_datacite,
    dump_package,
)
from proxeny.research.models import Package, PackageVersion
from proxeny.research.operations.gathering import gather_package


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
    """Return how a package is cited in a version of it. As many queries as `gather_package`."""
    told = gather_package(package, version)
    datacite, missing = None, ()
    try:
        datacite = dump_datacite(told)
    except Refused as error:
        missing = tuple(one.where for one in error.problems)
    return Citation(
        cite_apa(told), cite_bibtex(told), cite_cff(told), datacite, missing,
        dump_package(told.datasets[0], told),
    )  # fmt: skip
