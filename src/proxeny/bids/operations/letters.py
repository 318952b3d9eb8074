"""The letter of intent, which a partner signs to take part."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.bids.models import Bid, Partner
from proxeny.calls.rules import format_deadline
from proxeny.directory.countries import country_name
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_joined


def write_letter(
    partner: Partner,
    bid: Bid,
    partners: Iterable[Partner],
    *,
    room: Partnership,
    clusters: Sequence[str],
) -> str:
    """Return a partner's letter of intent in its language: the same text for the same facts.

    Parameters
    ----------
    bid : Bid
        With its call.
    partners : iterable of Partner
        All of the bid: the letter names the coordinator.
    clusters : sequence of str
        The parties of the room.
    """
    leader = next((one for one in partners if one.leads), None)
    with override(partner.language):
        parts = [
            _("Letter of intent"),
            "\n".join(_facts(bid, room, clusters)),
            _("%(name)s (%(country)s) intends to take part in this bid. Its role: %(role)s.")
            % {
                "name": partner.name,
                "country": country_name(partner.country),
                "role": partner.get_role_display(),
            },
            _("Its contribution:\n%(what)s") % {"what": partner.brings.strip()}
            if partner.brings.strip()
            else "",
            _coordinator(partner, leader),
            _(
                "This letter states an intention. It is not a contract: it obliges no one to pay "
                "money or to do work. Until the bid is submitted, the partner may withdraw at "
                "any time, giving a reason."
            ),
        ]
    return "\n\n".join(filter(None, parts))


def _facts(bid: Bid, room: Partnership, clusters: Sequence[str]) -> list[str]:
    call = bid.call
    reference = f" ({call.reference})" if call.reference else ""
    acronym = f" ({bid.acronym})" if bid.acronym else ""
    lines = [
        _("Project: %(title)s") % {"title": f"{bid.title}{acronym}"},
        _("Call: %(title)s") % {"title": f"{call.title}{reference}"},
    ]
    if call.closes_at:
        lines.append(_("Closes: %(moment)s") % {"moment": format_deadline(call.closes_at, "")})
    lines.append(
        _("Prepared in: %(room)s, by %(clusters)s")
        % {"room": room.title, "clusters": ", ".join(clusters)}
    )
    return lines


def _coordinator(partner: Partner, leader: Partner | None) -> str:
    if leader is None:
        return _("The coordinator has not been decided yet.")
    if leader.pk == partner.pk:
        return _("It is the coordinator and represents all partners towards the funder.")
    return _(
        "%(name)s (%(country)s) is the coordinator and represents all partners towards the funder."
    ) % {
        "name": leader.name,
        "country": country_name(leader.country),
    }


def letter_for(partner: Partner) -> str:
    """Return the letter of intent of a partner with the current facts. Two queries."""
    with as_service("The letter names the coordinator and all clusters, whatever its sender sees."):
        leaders = Partner.objects.filter(bid_id=partner.bid_id, leads=True, dropped_at=None)
        clusters = [one.organisation.name for one in parties_joined(partner.partnership_id)]
        return write_letter(
            partner, partner.bid, leaders, room=partner.partnership, clusters=clusters
        )
