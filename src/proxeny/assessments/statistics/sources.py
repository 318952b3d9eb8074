"""The statistical offices that figures are fetched from: where they answer, and under what licence."""

from dataclasses import dataclass, replace

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Office:
    """A statistical office that answers in SDMX.

    Attributes
    ----------
    code : str
        Its code in sdmx1 and in the standard.
    name : str
        Its official name, used in every source line.
    address : str
        Base of its web service, without a trailing slash.
    licence : str
        The licence of its figures.
    terms : str
        The address of the terms.
    finder : str
        The address for finding data sets and their keys.
    example : tuple of str
        A data set and a key of it.
    """

    code: str
    name: str
    address: str
    licence: str
    terms: str
    finder: str
    example: tuple[str, str]


_OFFICES = (
    Office(
        code="ESTAT",
        name="Eurostat",
        address="https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1",
        licence="CC BY 4.0",
        terms="https://ec.europa.eu/eurostat/help/copyright-notice",
        finder="https://ec.europa.eu/eurostat/databrowser/",
        example=("nama_10_gdp", "A.CP_MEUR.B1GQ.EL+FR"),
    ),
    Office(
        code="OECD",
        name="OECD",
        address="https://sdmx.oecd.org/public/rest",
        licence="CC BY 4.0",
        terms="https://www.oecd.org/en/about/terms-conditions.html",
        finder="https://data-explorer.oecd.org/",
        example=("OECD.SDD.STES,DSD_STES@DF_CLI,4.1", "FRA.M.LI...AA...H"),
    ),
    Office(
        code="ECB",
        name="European Central Bank",
        address="https://data-api.ecb.europa.eu/service",
        licence="Free reuse with the source named (ESCB)",
        terms="https://data.ecb.europa.eu/help/reuse-policy",
        finder="https://data.ecb.europa.eu/data",
        example=("EXR", "M.USD.EUR.SP00.A"),
    ),
)

#: By code, in the order in which people choose.
OFFICES: dict[str, Office] = {one.code: one for one in _OFFICES}


def get_office(code: str) -> Office:
    """Return an office, at the address that the site's settings name for it, if they do.

    Raises
    ------
    KeyError
        There is none with this code.
    """
    office = OFFICES[code]
    return replace(office, address=settings.STATISTICS_AT.get(code, office.address))


def office_name(code: str) -> str:
    """Return an office's name; the code itself where it is none of ours."""
    return OFFICES[code].name if code in OFFICES else code
