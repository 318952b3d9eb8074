"""EuroSciVoc: its 6 branches and 41 fields below them, with short labels of our own.

The numbers are those of the European Commission's vocabulary. Deeper levels are loaded by `proxeny
vocabulary load euroscivoc`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

#: Branches with their fields.
BRANCHES: dict[str, tuple[Label, dict[str, Label]]] = {
    "/21": (
        _("Medicine and health"),
        {
            "/21/33": _("Health sciences"),
            "/21/35": _("Basic medicine"),
            "/21/37": _("Medical biotechnology"),
            "/21/39": _("Clinical medicine"),
            "/21/41": _("Other medical sciences"),
        },
    ),
    "/23": (
        _("Natural sciences"),
        {
            "/23/43": _("Physics and astronomy"),
            "/23/45": _("Earth and environment"),
            "/23/47": _("Computer science"),
            "/23/49": _("Biology"),
            "/23/51": _("Mathematics"),
            "/23/53": _("Chemistry"),
        },
    ),
    "/25": (
        _("Engineering and technology"),
        {
            "/25/57": _("Medical engineering"),
            "/25/59": _("Other engineering"),
            "/25/61": _("Industrial biotechnology"),
            "/25/63": _("Materials"),
            "/25/65": _("Chemical engineering"),
            "/25/67": _("Environmental engineering"),
            "/25/69": _("Nanotechnology"),
            "/25/71": _("Environmental biotechnology"),
            "/25/73": _("Electrical, electronic and information engineering"),
            "/25/75": _("Mechanical engineering"),
            "/25/77": _("Civil engineering"),
        },
    ),
    "/27": (
        _("Agricultural sciences"),
        {
            "/27/79": _("Agricultural biotechnology"),
            "/27/81": _("Agriculture, forestry and fisheries"),
            "/27/83": _("Animal and dairy science"),
            "/27/85": _("Other agricultural sciences"),
            "/27/87": _("Veterinary science"),
        },
    ),
    "/29": (
        _("Social sciences"),
        {
            "/29/89": _("Law"),
            "/29/91": _("Economics and business"),
            "/29/93": _("Psychology"),
            "/29/95": _("Other social sciences"),
            "/29/97": _("Political science"),
            "/29/99": _("Social geography"),
            "/29/101": _("Sociology"),
            "/29/103": _("Media and communication"),
            "/29/105": _("Educational science"),
        },
    ),
    "/31": (
        _("Humanities"),
        {
            "/31/107": _("Languages and literature"),
            "/31/109": _("Arts"),
            "/31/111": _("Philosophy, ethics and religion"),
            "/31/113": _("History and archaeology"),
            "/31/115": _("Other humanities"),
        },
    ),
}

LABELS: dict[str, Label] = {
    code: label
    for branch, (own, fields) in BRANCHES.items()
    for code, label in {branch: own, **fields}.items()
}
