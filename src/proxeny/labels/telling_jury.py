"""Why there is no assignment, in sentences with what to do: names for the managers."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.engine.label import NoRoom, TooFew, TooMuch
from proxeny.kernel.holdings import tell_name
from proxeny.kernel.lists import join_items

#: So many numbers of applications are told, and how many more there are.
MOST_SHOWN = 12


def tell_reason(reason: Any, board: Any) -> str:
    """Return one reason of the engine in words; `board` is what the assignment went by."""
    names = _Names(board)
    if isinstance(reason, NoRoom):
        return _tell_no_room(reason, names)
    return (
        _tell_too_few(reason, names) if isinstance(reason, TooFew) else _tell_limits(reason, names)
    )


class _Names:
    """What keys of the engine are called."""

    def __init__(self, board: Any) -> None:
        self.jurors = {
            str(one.pk): tell_name(one.person.name) if one.person else tell_name("")
            for one in board.jurors
        }
        self.sides = {str(one.pk): one.organisation.name for one in board.sides}
        self.numbers = {str(one.application_id): one.number for one in board.submissions}

    def of(self, keys: Iterable[str]) -> str:
        """Return the names of jurors."""
        return join_items(self.jurors[key] for key in keys)

    def side(self, key: str | None) -> str:
        """Return the name of a cluster; of all together for None."""
        return self.sides.get(key or "", "") or _("all clusters together")


def _tell_no_room(reason: NoRoom, names: _Names) -> str:
    return _(
        "Application %(number)s keeps %(kept)s, and nobody of %(sides)s can be added: take one of"
        " them from it first."
    ) % {
        "number": names.numbers[reason.application], "kept": names.of(reason.kept),
        "sides": join_items(names.side(one) for one in reason.sides),
    }  # fmt: skip


def _tell_too_few(reason: TooFew, names: _Names) -> str:
    told = ngettext(
        "Application %(number)s needs %(count)d more juror of %(side)s.",
        "Application %(number)s needs %(count)d more jurors of %(side)s.", reason.needed,
    ) % {
        "number": names.numbers[reason.application], "count": reason.needed,
        "side": names.side(reason.side),
    }  # fmt: skip
    parts = [told]
    if reason.open:
        parts.append(_("There is only: %(names)s.") % {"names": names.of(reason.open)})
    if reason.barred:
        parts.append(
            _("A conflict of interest or abstained: %(names)s.")
            % {"names": names.of(reason.barred)}
        )
    if reason.closed:
        parts.append(_("Gets nothing new: %(names)s.") % {"names": names.of(reason.closed)})
    if reason.full:
        parts.append(_("Reads as much as they can: %(names)s.") % {"names": names.of(reason.full)})
    parts.append(_("Ask somebody else to judge, or let a limit go."))
    return " ".join(parts)


def _tell_limits(reason: TooMuch, names: _Names) -> str:
    needed = sum(one.count for one in reason.needs)
    numbers = sorted({names.numbers[one.application] for one in reason.needs})
    shown = [str(one) for one in numbers[:MOST_SHOWN]]
    if more := len(numbers) - len(shown):
        shown.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    sides = {one.side for one in reason.needs}
    told = ngettext(
        "%(count)d review is still needed, for application %(numbers)s;"
        " those who may read there can do %(can)d.",
        "%(count)d reviews are still needed, for applications %(numbers)s;"
        " those who may read there can do %(can)d.",
        needed,
    ) % {"count": needed, "numbers": join_items(shown), "can": needed - reason.missing}
    parts = [told]
    if len(sides) == 1:
        parts.append(
            _("The jurors have to be of %(side)s.") % {"side": names.side(next(iter(sides)))}
        )
    if reason.limits:
        limits = join_items(
            _("%(name)s (%(most)d)") % {"name": names.jurors[one.juror], "most": one.most}
            for one in reason.limits
        )
        parts.append(_("Their limits: %(limits)s.") % {"limits": limits})
    parts.append(_("Raise a limit, or ask more people to judge."))
    return " ".join(parts)
