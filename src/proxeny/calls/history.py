"""Descriptions of call actions in a history."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS, Trail
from proxeny.calls.fields import tell_fact
from proxeny.calls.queries.calls import get_call
from proxeny.kernel import audit

#: Each part adds its own.
SENTENCES: dict[str, object] = {
    "add_call": _("Added a call"),
    "change_call": _("Changed a call"),
    "put_call_away": _("Archived a call"),
    "bring_call_back": _("Restored a call"),
    "take_calls": _("Imported the calls of a file"),
    "leave_calls": _("Discarded a file of calls"),
}
#: Facts that a history keeps as they are kept, and people read otherwise.
_TOLD = ("rule_set", "part", "budget", "grant_least", "grant_most")


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    TRAILS.add(
        "call",
        Trail(
            find=get_call,
            address=lambda one: reverse("calls:detail", args=[one.pk]),
            labels={"own_rules": _("Call-specific conditions")},
            words={name: partial(tell_fact, name) for name in _TOLD},
        ),
    )
