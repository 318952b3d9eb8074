"""Ending a membership, and taking that back."""

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import Membership
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader


def end_membership(*, actor: Reader, membership_id: int, on: date, why: str = "") -> Membership:
    """End a membership after the day `on`; until then all stays as it is.

    The entry stays in the cluster's directory, and `restore_membership` takes the end back.

    Side effects: an audit row with the reason.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the membership, or does not manage the cluster.
    InvalidInput
        The day lies before the membership began.
    Conflict
        It has ended already.
    """
    with transaction.atomic():
        membership = _get_for_change(actor, membership_id)
        if membership.ends_on is not None:
            raise Conflict(_("This membership already has an end date."))
        if on < membership.starts_on:
            raise InvalidInput(
                _("The membership started on %(day)s; it can’t end before then.")
                % {"day": date_format(membership.starts_on)},
                field="on",
            )
        membership.ends_on = on
        membership.save(update_fields=["ends_on"])
        audit.record(
            actor,
            "end_membership",
            membership,
            organisation_id=membership.cluster_id,
            changes={"ends_on": [None, on.isoformat()]},
            why=why,
        )
    return membership


def restore_membership(*, actor: Reader, membership_id: int) -> Membership:
    """Undo the end of a membership. Raises as `end_membership`.

    `Conflict` when the organisation has become a member again in the meantime.
    """
    with transaction.atomic():
        membership = _get_for_change(actor, membership_id)
        if queries.is_live_member(membership.cluster_id, membership.organisation_id):
            raise Conflict(_("This organisation is already a member again."))
        ended_on, membership.ends_on = membership.ends_on, None
        membership.save(update_fields=["ends_on"])
        audit.record(
            actor,
            "restore_membership",
            membership,
            organisation_id=membership.cluster_id,
            changes={"ends_on": [str(ended_on), None]},
        )
    return membership


def _get_for_change(actor: Reader, membership_id: int) -> Membership:
    membership = queries.get_membership(membership_id)
    if not rules.can_manage_members(actor, membership.cluster_id):
        raise NotAllowed(_("Only a manager of the cluster can end or restore a membership."))
    return Membership.objects.select_for_update(of=("self",)).get(pk=membership_id)
