"""How people's deeds read in a history, and the history of one's own entry."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import ApiToken, CalendarFeed, Person, Seat
from proxeny.accounts.trail import Trail, keep_trail
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound

SENTENCES = {
    "accept_invitation": _("Accepted the invitation"),
    "announce_erasure": _("Reminded of the coming erasure"),
    "ask_contact_erasure": _("Asked for a contact to be erased"),
    "ask_erasure": _("Asked to be erased"),
    "change_profile": _("Changed their details"),
    "create_holder": _("Was given a seat"),
    "create_token": _("Made a token for a program"),
    "download_data": _("Downloaded their own data"),
    "end_other_sessions": _("Signed out everywhere else"),
    "end_seat": _("Ended a seat"),
    "end_session": _("Signed a browser out"),
    "invite_person": _("Invited somebody to a seat"),
    "renew_feed": _("Made a new calendar address"),
    "resend_invitation": _("Sent the invitation again"),
    "restore_seat": _("Restored the seat"),
    "revoke_feed": _("Closed the calendar address"),
    "revoke_token": _("Revoked a program's token"),
    "set_last_day": _("Set the last day of a seat"),
    "withdraw_erasure": _("Took back the request to be erased"),
    "withdraw_invitation": _("Withdrew the invitation"),
}


def _find(pk: int) -> Person:
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def teach() -> None:
    """Called when Django is ready."""
    audit.tell(SENTENCES)
    keep_trail(
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
