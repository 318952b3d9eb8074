"""Descriptions of people's actions in a history, and the history of the user's own entry."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import ApiToken, CalendarFeed, Person, Seat
from proxeny.accounts.trail import TRAILS, Trail
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound

SENTENCES = {
    "accept_invitation": _("Accepted the invitation"),
    "announce_erasure": _("Reminded of the upcoming erasure"),
    "ask_contact_erasure": _("Requested erasure of a contact"),
    "ask_erasure": _("Requested erasure of their own data"),
    "change_profile": _("Changed their details"),
    "create_holder": _("Was given a role"),
    "create_token": _("Created a token for a program"),
    "download_data": _("Downloaded their own data"),
    "end_other_sessions": _("Signed out everywhere else"),
    "end_seat": _("Ended a role"),
    "end_session": _("Signed out a browser"),
    "invite_person": _("Invited someone to a role"),
    "renew_feed": _("Created a new calendar address"),
    "resend_invitation": _("Resent the invitation"),
    "restore_seat": _("Restored the role"),
    "revoke_feed": _("Closed the calendar address"),
    "revoke_token": _("Revoked a program’s token"),
    "set_last_day": _("Set the last day of a role"),
    "withdraw_erasure": _("Withdrew the erasure request"),
    "withdraw_invitation": _("Withdrew the invitation"),
}


def _find(pk: int) -> Person:
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NotFound(_("We couldn’t find this person."))
    return person


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    TRAILS.add(
        "person",
        Trail(
            find=_find,
            address=lambda person: reverse("people:me"),
            related=lambda person: {
                "accounts.Seat": Seat.objects.filter(person=person).values("pk"),
                "accounts.CalendarFeed": CalendarFeed.objects.filter(person=person).values("pk"),
                "accounts.ApiToken": ApiToken.objects.filter(person=person).values("pk"),
            },
        ),
    )
