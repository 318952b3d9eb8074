"""Import of a local file of any size, at once: read, checked and written as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.directory.memberlist.check import Options, check_mapping
from proxeny.directory.memberlist.problems import Problems
from proxeny.directory.models import MemberImport, Organisation
from proxeny.directory.operations.applying import close_import, write_review
from proxeny.directory.operations.importing import refuse_stranger, take_reading
from proxeny.directory.operations.registers import bring_projects
from proxeny.directory.operations.reviewing import Progress, Review, review_rows, silent
from proxeny.directory.sources.recognising import Counts, recognise
from proxeny.directory.sources.sandboxed import BY_COMMAND, COMMAND, open_apart
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader


@dataclass(frozen=True, slots=True)
class Wanted:
    """The requested reading of a file; if empty, as at the last import of its kind.

    Attributes
    ----------
    source, sheet, encoding : str
        The kind of file, the sheet or packed file, the encoding; detected when empty.
    mapping : mapping, optional
        Header label by name of our field.
    options : mapping
        Names of `Options` with values different from the last time.
    problems : file, optional
        Output for all problems as CSV.
    """

    source: str = ""
    sheet: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    problems: IO[str] | None = None


def import_file(
    *,
    actor: Reader,
    cluster_id: int,
    path: Path,
    now: datetime,
    wanted: Wanted = Wanted(),
    report: Progress = silent,
) -> MemberImport:
    """Import a file at once, without a job: read, match, check, and import all rows or none.

    The file is read once, as a stream, and not kept. Call it in the web role of a manager, in one
    transaction, which an error must undo.

    Parameters
    ----------
    path : Path
        CSV, also packed as ZIP or gzip, XLSX or vCard.
    now : datetime
        When the members join and the entries change.

    Side effects: audit rows, as `write_import`.

    Raises
    ------
    InvalidInput
        The file cannot be read, or rows of it have problems; the first ten are named.
    """
    refuse_stranger(actor, cluster_id)
    table = open_apart(
        path, encoding=wanted.encoding, sheet=wanted.sheet, room=COMMAND, limits=BY_COMMAND
    )
    source = wanted.source or recognise(table).source
    with transaction.atomic():
        list(Organisation.objects.select_for_update(no_key=True).filter(pk=cluster_id))
        brought = MemberImport(cluster_id=cluster_id, file_id=0, file_name=path.name[-255:])
        take_reading(actor, brought, table, source, Counts(0), encoding=wanted.encoding)
        brought.mapping = brought.mapping if wanted.mapping is None else dict(wanted.mapping)
        brought.options |= wanted.options
        is_register = source == MemberImport.Source.PROJECTS
        if not is_register:
            check_mapping(table.header, brought.mapping, Options.from_json(brought.options))
        brought.save()
        audit.record(
            actor,
            "start_import",
            brought,
            organisation_id=cluster_id,
            changes={"file": brought.file_name},
        )
        if is_register:
            bring_projects(brought, table, report=report)
            close_import(actor, brought, now)
            return brought
        review = review_rows(brought, table, Problems(wanted.problems), report=report)
        if review.problems.stops:
            raise _refuse_problems(review)
        write_review(actor, brought, review, now=now, report=report)
    return brought


def _refuse_problems(review: Review) -> InvalidInput:
    lines = [
        _("Row %(row)s, %(column)s: %(reason)s")
        % {**one, "column": one["column"] or _("whole row")}
        for one in review.problems.shown()[:10]
    ]
    head = ngettext(
        "Nothing was imported: %(count)s row or cell needs correcting first.",
        "Nothing was imported: %(count)s rows or cells need correcting first.",
        review.problems.stops,
    ) % {"count": review.problems.stops}
    return InvalidInput("\n".join([head, *lines]))
