"""Licences as the web names them, and back."""

import re

from proxeny.engine.package import Licence as Told
from proxeny.research.models import Licence

_CREATIVE = "https://creativecommons.org"
#: The address and the name of each licence.
_TOLD = {
    Licence.CC_BY: Told(id=f"{_CREATIVE}/licenses/by/4.0/", name="CC BY 4.0"),
    Licence.CC_BY_SA: Told(id=f"{_CREATIVE}/licenses/by-sa/4.0/", name="CC BY-SA 4.0"),
    Licence.CC_BY_NC: Told(id=f"{_CREATIVE}/licenses/by-nc/4.0/", name="CC BY-NC 4.0"),
    Licence.CC0: Told(id=f"{_CREATIVE}/publicdomain/zero/1.0/", name="CC0 1.0"),
    Licence.ODBL: Told(id="https://opendatacommons.org/licenses/odbl/1-0/", name="ODbL 1.0"),
    Licence.OWN: Told(id="#all-rights-reserved", name="All rights reserved"),
}
_SPDX = re.compile(r"spdx\.org/licenses/([a-z0-9.-]+?)(?:\.html)?$")
_DEEDS = re.compile(r"/(?:legalcode|deed)(?:\.[a-z_-]+)?$")


def licence_of(code: str) -> Told:
    """Return a licence in words."""
    return _TOLD[Licence(code)]


def code_of(address: str) -> str | None:
    """Return the code of a licence's address, as others write it too; None for one we have not."""
    plain = re.sub(r"^https?://(?:www\.)?", "", address.strip().lower()).rstrip("/")
    if match := _SPDX.search(plain):
        return match[1] if match[1] in Licence.values else None
    plain = _DEEDS.sub("", plain)
    for code, told in _TOLD.items():
        if plain == told.id.removeprefix("https://").rstrip("/"):
            return code.value
    return None
