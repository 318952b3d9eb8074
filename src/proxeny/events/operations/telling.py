"""Telling who answers for a participant: a person by a notice, an address by a mail."""

from collections.abc import Mapping
from typing import Any

from proxeny.accounts.models import Person
from proxeny.events.queries.partnerships import Contact
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.tenancy import as_service
from proxeny.notices.operations import tell


def tell_contact(
    contact: Contact, *, key: str, template: str, context: Mapping[str, Any], path: str = "",
    calendar: str = "", calendar_method: str = "",
) -> bool:  # fmt: skip
    """Tell a contact of an event; return whether it is new and reaches somebody.

    Parameters
    ----------
    contact : Contact
        With the number 0 it is an address of which nobody knows whose it is: it gets the mail.
    path : str
        Where a notice leads, from the slash on.
    """
    person = None
    if contact.person_id:
        # Whom one invites one need not see: they are told, and shown to nobody.
        with as_service():
            person = Person.objects.filter(pk=contact.person_id, erased_at=None).first()
    if person is not None:
        return tell(
            person, topic="events", key=key, template=template, context=context, path=path,
            calendar=calendar, calendar_method=calendar_method,
        )  # fmt: skip
    mail = queue_mail(
        key=key, recipient=contact.email, template=template, context=dict(context),
        language=contact.language, calendar=calendar, calendar_method=calendar_method,
    )  # fmt: skip
    return mail is not None
