"""How what happens with calls reads in a history."""

from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit

#: Each part adds its own.
SENTENCES: dict[str, object] = {
    "add_call": _("Noted a call"),
    "change_call": _("Changed a call"),
    "put_call_away": _("Put a call away"),
    "bring_call_back": _("Brought a call back"),
    "take_calls": _("Took the calls of a file"),
    "leave_calls": _("Left a file of calls"),
}


def teach() -> None:
    """Called when Django is ready."""
    audit.tell(SENTENCES)
