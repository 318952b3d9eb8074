"""Creation of clusters and members by hand, and changes to an entry."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import GUARDED, Kind, Membership, Organisation
from proxeny.directory.operations.details import write_details
from proxeny.directory.operations.facts import (
    APART,
    NAMES,
    Facts,
    facts_of,
    follow_from,
    read_facts,
    refuse_bad,
    write_identifiers,
)
from proxeny.folding import fold
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service


def create_cluster(*, actor: Reader, facts: Facts) -> Organisation:
    """Found a cluster. For the command line and the demo: no page offers it.

    Runs as Proxeny itself, since nobody manages a cluster that does not exist yet; give its first
    manager a seat next.

    Side effects: an audit row.

    Raises
    ------
    InvalidInput
        No name, no such country, a code or a number that does not hold.
    """
    facts = _whole(facts.values() | {"kind": Kind.CLUSTER, "key": ""})
    with transaction.atomic(), as_service("Nobody manages a cluster that does not exist yet."):
        cluster = _create(facts)
        audit.record(actor, "create_cluster", cluster, organisation_id=cluster.pk)
    return cluster


def create_member(*, actor: Reader, cluster_id: int, facts: Facts, today: date) -> Organisation:
    """Add one member to a cluster by hand: its entry and its membership from today on.

    Side effects: an audit row. Nobody is invited and no mail is sent.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    InvalidInput
        No name, no such country, a kind that a member cannot be, a code or a number that does not
        hold.
    Conflict
        The cluster keeps an entry with this reference, or with this name and country, already.
    """
    if not rules.can_manage_members(actor, cluster_id):
        raise NotAllowed(_("Only a manager of the cluster can add members to it."))
    facts = _whole(facts.values())
    if facts.kind == Kind.CLUSTER:
        raise InvalidInput(_("A member can’t be a cluster. Choose another kind."), field="kind")
    _refuse_twin(cluster_id, facts)
    with transaction.atomic():
        member = _create(facts, steward_id=cluster_id)
        Membership.objects.create(cluster_id=cluster_id, organisation=member, starts_on=today)
        audit.record(actor, "create_member", member, organisation_id=cluster_id)
    return member


def _whole(values: Mapping[str, Any]) -> Facts:
    read = read_facts(values, country=values["country"])
    facts = Facts(**read | follow_from(read))
    refuse_bad(facts)
    return facts


def _create(facts: Facts, **more: Any) -> Organisation:
    made = Organisation.objects.create(**facts.entry(), **more)
    write_details([(made.pk, facts.values())])
    write_identifiers(made.pk, facts.identifiers)
    return made


def update_organisation(
    *, actor: Reader, organisation_id: int, version: int, changes: Mapping[str, Any]
) -> Organisation:
    """Change facts of an entry.

    Parameters
    ----------
    version : int
        The version the actor saw; another one means that somebody saved in between.
    changes : mapping
        New values by name of a field of `Facts`; the reference only by the steward's managers.

    Side effects: an audit row with what was before; the entry is found under its new words.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the entry, or may not change it.
    Conflict
        Somebody else changed it since.
    InvalidInput
        A value that does not hold.
    """
    with transaction.atomic():
        organisation = queries.get_organisation(organisation_id)
        if not rules.can_edit_organisation(actor, organisation):
            raise NotAllowed(
                _(
                    "Only the organisation’s own people and its cluster’s managers can change an "
                    "entry."
                )
            )
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        if organisation.version != version:
            raise Conflict(
                _(
                    "Someone else changed this entry while you were editing it. What you typed "
                    "is kept below."
                )
            )
        if organisation.merged_into_id:
            raise Conflict(_("This entry was merged into another one. Change that one instead."))
        before = facts_of(organisation)
        country = changes.get("country", organisation.country)
        given = _permitted(actor, organisation, read_facts(changes, country=country))
        refuse_bad(Facts(**{**before, **given}))
        wanted = _differing(before, given | follow_from({**before, **given}, before))
        write_facts(organisation, wanted)
        audit.record(
            actor,
            "update_organisation",
            organisation,
            organisation_id=organisation.steward_id or organisation.pk,
            # Derived facts are not recorded: moving to a town changes the coordinates too.
            changes={name: [before[name], wanted[name]] for name in given if name in wanted},
        )
    return organisation


def _permitted(
    actor: Reader, organisation: Organisation, changes: Mapping[str, Any]
) -> dict[str, Any]:
    if not changes.keys() <= set(NAMES):
        raise NotAllowed(_("These details of an entry can’t be changed."))
    wanted = _differing(facts_of(organisation), changes)
    if "key" in wanted and not rules.can_manage_members(actor, organisation.steward_id):
        raise NotAllowed(_("Only the cluster’s managers can change the reference."))
    if "kind" in wanted and Kind.CLUSTER in (wanted["kind"], organisation.kind):
        raise InvalidInput(
            _("A cluster can’t become a member, and a member can’t become a cluster."), field="kind"
        )
    if wanted.get("key"):
        _refuse_taken_key(organisation.steward_id, wanted["key"])
    return wanted


def _differing(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if before[name] != value}


def write_facts(organisation: Organisation, wanted: Mapping[str, Any]) -> None:
    """Write facts of an entry as they are kept; it is found under its new words."""
    if "identifiers" in wanted:
        write_identifiers(organisation.pk, wanted["identifiers"])
    if not wanted.keys().isdisjoint(GUARDED):
        write_details([(organisation.pk, {**organisation.guarded_facts(), **wanted})])
        organisation.forget_details()
    values = {name: value for name, value in wanted.items() if name not in APART}
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.version += 1
    organisation.updated_at = Now()
    write_search_text(organisation, save=False)
    organisation.save(update_fields=[*values, "version", "updated_at", "search_text", "sort_name"])


def write_search_text(organisation: Organisation, *, save: bool = True) -> None:
    """Let an entry be found by its facts and by its published offers and needs."""
    texts = queries.listing_texts([organisation.pk]).get(organisation.pk, [])
    organisation.search_text = organisation.searchable_text(*texts)
    if save:
        organisation.save(update_fields=["search_text"])


def _refuse_taken_key(cluster_id: int | None, key: str) -> None:
    if Organisation.objects.filter(steward_id=cluster_id, key=key).exists():
        raise Conflict(
            _("Another member already has the reference “%(key)s”. Choose a different one.")
            % {"key": key}
        )


def _refuse_twin(cluster_id: int, facts: Facts) -> None:
    if facts.key:
        _refuse_taken_key(cluster_id, facts.key)
    twins = Organisation.objects.listed().filter(
        steward_id=cluster_id, sort_name=fold(facts.name)[:400], country=facts.country
    )
    # Two firms may share a name: a reference of their own tells them apart.
    if (twins if not facts.key else twins.filter(key="")).exists():
        raise Conflict(
            _(
                "Your directory already has “%(name)s” in this country. Open that entry, or give "
                "this one its own reference."
            )
            % {"name": facts.name}
        )
