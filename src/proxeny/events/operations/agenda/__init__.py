"""Making an agenda: run the engine, then lock, move, add, and take the result over."""

from proxeny.events.operations.agenda.edit import (
    add_entry,
    discard_agenda,
    lock_entry,
    move_entry,
)
from proxeny.events.operations.agenda.problem import AgendaProblem, load_problem
from proxeny.events.operations.agenda.run import start_agenda_run, stop_agenda_run
from proxeny.events.operations.agenda.store import keep_best, store_agenda

__all__ = [
    "AgendaProblem",
    "add_entry",
    "discard_agenda",
    "keep_best",
    "load_problem",
    "lock_entry",
    "move_entry",
    "start_agenda_run",
    "stop_agenda_run",
    "store_agenda",
]
