"""Tables of calls for proposals."""

from proxeny.calls.models.calls import Call
from proxeny.calls.models.imports import CallImport
from proxeny.calls.models.watching import CallWatch

__all__ = ["Call", "CallImport", "CallWatch"]
