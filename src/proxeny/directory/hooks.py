"""Contributions of this capability to the others."""

from proxeny.directory import first_steps, merge_references
from proxeny.directory.deadlines import find_deadlines
from proxeny.directory.history import teach
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.waiting import find_waiting
from proxeny.kernel.first_steps import FIRST_STEPS
from proxeny.kernel.waiting import WAITING
from proxeny.notices.deadlines import DEADLINES
from proxeny.notices.grouping import OBJECTS, titles_of

DEADLINES.add(find_deadlines)
WAITING.add(find_waiting)
teach()
merge_references.teach()
OBJECTS.add("directory:detail", titles_of(Organisation, column="name"))
OBJECTS.add("directory:listing", titles_of(Listing))
FIRST_STEPS.extend(first_steps.STEPS)
