"""Writing of a list's changes to entries, a few thousand at a time."""

from collections.abc import Sequence
from datetime import datetime

from proxeny.directory import queries
from proxeny.directory.identifiers import split_key
from proxeny.directory.models import GUARDED, Identifier, Organisation
from proxeny.directory.operations.comparing import Change
from proxeny.directory.operations.details import write_details
from proxeny.directory.operations.facts import APART
from proxeny.folding import fold


def write_changes(changes: Sequence[Change], now: datetime) -> None:
    """Write changed facts of entries, and the words they are found by. A few queries."""
    texts = queries.listing_texts([one.organisation.pk for one in changes])
    _upsert([_changed(one, texts.get(one.organisation.pk, []), now) for one in changes])
    write_details(
        (one.organisation.pk, one.organisation.guarded_facts() | one.values)
        for one in changes
        if not one.values.keys().isdisjoint(GUARDED)
    )
    _write_numbers([one for one in changes if "identifiers" in one.values])


def _changed(change: Change, texts: Sequence[str], now: datetime) -> Organisation:
    organisation = change.organisation
    for name, value in change.values.items():
        if name not in APART:
            setattr(organisation, name, value)
    organisation.sort_name = fold(organisation.name)[:400]
    organisation.search_text = organisation.searchable_text(*texts)
    organisation.updated_at = now
    organisation.version += 1
    return organisation


def _upsert(changed: Sequence[Organisation]) -> None:
    # An INSERT … ON CONFLICT of whole rows takes a tenth of the time of Django's bulk_update,
    # which writes a CASE with one branch a row for each field.
    fixed = {"id", "steward", "created_at"}
    columns = [
        one.name
        for one in Organisation._meta.concrete_fields
        if one.name not in fixed and not one.generated
    ]
    Organisation.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


def _write_numbers(changes: Sequence[Change]) -> None:
    if not changes:
        return
    Identifier.objects.filter(organisation__in=[one.organisation.pk for one in changes]).delete()
    Identifier.objects.bulk_create(
        Identifier(organisation_id=one.organisation.pk, scheme=scheme, value=value)
        for one in changes
        for scheme, value in map(split_key, one.values["identifiers"])
    )
