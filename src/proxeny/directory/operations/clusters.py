"""The profile of a cluster in addition to its entry."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.countries import country_codes
from proxeny.directory.ecosystems import ECOSYSTEMS
from proxeny.directory.models import ClusterProfile, Organisation
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader

#: Facts of a profile, as on its form.
FACTS = (
    "staff_fte",
    "committed_members",
    "strategy",
    "services",
    "ecosystems",
    "target_countries",
    "reviews_listings",
    "listing_days",
    "second_factor_from",
)
#: An offer or need rests after so many days.
LISTING_DAYS = (14, 1825)
_MOST_STAFF = Decimal("9999.99")


def update_cluster_profile(
    *, actor: Reader, cluster_id: int, version: int, changes: Mapping[str, Any]
) -> ClusterProfile:
    """Change a cluster's profile, or write its first (version 0).

    Side effects: an audit row with what was before.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the cluster, or does not manage it.
    Conflict
        Somebody else changed it since.
    InvalidInput
        A value that does not hold.
    """
    with transaction.atomic():
        cluster = queries.get_organisation(cluster_id)
        if not rules.can_edit_profile(actor, cluster):
            raise NotAllowed(_("Only a manager of the cluster can change its profile."))
        if changes.get("second_factor_from") and not rules.can_demand_factor(actor, cluster):
            raise NotAllowed(_("Only the cluster itself can require a second factor."))
        # If two people write the first profile, the second waits here.
        list(Organisation.objects.select_for_update(no_key=True).filter(pk=cluster_id))
        profile = queries.get_cluster_profile(cluster_id)
        if profile.version != version:
            raise Conflict(
                _(
                    "Someone else changed this profile while you were editing it. What you typed "
                    "is kept below."
                )
            )
        if not changes.keys() <= set(FACTS):
            raise NotAllowed(_("These details of a profile can’t be changed."))
        _refuse_bad(changes)
        before = {name: getattr(profile, name) for name in changes}
        for name, value in changes.items():
            setattr(profile, name, value)
        profile.version += 1
        profile.save()
        audit.record(
            actor,
            "update_cluster_profile",
            profile,
            organisation_id=cluster.steward_id or cluster_id,
            changes={
                name: [_plain(before[name]), _plain(value)]
                for name, value in changes.items()
                if before[name] != value
            },
        )
    return profile


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _refuse_bad(changes: Mapping[str, Any]) -> None:
    staff = changes.get("staff_fte")
    if staff is not None and not 0 <= staff <= _MOST_STAFF:
        raise InvalidInput(
            _("Enter staff as full-time equivalents, such as 2.5."),
            field="staff_fte",
        )
    if not set(changes.get("ecosystems", ())) <= ECOSYSTEMS.keys():
        raise InvalidInput(_("Choose ecosystems from the list."), field="ecosystems")
    if not set(changes.get("target_countries", ())) <= set(country_codes()):
        raise InvalidInput(_("Choose countries from the list."), field="target_countries")
    least, most = LISTING_DAYS
    if not least <= changes.get("listing_days", least) <= most:
        raise InvalidInput(
            _("An offer or need can be shown for %(least)s to %(most)s days.")
            % {"least": least, "most": most},
            field="listing_days",
        )
