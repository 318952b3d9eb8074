"""Senders of an event's mails: the cluster that looks after the participant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from proxeny.accounts.models import Role
from proxeny.accounts.queries import live_seats, written_by
from proxeny.directory.models import Organisation
from proxeny.events.models import Event
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import rules
from proxeny.partnerships.models import Party
from proxeny.partnerships.queries import parties_joined
from proxeny.partnerships.room_queries import team_ids


@dataclass(frozen=True, slots=True)
class Organisers:
    """The sides of an event.

    Attributes
    ----------
    by_cluster : dict of int to Sender
        Each side by its cluster's number: who speaks for it gets the answers of its members.
    together : Sender
        All of them, for who is a member of none.
    """

    by_cluster: dict[int, Sender]
    together: Sender

    def of(self, organisation: Organisation) -> Sender:
        """Return who writes to an organisation."""
        own = self.by_cluster.get(organisation.pk)
        return own or self.by_cluster.get(organisation.steward_id or 0) or self.together


def organisers_of(event: Event, *, today: date) -> Organisers:
    """Return the senders of the mails of an event. Three queries, in the service role.

    Answers go to the contact of each side; to its first manager where it has none.
    """
    joined = Party.objects.filter(partnership_id=event.partnership_id, state=Party.State.JOINED)
    parties = list(joined.select_related("organisation", "contact").order_by("side"))
    team = team_ids(parties, today=today)
    managers = _managers_of([one.organisation_id for one in parties], today=today)
    return Organisers(
        {
            one.organisation_id: Sender(
                one.organisation.name,
                # A person who has left their cluster gets no more mail for it.
                reply_to=one.contact.email
                if one.contact and one.contact_id in team
                else managers.get(one.organisation_id, ""),
            )
            for one in parties
        },
        Sender(" & ".join(one.organisation.name for one in parties)),
    )


def _managers_of(cluster_ids: Sequence[int], *, today: date) -> dict[int, str]:
    """Return the address of each cluster's first manager."""
    seats = live_seats(today=today).filter(organisation_id__in=cluster_ids, role=Role.MANAGER)
    rows = seats.order_by("-starts_on", "-pk").values_list("organisation_id", "person__email")
    # The earliest comes last, and stays.
    return dict(rows)


def organiser(actor: Reader, event: Event) -> Sender:
    """Return the manager who invites, with the cluster for which they do."""
    mine = rules.party_managed(actor, parties_joined(event.partnership_id))
    return written_by(actor, mine.organisation.name if mine else "")
