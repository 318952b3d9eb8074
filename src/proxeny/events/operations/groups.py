"""Groups of participants, and the rules on which groups may ask for each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import Event, Group, GroupRule, MeetingRequest
from proxeny.events.operations._guards import lock_event, refuse_state
from proxeny.events.queries.partnerships import list_parties
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader

MAX_GROUPS = 12
_CHANGEABLE = (Event.State.DRAFT, Event.State.OPEN, Event.State.CLOSED)


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to keep (`id`) or to make. `organisation_id`: the cluster that fills it, or None."""

    name: str
    organisation_id: int | None = None
    id: int | None = None


@transaction.atomic
def set_groups(
    *, actor: Reader, event_id: int, groups: Sequence[NewGroup], version: int | None = None
) -> list[Group]:
    """Keep, rename, add and remove groups.

    `version` is the event's that the change was made from; the change raises it.

    A new group may ask those of other sides and be asked by them; groups of one side may not ask
    each other, until `set_rules` says otherwise.

    Raises
    ------
    NotFound, NotAllowed
        See `lock_event`.
    InvalidInput
        No group, too many, a name twice, or a cluster that is no party.
    Conflict
        A group would go that participants belong to, or `version` is old.
    """
    event = lock_event(actor, event_id, version=version)
    refuse_state(event, *_CHANGEABLE)
    sides = {pk: side for pk, _name, side in list_parties(event.partnership_id)}
    _check_groups(groups, sides)
    kept = {group.pk: group for group in event.groups.annotate(count=Count("participations"))}
    wanted = {group.id for group in groups if group.id in kept}
    _remove(event, [group for pk, group in kept.items() if pk not in wanted])
    for group in groups:
        found = kept.get(group.id or 0) or Group(event=event)
        found.name = group.name.strip()
        found.organisation_id = group.organisation_id
        found.side = sides.get(group.organisation_id or 0, "")
        found.save()
    _complete_rules(event)
    _raise_version(event)
    audit.record(
        actor,
        "set_groups",
        event,
        partnership_id=event.partnership_id,
        changes={"groups": [len(kept), len(groups)]},
    )
    return list(event.groups.all())


@transaction.atomic
def set_rules(
    *,
    actor: Reader,
    event_id: int,
    allowed: Mapping[tuple[int, int], bool],
    accept_loss: bool = False,
    version: int | None = None,
) -> None:
    """Say which group may ask which: `allowed` maps `(asking group, asked group)` to yes or no.

    `version` is the event's that the change was made from; the change raises it.

    Pairs not named stay as they are. Requests in a direction that is no longer allowed are kept
    and do not count.

    Raises
    ------
    NotFound, NotAllowed
        See `lock_event`.
    InvalidInput
        A group of another event, or nobody may meet anybody.
    Conflict
        Requests would no longer count, and `accept_loss` is not given; or `version` is old.
    """
    event = lock_event(actor, event_id, version=version)
    refuse_state(event, *_CHANGEABLE)
    ids = set(event.groups.values_list("pk", flat=True))
    if not {one for pair in allowed for one in pair} <= ids:
        raise InvalidInput(_("This group belongs to another event."), field="rules")
    rules = {(rule.source_id, rule.target_id): rule for rule in event.rules.all()}
    result = {pair: rule.is_allowed for pair, rule in rules.items()} | dict(allowed)
    if not any(result.values()):
        raise InvalidInput(
            _("Allow at least one group to request meetings with another."), field="rules"
        )
    if not accept_loss:
        _refuse_lost_requests(
            event, [pair for pair, is_allowed in result.items() if not is_allowed]
        )
    for (source, target), is_allowed in allowed.items():
        GroupRule.objects.update_or_create(
            event=event, source_id=source, target_id=target, defaults={"is_allowed": is_allowed}
        )
    _raise_version(event)
    audit.record(
        actor,
        "set_rules",
        event,
        partnership_id=event.partnership_id,
        changes={"allowed": [f"{a}→{b}" for (a, b), value in result.items() if value]},
    )


def _raise_version(event: Event) -> None:
    event.version += 1
    event.save(update_fields=["version"])


def _check_groups(groups: Sequence[NewGroup], sides: Mapping[int, str]) -> None:
    if not 1 <= len(groups) <= MAX_GROUPS:
        raise InvalidInput(
            _("An event can have 1 to %(most)d groups.") % {"most": MAX_GROUPS}, field="groups"
        )
    names = [group.name.strip() for group in groups]
    for group, name in zip(groups, names, strict=True):
        if not name or len(name) > 80:
            raise InvalidInput(_("Each group needs a name of up to 80 characters."), field="groups")
        if names.count(name) > 1:
            raise InvalidInput(
                _("Two groups are called “%(name)s”. Give them different names.") % {"name": name},
                field="groups",
            )
        if group.organisation_id is not None and group.organisation_id not in sides:
            raise InvalidInput(
                _("“%(name)s” is for a cluster that isn’t part of this partnership.")
                % {"name": name},
                field="groups",
            )


def _remove(event: Event, groups: Sequence[Any]) -> None:
    for group in groups:
        if group.count:
            raise Conflict(
                ngettext(
                    "%(count)d participant belongs to “%(name)s”, so the group can’t be removed.",
                    "%(count)d participants belong to “%(name)s”, so the group can’t be removed.",
                    group.count,
                )
                % {"count": group.count, "name": group.name}
            )
    event.groups.filter(pk__in=[group.pk for group in groups]).delete()


def _complete_rules(event: Event) -> None:
    groups = list(event.groups.all())
    known = set(event.rules.values_list("source_id", "target_id"))
    GroupRule.objects.bulk_create(
        GroupRule(
            event=event,
            source=one,
            target=other,
            is_allowed=one != other and (one.side != other.side or not one.side),
        )
        for one in groups
        for other in groups
        if (one.pk, other.pk) not in known
    )


def _refuse_lost_requests(event: Event, forbidden: Sequence[tuple[int, int]]) -> None:
    lost = 0
    pairs = MeetingRequest.objects.filter(event=event).exclude(kind=MeetingRequest.Kind.NO_THANKS)
    now_forbidden = set(forbidden)
    for pair in pairs.values_list("source__group_id", "target__group_id"):
        lost += pair in now_forbidden
    if lost:
        raise Conflict(
            ngettext(
                "%(count)d request goes in a direction that would be closed, so it would no "
                "longer count. Confirm to continue.",
                "%(count)d requests go in directions that would be closed, so they would no "
                "longer count. Confirm to continue.",
                lost,
            )
            % {"count": lost},
            field="accept_loss",
        )
