"""Whole studies as RO-Crates: for the room with all that was released, for the world what is open."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.package import DataFile, Refused, write_crate
from proxeny.engine.package import Study as Told
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.research.content import from_content
from proxeny.research.crate_extensions import Beside, entities_of, from_json
from proxeny.research.messages import tell_all
from proxeny.research.models import Publication, Study, Use
from proxeny.research.operations.gathering import gather_all
from proxeny.research.operations.giving import keep_open, note_use
from proxeny.research.store import get_store


@transaction.atomic
def take_crate(*, actor: Reader, study: Study, now: datetime) -> Iterator[bytes]:
    """Return the pieces of a study's crate, with all files that were released, as the room has it.

    The pieces are read while they are sent, and ask no database.

    Side effects: a row in the use log.

    Raises
    ------
    Conflict
        The study cannot be written so, with all reasons.
    """
    gathered = gather_all(study)
    pieces = _write(gathered.study, gathered.beside)
    note_use(study, reader=actor, where=Use.Where.CRATE, path="ro-crate.zip")
    return pieces


def take_open_crate(publication: Publication) -> Iterator[bytes]:
    """Return the pieces of a published study's crate, with the files of its open packages.

    Raises
    ------
    Conflict
        As `take_crate`.
    """
    content: Mapping[str, Any] = publication.content
    told = from_content(dict(content))
    if publication.published_at is not None:
        told = replace(told, published=publication.published_at.date())
    return _write(keep_open(told), from_json(content.get("beside")))


def _write(study: Told, beside: Beside) -> Iterator[bytes]:
    store = get_store()

    def read(file: DataFile) -> Iterator[bytes]:
        return store.read(file.sha256)

    try:
        return write_crate(study, read, extra=entities_of(beside))
    except Refused as refused:
        raise Conflict(
            _("The study can’t be downloaded as it is. %(why)s")
            % {"why": tell_all(refused.problems)}
        ) from refused
