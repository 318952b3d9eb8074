"""Contributions of this capability to the others."""

from proxeny.calls import history
from proxeny.calls.deadlines import find_deadlines
from proxeny.calls.models import Call
from proxeny.calls.waiting import find_waiting
from proxeny.directory.merge_references import Pointer, point
from proxeny.kernel.waiting import WAITING
from proxeny.notices.deadlines import DEADLINES
from proxeny.notices.grouping import OBJECTS, titles_of

DEADLINES.add(find_deadlines)
WAITING.add(find_waiting)
history.teach()
point(
    Pointer("calls.Call", "steward", stays="clusters are never merged"),
    Pointer("calls.CallImport", "cluster", stays="clusters are never merged"),
)
OBJECTS.add("calls:detail", titles_of(Call))
