"""Stakeholders abroad that the ambassador meets and the directory does not have yet."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.ambassadors.operations.guards import enter_desk
from proxeny.directory.countries import country_codes
from proxeny.directory.models import Kind, Organisation, Visibility
from proxeny.directory.places import coordinates_of
from proxeny.folding import fold
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader


@transaction.atomic
def note_stakeholder(
    *,
    actor: Reader,
    partnership_id: int,
    name: str,
    country: str,
    today: date,
    city: str = "",
    website: str = "",
    kind: str = Kind.COMPANY,
) -> Organisation:
    """Note an organisation abroad for the desk's own cluster: no member, seen by nobody else.

    Side effects: an audit row of the cluster.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `enter_desk`; no name, no such country or kind; the cluster keeps it already.
    """
    desk = enter_desk(actor, partnership_id)
    name = " ".join(name.split())[:200]
    if not name:
        raise InvalidInput(_("Enter the organisation’s name."), field="name")
    if country not in country_codes():
        raise InvalidInput(_("Choose a country."), field="country")
    if kind not in Kind.values or kind == Kind.CLUSTER:
        raise InvalidInput(_("Choose another kind."), field="kind")
    twins = Organisation.objects.listed().filter(
        steward_id=desk.cluster_id, country=country, sort_name=fold(name)
    )
    if twins.exists():
        raise Conflict(
            _("Your cluster already has an entry with this name. Search for it."), field="name"
        )
    place = coordinates_of(city, country) if city else None
    made = Organisation(
        name=name,
        kind=kind,
        steward_id=desk.cluster_id,
        country=country,
        city=city.strip()[:120],
        website=website.strip()[:300],
        visibility=Visibility.PRIVATE,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
    )
    made.save()
    audit.record(actor, "note_stakeholder", made, organisation_id=desk.cluster_id)
    return made
