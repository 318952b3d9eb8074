"""Who takes part in which group, and which groups may ask for each other."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from proxeny.events import operations
from proxeny.events.api._router import router
from proxeny.events.api.events import EventGroup
from proxeny.events.models import Event
from proxeny.events.operations.groups import MAX_GROUPS
from proxeny.events.queries.events import get_event, get_organised, groups_of
from proxeny.events.queries.setup import rules_of
from proxeny.kernel.api import Id, IfMatch, In, Out, match_version, show_version


class GroupIn(In):
    """A group to keep (`id`) or to make; `organisation_id` is the cluster that fills it."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    organisation_id: Id | None = None
    id: Id | None = None


class GroupsIn(In):
    """All groups; one that is left out is removed."""

    groups: Annotated[list[GroupIn], Field(min_length=1, max_length=MAX_GROUPS)]


class RuleOut(Out):
    """Whether members of one group may ask those of another."""

    source: int
    target: int
    is_allowed: bool


class RuleIn(In):
    """Whether members of one group may ask those of another."""

    source: Id
    target: Id
    is_allowed: bool


class RulesIn(In):
    """Directions; pairs left out stay. `accept_loss`: although requests would not count any more."""

    rules: Annotated[list[RuleIn], Field(max_length=MAX_GROUPS**2)]
    accept_loss: bool = False


@router.get("/{event_id}/groups", response=list[EventGroup], summary="List groups")
def list_event_groups(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Groups with the number of their registered participants."""
    return _groups(response, get_event(event_id))


@router.put("/{event_id}/groups", response=list[EventGroup], summary="Say which groups there are")
def set_groups(
    request: HttpRequest,
    response: HttpResponse,
    event_id: Id,
    wanted: GroupsIn,
    if_match: IfMatch = None,
):
    """Keep, rename, add and remove groups. The ETag is the event's."""
    event = get_event(event_id)
    operations.set_groups(
        actor=request.reader,
        event_id=event_id,
        groups=[operations.NewGroup(**one.model_dump()) for one in wanted.groups],
        version=match_version(if_match, event.version),
    )
    return _groups(response, get_event(event_id))


@router.get("/{event_id}/rules", response=list[RuleOut], summary="List who may ask whom")
def list_event_rules(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Whether each group may ask each group, for organisers."""
    return _rules(response, get_organised(request.reader, event_id))


@router.put("/{event_id}/rules", response=list[RuleOut], summary="Say who may ask whom")
def set_rules(
    request: HttpRequest,
    response: HttpResponse,
    event_id: Id,
    wanted: RulesIn,
    if_match: IfMatch = None,
):
    """Say which group may ask which. The ETag is the event's."""
    event = get_event(event_id)
    operations.set_rules(
        actor=request.reader,
        event_id=event_id,
        allowed={(one.source, one.target): one.is_allowed for one in wanted.rules},
        accept_loss=wanted.accept_loss,
        version=match_version(if_match, event.version),
    )
    return _rules(response, get_event(event_id))


def _groups(response: HttpResponse, event: Event) -> list:
    show_version(response, event.version)
    return groups_of(event)


def _rules(response: HttpResponse, event: Event) -> list[RuleOut]:
    show_version(response, event.version)
    return [
        RuleOut(source=source, target=target, is_allowed=is_allowed)
        for source, target, is_allowed in rules_of(event, groups_of(event))
    ]
