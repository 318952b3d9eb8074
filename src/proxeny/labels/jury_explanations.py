"""Reasons for a missing assignment, in sentences with next steps: with names, for managers."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.engine.label import NoRoom, TooFew, TooMuch
from proxeny.kernel.lists import join_items
from proxeny.kernel.personal_data import tell_name

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
    """Names for the keys of the engine."""

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
        return self.sides.get(key or "", "") or _("any of the clusters")


def _tell_no_room(reason: NoRoom, names: _Names) -> str:
    return _(
        "Application %(number)s already has %(kept)s, so no juror from %(sides)s can be added. "
        "Remove one of its jurors first."
    ) % {
        "number": names.numbers[reason.application],
        "kept": names.of(reason.kept),
        "sides": join_items(names.side(one) for one in reason.sides),
    }


def _tell_too_few(reason: TooFew, names: _Names) -> str:
    told = ngettext(
        "Application %(number)s needs %(count)d more juror from %(side)s.",
        "Application %(number)s needs %(count)d more jurors from %(side)s.",
        reason.needed,
    ) % {
        "number": names.numbers[reason.application],
        "count": reason.needed,
        "side": names.side(reason.side),
    }
    parts = [told]
    if reason.open:
        parts.append(_("The only ones available: %(names)s.") % {"names": names.of(reason.open)})
    if reason.barred:
        parts.append(
            _("Excluded because of a conflict of interest or an abstention: %(names)s.")
            % {"names": names.of(reason.barred)}
        )
    if reason.closed:
        parts.append(
            _("Not taking on any more applications: %(names)s.")
            % {"names": names.of(reason.closed)}
        )
    if reason.full:
        parts.append(_("Already at their limit: %(names)s.") % {"names": names.of(reason.full)})
    parts.append(_("Invite another juror, or lift a limit."))
    return " ".join(parts)


def _tell_limits(reason: TooMuch, names: _Names) -> str:
    needed = sum(one.count for one in reason.needs)
    numbers = sorted({names.numbers[one.application] for one in reason.needs})
    shown = [str(one) for one in numbers[:MOST_SHOWN]]
    if more := len(numbers) - len(shown):
        shown.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    sides = {one.side for one in reason.needs}
    told = ngettext(
        "%(count)d assessment is still needed, for application %(numbers)s, but the eligible "
        "jurors can only take on %(can)d.",
        "%(count)d assessments are still needed, for applications %(numbers)s, but the eligible "
        "jurors can only take on %(can)d.",
        needed,
    ) % {"count": needed, "numbers": join_items(shown), "can": needed - reason.missing}
    parts = [told]
    if len(sides) == 1:
        parts.append(
            _("The jurors must come from %(side)s.") % {"side": names.side(next(iter(sides)))}
        )
    if reason.limits:
        limits = join_items(
            _("%(name)s (%(most)d)") % {"name": names.jurors[one.juror], "most": one.most}
            for one in reason.limits
        )
        parts.append(_("Their limits: %(limits)s.") % {"limits": limits})
    parts.append(_("Raise a limit, or invite more jurors."))
    return " ".join(parts)
