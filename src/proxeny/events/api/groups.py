"""Groups of participants, and the rules on which groups may request meetings with each other."""

from typing import Annotated

from django.http import HttpResponse
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api.events import EventGroup
from proxeny.events.models import Event, Group
from proxeny.events.operations.groups import MAX_GROUPS
from proxeny.events.queries.events import get_event, get_organised, groups_of
from proxeny.events.queries.setup import rules_of
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version
from proxeny.kernel.requests import Request


class GroupIn(In):
    """A group to keep (with its `id`) or to create.

    `organisation_id` is the cluster that invites its members to it.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    organisation_id: Id | None = None
    id: Id | None = None


class GroupsIn(In):
    """All groups. Existing groups that are left out are removed."""

    groups: Annotated[list[GroupIn], Field(min_length=1, max_length=MAX_GROUPS)]


class RuleOut(Out):
    """Whether participants of one group may request meetings with those of another."""

    source: int
    target: int
    is_allowed: bool


class RuleIn(In):
    """Whether participants of one group may request meetings with those of another."""

    source: Id
    target: Id
    is_allowed: bool


class RulesIn(In):
    """Rules to change.

    Pairs that are left out stay as they are. Set `accept_loss` to go ahead although some requests
    would no longer count.
    """

    rules: Annotated[list[RuleIn], Field(max_length=MAX_GROUPS**2)]
    accept_loss: bool = False


@router.get("/{event_id}/groups", response=list[EventGroup], summary="List groups")
def list_event_groups(request: Request, response: HttpResponse, event_id: Id) -> list[Group]:
    """Returns the groups with the number of their registered participants."""
    return _groups(response, get_event(event_id))


@router.put("/{event_id}/groups", response=list[EventGroup], summary="Set groups")
def set_groups(
    request: Request,
    response: HttpResponse,
    event_id: Id,
    wanted: GroupsIn,
    if_match: IfMatch = None,
) -> list[Group]:
    """Keeps, renames, adds and removes groups. The ETag is that of the event."""
    event = get_event(event_id)
    operations.set_groups(
        actor=request.reader,
        event_id=event_id,
        groups=[operations.NewGroup(**one.model_dump()) for one in wanted.groups],
        version=match_version(if_match, event.version),
    )
    return _groups(response, get_event(event_id))


@router.get("/{event_id}/rules", response=list[RuleOut], summary="List request rules")
def list_event_rules(request: Request, response: HttpResponse, event_id: Id) -> list[RuleOut]:
    """Returns whether each group may request meetings with each other group.

    Available to organisers.
    """
    return _rules(response, get_organised(request.reader, event_id))


@router.put("/{event_id}/rules", response=list[RuleOut], summary="Set request rules")
def set_rules(
    request: Request,
    response: HttpResponse,
    event_id: Id,
    wanted: RulesIn,
    if_match: IfMatch = None,
) -> list[RuleOut]:
    """Sets which groups may request meetings with which other groups.

    The ETag is that of the event.
    """
    event = get_event(event_id)
    operations.set_rules(
        actor=request.reader,
        event_id=event_id,
        allowed={(one.source, one.target): one.is_allowed for one in wanted.rules},
        accept_loss=wanted.accept_loss,
        version=match_version(if_match, event.version),
    )
    return _rules(response, get_event(event_id))


def _groups(response: HttpResponse, event: Event) -> list[Group]:
    show_version(response, event.version)
    return groups_of(event)


def _rules(response: HttpResponse, event: Event) -> list[RuleOut]:
    show_version(response, event.version)
    return [
        RuleOut(source=source, target=target, is_allowed=is_allowed)
        for source, target, is_allowed in rules_of(event, groups_of(event))
    ]
