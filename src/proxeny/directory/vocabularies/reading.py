"""Parsing of typed text as a code of a vocabulary, or an error that names the nearest one."""

import re
from difflib import get_close_matches

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_codes, country_name
from proxeny.directory.vocabularies import euroscivoc, nace, nuts

NACE, EUROSCIVOC, NUTS = SCHEMES = ("nace", "euroscivoc", "nuts")

# With or without the section before it, and the points: C10.1, 10.1, 101, 6210.
_NACE = re.compile(r"(?P<section>[A-V])?\s*(?P<division>\d\d)\.?(?P<rest>\d{0,2})", re.IGNORECASE)
_EUROSCIVOC = re.compile(r"/?\d+(/\d+)*")
#: Divisions of the revision before, and where most of what they held has gone.
_MOVED = {"45": "47"}


def looks_like_code(scheme: str, text: str) -> bool:
    """Whether a text has the shape of a code, so that it is not meant as words."""
    text = text.strip()
    if scheme == NACE:
        return bool(_NACE.fullmatch(text) or re.fullmatch("[A-Za-z]|[\\d.]+", text))
    return (
        bool(re.fullmatch(r"[/\d]+", text))
        if scheme == EUROSCIVOC
        else bool(re.fullmatch(r"[A-Za-z]{2}[A-Za-z\d]{0,3}", text) and not text[2:].islower())
    )


def read_code(scheme: str, text: str) -> str:
    """Return the code written in a text, in the vocabulary's notation.

    Raises
    ------
    ValueError
        With a sentence for the author of the text, which names the nearest code.
    """
    return {NACE: _read_nace, EUROSCIVOC: _read_euroscivoc, NUTS: _read_nuts}[scheme](text.strip())


def _read_nace(text: str) -> str:
    if text.upper() in nace.SECTIONS:
        return text.upper()
    found = _NACE.fullmatch(text)
    if found is None:
        raise ValueError(
            _("“%(text)s” isn’t a NACE code. A code looks like 62, 62.1 or 62.10.") % {"text": text}
        )
    division = found["division"]
    if division not in nace.LABELS:
        nearest = _MOVED.get(division) or _closest(division)
        raise ValueError(
            _("NACE Rev. 2.1 has no division %(division)s. The nearest is %(nearest)s.")
            % {"division": division, "nearest": _told(nearest, str(nace.LABELS[nearest]))}
        )
    return f"{division}.{found['rest']}" if found["rest"] else division


def _closest(division: str) -> str:
    known = [code for code in nace.LABELS if code.isdigit()]
    return min(known, key=lambda code: (abs(int(code) - int(division)), code))


def _read_euroscivoc(text: str) -> str:
    if not _EUROSCIVOC.fullmatch(text):
        raise ValueError(
            _("“%(text)s” isn’t a EuroSciVoc code. A code looks like /25/73.") % {"text": text}
        )
    parts = text.strip("/").split("/")
    for depth in (1, 2):
        start = "/" + "/".join(parts[:depth])
        if start not in euroscivoc.LABELS:
            nearest = _nearest_field(start)
            raise ValueError(
                _("EuroSciVoc has no field %(code)s. The nearest is %(nearest)s.")
                % {"code": start, "nearest": _told(nearest, str(euroscivoc.LABELS[nearest]))}
            )
    return "/" + "/".join(parts)


def _nearest_field(code: str) -> str:
    above, _, last = code.rpartition("/")
    beside = [one for one in euroscivoc.LABELS if one.rpartition("/")[0] == above]
    return min(beside, key=lambda one: abs(int(one.rpartition("/")[2]) - int(last)))


def _read_nuts(text: str) -> str:
    code = text.upper()
    code = nuts.prefix_of(code[:2]) + code[2:]
    if code in nuts.regions():
        return code
    country = nuts.country_of(code)
    if len(code) == 2 and country in country_codes():
        return code
    if country not in nuts.countries_with_regions():
        raise ValueError(
            _("“%(text)s” isn’t a NUTS code. A code looks like EL30 or FRK2.") % {"text": text}
        )
    candidates = [one.code for one in nuts.regions_of(country, level=max(1, len(code) - 2))]
    nearest = nuts.regions()[get_close_matches(code, candidates, 1, 0)[0]]
    raise ValueError(
        _("%(country)s has no NUTS region %(code)s. The nearest is %(nearest)s.")
        % {
            "country": country_name(country),
            "code": code,
            "nearest": _told(nearest.code, nearest.name_in(get_language() or "en")),
        }
    )


def _told(code: str, label: str) -> str:
    return f"{code} ({label})"
