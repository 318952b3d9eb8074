"""Senders of the mails of a label."""

from proxeny.kernel.mail_senders import Sender
from proxeny.partnerships.queries import parties_joined


def clusters_of(partnership_id: int, contact: str) -> Sender:
    """Return the clusters that give a label, and the address that they publish with it."""
    names = [one.organisation.name for one in parties_joined(partnership_id)]
    return Sender(" & ".join(names), reply_to=contact)
