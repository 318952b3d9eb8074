"""Measured figures for comparison with opinions: each with its parts, never one total."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.hooks import Hook
from proxeny.partnerships.models import Partnership

type Tone = Literal["", "ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Measured figure in words, with its page.

    `factors` are the factors of the health review that it relates to.
    """

    code: str
    label: str
    value: str
    note: str
    url: str
    tone: Tone = ""
    factors: tuple[str, ...] = ()


#: Signals from higher-level packages; called with the partnership and today.
type FindSignals = Callable[[Partnership, date], Iterator[Signal]]
SIGNALS: Hook[FindSignals] = Hook("room.signals", "Figures for the health of a partnership.")


def signals_above(partnership: Partnership, *, today: date) -> Iterable[Signal]:
    """Yield what capabilities above measure."""
    for find in SIGNALS:
        yield from find(partnership, today)


def signal_of_rhythm(rhythm: Any, *, url: str) -> Signal:
    """Return how an agreed rhythm of catch-ups was kept, of an `engine.health.Rhythm` or its like."""
    kept, missed = rhythm.kept, rhythm.missed
    late = rhythm.missed_in_a_row
    value = _("%(kept)d of %(all)d kept") % {"kept": kept, "all": kept + missed}
    note = ""
    if late:
        # With one too: there are languages that say the number then.
        note = ngettext("the last one was missed", "the last %(count)d were missed", late) % {
            "count": late
        }
    return Signal(
        "rhythm-face" if rhythm.in_person else "rhythm",
        _("Catch-ups face to face") if rhythm.in_person else _("Catch-ups in the agreed rhythm"),
        value if kept + missed else _("just started"),
        note,
        url,
        "bad" if late > 1 else "warn" if late else "ok" if kept else "",
        ("ties",) if rhythm.in_person else ("open-talk", "ties"),
    )


def beside(signals: Sequence[Signal], factor: str) -> list[Signal]:
    """Return the signals that relate to a factor."""
    return [one for one in signals if factor in one.factors]
