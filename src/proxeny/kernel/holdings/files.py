"""Stored files that name a person: their content goes, and what still waited for it with it."""

import html
import io
import zipfile
from collections.abc import Callable, Iterator

from django.db.models import Q
from django.db.models.functions import Now

from proxeny.kernel.holdings.declared import Keep
from proxeny.kernel.holdings.redaction import Reach, Redactor
from proxeny.kernel.holdings.subject import Subject
from proxeny.kernel.holdings.tables import Model, all_holdings
from proxeny.kernel.models import StoredFile

#: A workbook's parts are read up to this size each; the import refuses larger ones.
_MAX_PART = 64 * 1024 * 1024
_ENCODINGS = ("utf-8", "utf-16", "cp1252")


def drop_files(subject: Subject, redactor: Redactor, count: Callable[[Model, int], None]) -> None:
    """Empty the stored files that name the person.

    Files that are shared with a partnership stay as long as they are shared: both sides work with
    them. Of the others, a file counts if it holds one of the addresses; inside the person's organisations and their
    keepers also if it holds a name. What still waited to be done with it (an import not applied
    yet) is thrown away where the address is in it, or the file is the person's organisation's.
    """
    near = subject.organisations | subject.keepers
    files = StoredFile.objects.exclude(size=0).filter(idle_since__lte=Now())
    if not subject.is_proved:
        files = files.filter(organisation_id__in=near)
    for file in files.order_by("pk").iterator(chunk_size=20):
        texts = list(_texts(bytes(file.content)))
        has_address = any(redactor.is_in(text, Reach.ADDRESS) for text in texts)
        is_near = file.organisation_id in near
        has_name = is_near and any(redactor.is_in(text, Reach.PHRASE) for text in texts)
        if not (has_address or has_name):
            continue
        if _drop_waiting(
            file.pk, count, is_certain=has_address or file.organisation_id in subject.organisations
        ):
            StoredFile.objects.filter(pk=file.pk).update(content=b"", size=0)
            count(StoredFile, 1)


def _texts(content: bytes) -> Iterator[str]:
    if content[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for part in book.infolist():
                    if part.file_size <= _MAX_PART:
                        yield html.unescape(book.read(part).decode("utf-8", "replace"))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return
        return
    for encoding in _ENCODINGS:
        try:
            yield content.decode(encoding)
        except UnicodeDecodeError:
            continue


def _users() -> Iterator[tuple[Model, Keep]]:
    for model, holding in all_holdings():
        for keep in holding.keep:
            if keep.files:
                yield model, keep


def _drop_waiting(file_id: int, count: Callable[[Model, int], None], *, is_certain: bool) -> bool:
    """Throw away what waits for a file; return whether nothing needs the file any more."""
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
