"""Removal of stored files that name a person, and of the work still waiting for them."""

from collections.abc import Callable, Iterator

from django.db.models import Q
from django.db.models.functions import Now

from proxeny.kernel.models import StoredFile
from proxeny.kernel.personal_data.declared import Keep
from proxeny.kernel.personal_data.looking import find_in_file
from proxeny.kernel.personal_data.redaction import Redactor
from proxeny.kernel.personal_data.subject import Subject
from proxeny.kernel.personal_data.tables import Model, all_holdings


def drop_files(subject: Subject, redactor: Redactor, count: Callable[[Model, int], None]) -> None:
    """Empty the stored files that name the person.

    Files that are shared with a partnership stay as long as they are shared: both sides work with
    them. Of the others, a file counts if it holds one of the addresses; inside the person's
    organisations and their keepers also if it holds a name, or cannot be read within the limits.
    Whatever still waits for it (an import not applied yet) is thrown away where the address is in
    it, or the file is the person's organisation's.
    """
    near = subject.organisations | subject.keepers
    files = StoredFile.objects.exclude(size=0).filter(idle_since__lte=Now())
    if not subject.is_proved:
        files = files.filter(organisation_id__in=near)
    for file in files.order_by("pk").iterator(chunk_size=20):
        has_address, has_name = find_in_file(bytes(file.content), redactor)
        if not (has_address or (has_name and file.organisation_id in near)):
            continue
        if _drop_waiting(
            file.pk, count, is_certain=has_address or file.organisation_id in subject.organisations
        ):
            StoredFile.objects.filter(pk=file.pk).update(content=b"", size=0)
            count(StoredFile, 1)


def _users() -> Iterator[tuple[Model, Keep]]:
    for model, holding in all_holdings():
        for keep in holding.keep:
            if keep.files:
                yield model, keep


def _drop_waiting(file_id: int, count: Callable[[Model, int], None], *, is_certain: bool) -> bool:
    """Delete the work that waits for a file; return whether nothing needs the file any more."""
    for model, keep in _users():
        uses = Q()
        for column in keep.files:
            uses |= Q(**{column: file_id})
        waiting = model._base_manager.filter(uses, **{f"{keep.since}__isnull": True})
        if is_certain:
            count(model, waiting.delete()[0])
        elif waiting.exists():
            return False
    return True
