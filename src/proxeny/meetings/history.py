"""How what happens to meetings reads in a history."""

from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit

SENTENCES = {
    "ask_what_came_of_it": _("Asked what came of the meetings"),
    "cancel_meeting": _("Called a meeting off"),
    "move_meeting": _("Moved a meeting"),
    "rate_meeting": _("Rated a meeting"),
}


def teach() -> None:
    """Called when Django is ready."""
    audit.tell(SENTENCES)
