"""Bringing a member list: upload, columns, check, import. The work itself is in `applying`."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.directory import queries, rules
from proxeny.directory.memberlist.check import Options, check_mapping
from proxeny.directory.memberlist.columns import match_columns
from proxeny.directory.models import MemberImport
from proxeny.directory.operations.applying import check_import, write_import
from proxeny.directory.sources.content import refuse_size
from proxeny.directory.sources.reading import read_table
from proxeny.directory.sources.table import Table
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import Reader

State = MemberImport.State


def start_import(*, actor: Reader, cluster_id: int, file_name: str, content: bytes) -> MemberImport:
    """Keep a brought file, find out how to read it, and match its columns by name.

    What was chosen at the cluster's last import goes before the names. No member is changed.

    Side effects: the file is kept in the database until the import is done or discarded; an audit
    row.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    InvalidInput
        The file cannot be read; the sentence says what is wrong, where, and what to do.
    """
    if not rules.can_manage_members(actor, cluster_id):
        raise NotAllowed(_("Only a manager of the cluster may import its members."))
    table = read_table(content)
    last = queries.get_last_import(cluster_id)
    options = Options.from_json(last.options if last else {"country": _country(cluster_id)})
    with transaction.atomic():
        kept = StoredFile.objects.create(
            name=file_name[-255:], media_type="application/octet-stream", size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), content=content,
            person_id=actor.person, organisation_id=cluster_id,
        )  # fmt: skip
        brought = MemberImport.objects.create(
            cluster_id=cluster_id, file_id=kept.pk, file_name=file_name[-255:],
            **_reading(table, last), options=options.to_json() | {"encoding": ""},
        )  # fmt: skip
        audit.record(actor, "start_import", brought, organisation_id=cluster_id,
                     changes={"file": file_name[-255:], "rows": brought.rows})  # fmt: skip
    return brought


def reread_import(
    *, actor: Reader, import_id: int, sheet: str = "", encoding: str = ""
) -> MemberImport:
    """Read the kept file anew, with another sheet or encoding, and match its columns again."""
    with transaction.atomic():
        brought = _get_open(actor, import_id)
        table = read_table(queries.get_content(brought), encoding=encoding, sheet=sheet)
        last = queries.get_last_import(brought.cluster_id)
        for name, value in _reading(table, last).items():
            setattr(brought, name, value)
        brought.options = brought.options | {"encoding": encoding}
        _forget_check(brought, State.UPLOADED)
        brought.save()
    return brought


def set_mapping(
    *,
    actor: Reader,
    import_id: int,
    mapping: Mapping[str, str],
    options: Options,
    version: int,
    wait: bool = False,
) -> MemberImport:
    """Say which column fills which field, and start the check of all rows.

    Parameters
    ----------
    mapping : mapping
        Header label by name of our field.
    options : Options
        What to do with gaps, and values for what the list does not say.
    wait : bool
        Leave the check to the caller instead of queueing it.

    Side effects: a queued job `directory.check-import`.

    Raises
    ------
    InvalidInput
        A required column is missing, or one column is chosen twice.
    Conflict
        Somebody else went on with this import, or it is done.
    """
    with transaction.atomic():
        brought = _get_open(actor, import_id, version=version)
        check_mapping(brought.columns["header"], mapping, options)
        brought.mapping = dict(mapping)
        brought.options = options.to_json()
        _forget_check(brought, State.CHECKING)
        if not wait:
            brought.job_id = enqueue(
                "directory.check-import", actor=actor, **_job_of(brought, "check")
            ).pk
        brought.save()
    return brought


def apply_import(*, actor: Reader, import_id: int, version: int) -> MemberImport:
    """Start the import of a checked list. All rows are imported, or none.

    Side effects: a queued job `directory.apply-import`; a second call while it runs changes nothing.

    Raises
    ------
    Conflict
        The list was not checked, its check found problems, or somebody else went on with it.
    """
    with transaction.atomic():
        brought = _get_open(actor, import_id)
        if brought.state == State.APPLYING:
            return brought
        if brought.version != version or not brought.may_be_applied:
            raise Conflict(_("This list has to be checked again before it can be imported."))
        brought.state = State.APPLYING
        brought.version += 1
        brought.job_id = enqueue(
            "directory.apply-import", actor=actor, **_job_of(brought, "apply")
        ).pk
        brought.save(update_fields=["state", "version", "job_id"])
    return brought


def discard_import(*, actor: Reader, import_id: int) -> None:
    """Throw a brought list away before it is imported, with its file.

    Side effects: an audit row.
    """
    with transaction.atomic():
        brought = _get_open(actor, import_id)
        if brought.state == State.APPLYING:
            raise Conflict(_("This list is being imported right now; it cannot be discarded."))
        audit.record(actor, "discard_import", brought, organisation_id=brought.cluster_id,
                     changes={"file": brought.file_name})  # fmt: skip
        files = [brought.file_id, brought.problems_file_id]
        StoredFile.objects.filter(pk__in=[pk for pk in files if pk]).delete()
        brought.delete()


def import_file(
    *,
    actor: Reader,
    cluster_id: int,
    path: Path,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    options: Options | None = None,
) -> MemberImport:
    """Import a file at once, without a job: read, match, check, and import all rows or none.

    Call it in the web role of a manager, in one transaction, which an error must undo.

    Parameters
    ----------
    path : Path
        A CSV file or an XLSX workbook.
    now : datetime
        When the members join and the entries change.
    mapping, options
        As for `set_mapping`; matched by name, and strict, when None.

    Raises
    ------
    InvalidInput
        The file cannot be read, or rows of it have problems; the first ten are named.
    """
    refuse_size(path.stat().st_size)
    brought = start_import(
        actor=actor, cluster_id=cluster_id, file_name=path.name, content=path.read_bytes()
    )
    brought = set_mapping(
        actor=actor, import_id=brought.pk, version=brought.version, wait=True,
        mapping=brought.mapping if mapping is None else mapping,
        options=Options.from_json(brought.options) if options is None else options,
    )  # fmt: skip
    brought = check_import(actor=actor, import_id=brought.pk)
    if brought.problem_count:
        raise _refuse_problems(brought)
    return write_import(actor=actor, import_id=brought.pk, now=now)


def _refuse_problems(brought: MemberImport) -> InvalidInput:
    lines = [
        _("Row %(row)s, %(column)s: %(reason)s")
        % {**one, "column": one["column"] or _("whole row")}
        for one in brought.problems[:10]
    ]
    head = ngettext(
        "Nothing was imported: %(count)s row or cell has to be corrected first.",
        "Nothing was imported: %(count)s rows or cells have to be corrected first.",
        brought.problem_count,
    ) % {"count": brought.problem_count}
    return InvalidInput("\n".join([head, *lines]))


def _country(cluster_id: int) -> str:
    return queries.get_organisation(cluster_id).country


def _reading(table: Table, last: MemberImport | None) -> dict[str, object]:
    remembered = last.mapping if last else {}
    return {
        "columns": table.summary(),
        "mapping": match_columns(table.header, remembered=remembered),
        "sheet": table.sheet[:120],
        "rows": sum(1 for _row in table.rows()),
    }


def _get_open(actor: Reader, import_id: int, *, version: int | None = None) -> MemberImport:
    brought = queries.get_import(import_id, for_update=True)
    if not rules.can_manage_members(actor, brought.cluster_id):
        raise NotAllowed(_("Only a manager of the cluster may import its members."))
    if brought.is_over:
        raise Conflict(_("This list was imported already. Upload it again to import it anew."))
    if version is not None and (brought.version != version or brought.state == State.APPLYING):
        raise Conflict(_("Somebody else went on with this import. Look at where it stands now."))
    return brought


def _forget_check(brought: MemberImport, state: str) -> None:
    if brought.problems_file_id:
        StoredFile.objects.filter(pk=brought.problems_file_id).delete()
    brought.state = state
    brought.version += 1
    brought.problems, brought.problem_count, brought.problems_file_id = [], 0, None
    brought.added = brought.changed = brought.unchanged = brought.left_out = 0
    brought.report = {}


def _job_of(brought: MemberImport, step: str) -> dict[str, Any]:
    # The version makes each try a job of its own, and lets an outdated one see that it is.
    return {
        "key": f"member-import:{brought.pk}:{step}:{brought.version}",
        "arguments": {"import_id": brought.pk, "version": brought.version},
        "organisation_id": brought.cluster_id,
    }
