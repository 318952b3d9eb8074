"""The effect of changed ties, in words and as before and after."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.engine.network.links import Change, Standing
from proxeny.insight.networks_presenters import (
    COUNT,
    FIGURES,
    NUMBER,
    name_of,
    tell_number,
    tell_value,
    write_value,
)

#: Figures of a position by their names there, in their order.
_ROWS = ("degree", "strength", "harmonic", "reach", "constraint", "betweenness")
#: How those are written that are no figures of the network.
_FORMS = {"reach": COUNT, "betweenness": NUMBER}


def _labels() -> dict[str, str]:
    return {
        "degree": _("Partners"),
        "strength": _("Joint work"),
        "harmonic": _("Closeness"),
        "reach": _("Within two steps"),
        "constraint": _("Constraint (network closure)"),
        "betweenness": _("Pairs connected through you"),
    }


def show_change(change: Change, named: Mapping[int, Any]) -> dict[str, Any]:
    """Return a tried change: its sentences, and each figure before and after."""
    labels = _labels()
    return {
        "linked": [name_of(named, one) for one in change.linked],
        "lost": [name_of(named, one) for one in change.lost],
        "weight": tell_number(change.weight),
        "sentences": tell_change_of(change),
        "rows": [
            {
                "label": labels[name],
                "before": _write(change.before, name),
                "after": _write(change.after, name),
            }
            for name in _ROWS
            if name != "betweenness" or change.after.betweenness is not None
        ],
    }


def _write(one: Standing, name: str) -> str:
    form = _FORMS[name] if name in _FORMS else FIGURES[name].form
    value = getattr(one, name)
    return write_value(form, None if value is None else float(value))


def tell_change_of(change: Change) -> list[str]:
    """Return the effects of a change, as sentences, the most important first."""
    before, after = change.before, change.after
    said = []
    near = (tell_value("harmonic", before.harmonic), tell_value("harmonic", after.harmonic))
    if near[0] == near[1]:
        said.append(_("Your closeness stays at %(value)s.") % {"value": near[0]})
    else:
        rises = after.harmonic > before.harmonic
        sentence = (
            _("Your closeness would rise from %(before)s to %(after)s.")
            if rises
            else _("Your closeness would fall from %(before)s to %(after)s.")
        )
        said.append(sentence % {"before": near[0], "after": near[1]})
    said.append(_tell_reach(after.reach - before.reach, after.reach))
    if before.constraint is not None and after.constraint is not None:
        freer = after.constraint - before.constraint
        if abs(freer) >= 0.005:
            said.append(
                _("Your partners would know each other less, so you would connect more.")
                if freer < 0
                else _("Your partners would know each other more, so you would connect less.")
            )
    return said


def _tell_reach(more: int, reach: int) -> str:
    if more > 0:
        return ngettext(
            "You would reach %(count)d more organisation within two steps, %(all)d in total.",
            "You would reach %(count)d more organisations within two steps, %(all)d in total.",
            more,
        ) % {"count": more, "all": reach}
    if more < 0:
        return ngettext(
            "You would reach %(count)d fewer organisation within two steps, %(all)d in total.",
            "You would reach %(count)d fewer organisations within two steps, %(all)d in total.",
            -more,
        ) % {"count": -more, "all": reach}
    return _("Within two steps, you would reach as many as today: %(all)d.") % {"all": reach}
