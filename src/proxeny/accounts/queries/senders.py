"""Senders of mails that a person causes."""

from proxeny.accounts.models import Person
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import Reader


def written_by(actor: Reader, organisation: str, *, is_known: bool = True) -> Sender:
    """Return an actor as the sender of a mail on behalf of an organisation.

    Parameters
    ----------
    is_known : bool
        Whether those who get it may know the actor's address, so that their answers go there.
    """
    address = ""
    if is_known:
        own = Person.objects.filter(pk=actor.own_id)
        address = own.values_list("email", flat=True).first() or ""
    return Sender(organisation, actor.name, address)
