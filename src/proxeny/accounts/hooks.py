"""Contributions of this capability to the others."""

from proxeny.accounts import first_steps
from proxeny.accounts.waiting import find_waiting
from proxeny.kernel.first_steps import FIRST_STEPS
from proxeny.kernel.waiting import WAITING

WAITING.add(find_waiting)
FIRST_STEPS.extend(first_steps.STEPS)
