"""The letter of intent: what a partner signs to take part."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.bids.models import Bid, Partner
from proxeny.calls.moments import tell_moment
from proxeny.directory.countries import country_name
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_joined


def write_letter(
    partner: Partner, bid: Bid, partners: Iterable[Partner], *, room: Partnership,
    clusters: Sequence[str],
) -> str:  # fmt: skip
    """Return a partner's letter of intent in its language: the same words for the same facts.

    Parameters
    ----------
    bid : Bid
        With its call.
    partners : iterable of Partner
        All of the bid: who coordinates is said.
    clusters : sequence of str
        The parties of the room.
    """
    leader = next((one for one in partners if one.leads), None)
    with override(partner.language):
        parts = [
            _("Letter of intent"),
            "\n".join(_facts(bid, room, clusters)),
            _("%(name)s (%(country)s) intends to take part in this bid. Its role: %(role)s.") % {
                "name": partner.name, "country": country_name(partner.country),
                "role": partner.get_role_display(),
            },
            _("What it brings:\n%(what)s") % {"what": partner.brings.strip()}
            if partner.brings.strip() else "",
            _coordinator(partner, leader),
            _("This letter says what is intended. It is no contract: nobody owes anybody money or"
              " work because of it. Until the bid is submitted, the partner may step back at any"
              " time, with a word why."),
        ]  # fmt: skip
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
        lines.append(_("Closes: %(moment)s") % {"moment": tell_moment(call.closes_at, "")})
    lines.append(_("Prepared in: %(room)s, by %(clusters)s") % {
        "room": room.title, "clusters": ", ".join(clusters)
    })  # fmt: skip
    return lines


def _coordinator(partner: Partner, leader: Partner | None) -> str:
    if leader is None:
        return _("Who coordinates is not decided yet.")
    if leader.pk == partner.pk:
        return _("It coordinates: it speaks to the funder for all.")
    return _("%(name)s (%(country)s) coordinates: it speaks to the funder for all.") % {
        "name": leader.name, "country": country_name(leader.country)
    }  # fmt: skip


def letter_for(partner: Partner) -> str:
    """Return the letter of intent of a partner as everything stands now. Two queries."""
    with as_service():
        leaders = Partner.objects.filter(bid_id=partner.bid_id, leads=True, dropped_at=None)
        clusters = [one.organisation.name for one in parties_joined(partner.partnership_id)]
        return write_letter(
            partner, partner.bid, leaders, room=partner.partnership, clusters=clusters
        )
