"""What was measured, to stand beside what people say: figures with their parts, never one of all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.partnerships.models import Partnership

type Tone = Literal["", "ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Signal:
    """A measured figure in words, with the page it comes from.

    `factors` are those of the health review that it stands beside.
    """

    code: str
    label: str
    value: str
    note: str
    url: str
    tone: Tone = ""
    factors: tuple[str, ...] = ()


#: What capabilities above measure; called with the partnership and today.
type FindSignals = Callable[[Partnership, date], Iterator[Signal]]
_FOUND: list[FindSignals] = []


def tell_signals(find: FindSignals) -> None:
    """Have the health page know of figures of another capability; called when Django is ready."""
    _FOUND.append(find)


def signals_above(partnership: Partnership, *, today: date) -> Iterable[Signal]:
    """Yield what capabilities above measure."""
    for find in _FOUND:
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
        value if kept + missed else _("just begun"), note, url,
        "bad" if late > 1 else "warn" if late else "ok" if kept else "",
        ("ties",) if rhythm.in_person else ("open-talk", "ties"),
    )  # fmt: skip


def beside(signals: Sequence[Signal], factor: str) -> list[Signal]:
    """Return the signals that stand beside a factor."""
    return [one for one in signals if factor in one.factors]
