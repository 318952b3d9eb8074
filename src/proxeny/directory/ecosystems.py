"""The fourteen industrial ecosystems of the European Union's industrial strategy (COM(2021) 350)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ECOSYSTEMS: dict[str, Any] = {
    "aerospace": _("Aerospace and defence"),
    "agri-food": _("Agri-food"),
    "construction": _("Construction"),
    "creative": _("Cultural and creative industries"),
    "digital": _("Digital"),
    "electronics": _("Electronics"),
    "energy-intensive": _("Energy-intensive industries"),
    "renewables": _("Renewable energy"),
    "health": _("Health"),
    "mobility": _("Mobility, transport and automotive"),
    "proximity": _("Proximity and social economy"),
    "retail": _("Retail"),
    "textile": _("Textiles"),
    "tourism": _("Tourism"),
}


def ecosystem_choices() -> list[tuple[str, Any]]:
    """Return code and name of each."""
    return list(ECOSYSTEMS.items())


def ecosystem_name(code: str) -> str:
    """Return an ecosystem's name in the reader's language; the code where it is none."""
    return str(ECOSYSTEMS.get(code, code))
