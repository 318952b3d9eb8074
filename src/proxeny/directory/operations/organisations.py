"""Founding clusters, adding members by hand, changing an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.countries import country_codes
from proxeny.directory.models import GUARDED, Kind, Membership, Organisation, Visibility
from proxeny.directory.operations.details import write_details
from proxeny.folding import fold
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service


@dataclass(frozen=True, slots=True)
class Facts:
    """What an entry says of an organisation; the same fields as on its form."""

    name: str
    country: str
    kind: str = Kind.COMPANY
    key: str = ""
    region: str = ""
    city: str = ""
    website: str = ""
    email: str = ""
    contact: str = ""
    summary: str = ""
    language: str = "en"
    languages: Sequence[str] = field(default_factory=list)
    sectors: Sequence[str] = field(default_factory=list)
    employees: int | None = None
    founded: int | None = None
    visibility: str = Visibility.PARTNERSHIP

    def values(self) -> dict[str, Any]:
        """Return the facts by field name."""
        return {
            one.name: list(value) if isinstance(value := getattr(self, one.name), list | tuple)
            else value
            for one in fields(self)
        }  # fmt: skip

    def entry(self) -> dict[str, Any]:
        """Return the facts that stand in the entry itself."""
        return {name: value for name, value in self.values().items() if name not in GUARDED}


def create_cluster(*, actor: Reader, facts: Facts) -> Organisation:
    """Found a cluster. For the command line and the demo: no page offers it.

    Runs as Proxeny itself, since nobody manages a cluster that does not exist yet; give its first
    manager a seat next.

    Side effects: an audit row.

    Raises
    ------
    InvalidInput
        No name, or no such country.
    """
    _refuse_bad(facts)
    with transaction.atomic(), as_service():
        values = facts.entry() | {"kind": Kind.CLUSTER, "key": ""}
        cluster = Organisation.objects.create(**values)
        write_details([(cluster.pk, facts.values())])
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
        No name, no such country, or a kind that a member cannot be.
    Conflict
        The cluster keeps an entry with this reference, or with this name and country, already.
    """
    if not rules.can_manage_members(actor, cluster_id):
        raise NotAllowed(_("Only a manager of the cluster may add members to it."))
    _refuse_bad(facts)
    if facts.kind == Kind.CLUSTER:
        raise InvalidInput(_("A member cannot be a cluster. Choose another kind."), field="kind")
    _refuse_twin(cluster_id, facts)
    with transaction.atomic():
        member = Organisation.objects.create(steward_id=cluster_id, **facts.entry())
        write_details([(member.pk, facts.values())])
        Membership.objects.create(cluster_id=cluster_id, organisation=member, starts_on=today)
        audit.record(actor, "create_member", member, organisation_id=cluster_id)
    return member


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
                _("Only its own people and its cluster's managers may change an entry.")
            )
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        if organisation.version != version:
            raise Conflict(
                _("Somebody else changed this entry while you wrote. What you typed is kept below.")
            )
        wanted = _permitted(actor, organisation, changes)
        before = {name: organisation.fact(name) for name in wanted}
        _refuse_bad(Facts(**{**_facts_of(organisation), **wanted}))
        _write(organisation, wanted)
        audit.record(
            actor, "update_organisation", organisation,
            organisation_id=organisation.steward_id or organisation.pk,
            changes={name: [before[name], value] for name, value in wanted.items()},
        )  # fmt: skip
    return organisation


def _permitted(
    actor: Reader, organisation: Organisation, changes: Mapping[str, Any]
) -> dict[str, Any]:
    wanted = {name: value for name, value in changes.items() if organisation.fact(name) != value}
    if not wanted.keys() <= {one.name for one in fields(Facts)}:
        raise NotAllowed(_("These facts of an entry cannot be changed."))
    if "key" in wanted and not rules.can_manage_members(actor, organisation.steward_id):
        raise NotAllowed(_("Only the cluster's managers may change the reference."))
    if "kind" in wanted and Kind.CLUSTER in (wanted["kind"], organisation.kind):
        raise InvalidInput(_("A cluster stays a cluster, and a member a member."), field="kind")
    if wanted.get("key"):
        _refuse_taken_key(organisation.steward_id, wanted["key"])
    return wanted


def _write(organisation: Organisation, wanted: Mapping[str, Any]) -> None:
    if not wanted.keys().isdisjoint(GUARDED):
        write_details([(organisation.pk, organisation.guarded_facts() | wanted)])
        organisation.forget_details()
    values = {name: value for name, value in wanted.items() if name not in GUARDED}
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


def _facts_of(organisation: Organisation) -> dict[str, Any]:
    return {one.name: organisation.fact(one.name) for one in fields(Facts)}


def _refuse_bad(facts: Facts) -> None:
    if not fold(facts.name):
        raise InvalidInput(_("Write the organisation's name."), field="name")
    if facts.country not in country_codes():
        raise InvalidInput(_("Choose a country."), field="country")


def _refuse_taken_key(cluster_id: int | None, key: str) -> None:
    if Organisation.objects.filter(steward_id=cluster_id, key=key).exists():
        raise Conflict(
            _("Another member has the reference “%(key)s”. Choose a different one.") % {"key": key}
        )


def _refuse_twin(cluster_id: int, facts: Facts) -> None:
    if facts.key:
        _refuse_taken_key(cluster_id, facts.key)
    twins = Organisation.objects.filter(
        steward_id=cluster_id, sort_name=fold(facts.name)[:400], country=facts.country
    )
    # Two firms may share a name: a reference of their own tells them apart.
    if (twins if not facts.key else twins.filter(key="")).exists():
        raise Conflict(
            _("Your directory has “%(name)s” in this country already. Open that entry, or give this "
              "one a reference of its own.") % {"name": facts.name}
        )  # fmt: skip
