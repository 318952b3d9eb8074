"""Citations and descriptions of studies and data packages for others."""

from dataclasses import dataclass, replace
from typing import Any

from proxeny.engine.package import (
    Problem,
    Refused,
    Study,
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
    """Something as others cite it, in the forms that their programs take.

    Attributes
    ----------
    datacite : dict or None
        None where something is missing that DataCite cannot do without; `lacks` says what.
    datapackage : dict or None
        Of a package alone: a Data Package, with the schema of each table.
    """

    apa: str
    bibtex: str
    cff: str
    datacite: dict[str, Any] | None
    lacks: tuple[Problem, ...] = ()
    datapackage: dict[str, Any] | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The places of what DataCite cannot do without."""
        return tuple(one.where for one in self.lacks)


def cite(study: Study, url: str = "") -> Citation:
    """Return the citation of a study at an address; a study with a DOI is cited by that."""
    apa, bibtex, cff = cite_apa(study), cite_bibtex(study), cite_cff(study)
    if url and not study.doi:
        apa = f"{apa} {url}"
        bibtex = bibtex.replace("\n}\n", f"\n  url = {{{url}}},\n}}\n")
        cff = f'{cff}url: "{url}"\n'
    try:
        datacite = dump_datacite(study)
    except Refused as error:
        return Citation(apa, bibtex, cff, None, error.problems)
    return Citation(apa, bibtex, cff, {**datacite, "url": url} if url else datacite)


def cite_package(package: Package, version: PackageVersion) -> Citation:
    """Return the citation of a package's version. As many queries as `gather_package`."""
    told = gather_package(package, version)
    return replace(cite(told), datapackage=dump_package(told.datasets[0], told))
