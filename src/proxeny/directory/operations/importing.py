"""Bringing a list: upload, columns, check, decisions, import. The work itself is in `applying`."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.memberlist.check import Options, check_mapping
from proxeny.directory.models import MemberImport
from proxeny.directory.sources.recognising import (
    Counts,
    count,
    habits_of,
    propose_mapping,
    recognise,
)
from proxeny.directory.sources.sandboxed import open_apart
from proxeny.directory.sources.table import Table
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.files import scan_file
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import Reader

State = MemberImport.State
Source = MemberImport.Source


def start_import(
    *,
    actor: Reader,
    cluster_id: int,
    file_name: str,
    content: bytes,
    source: str = "",
    language: str = "",
) -> MemberImport:
    """Store an uploaded file, detect its kind and format, and map its columns.

    Choices at the cluster's last import of this kind take precedence over column names. No entry is
    changed.

    Parameters
    ----------
    source : str
        The kind of file; detected from its columns when empty.
    language : str
        The actor's working language, used for the texts at a cluster's first import; the person's
        own when empty.

    Side effects: the file is stored in the database until the import is done or discarded; an audit
    row.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    InvalidInput
        The file cannot be read, or the virus scanner rejects it; the message says what is wrong,
        where, and what to do.
    """
    refuse_stranger(actor, cluster_id)
    scan_file(file_name, [content])
    table = open_apart(content)
    source = source or recognise(table).source
    counts = count(table, source)
    with transaction.atomic():
        kept = StoredFile.objects.create(
            name=file_name[-255:],
            media_type="application/octet-stream",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            person_id=actor.person,
            organisation_id=cluster_id,
        )
        brought = MemberImport(cluster_id=cluster_id, file_id=kept.pk, file_name=file_name[-255:])
        take_reading(actor, brought, table, source, counts, language=language)
        brought.save()
        audit.record(
            actor,
            "start_import",
            brought,
            organisation_id=cluster_id,
            changes={"file": brought.file_name, "rows": brought.rows},
        )
    return brought


def refuse_stranger(actor: Reader, cluster_id: int) -> None:
    """Raise `NotAllowed` unless the actor manages the cluster."""
    if not rules.can_manage_members(actor, cluster_id):
        raise NotAllowed(_("Only a manager of the cluster can import its members."))


def take_reading(
    actor: Reader,
    brought: MemberImport,
    table: Table,
    source: str,
    counts: Counts,
    *,
    encoding: str = "",
    language: str = "",
) -> None:
    """Let an import say how its file is read, with the columns and options of the last time.

    Where the cluster imports for the first time, its texts are in the manager's language.
    """
    last = queries.get_last_import(brought.cluster_id, source)
    start = {
        "country": queries.get_organisation(brought.cluster_id).country,
        "language": language or actor.language or Options().language,
    }
    options = Options.from_json(
        {**start, **habits_of(source).options, **(last.options if last else {})}
    )
    found = recognise(table)
    brought.source = source
    brought.columns = table.summary() | {
        "recognised": found.source,
        "part": found.part if source == found.source else "",
        "organisations": counts.organisations,
    }
    brought.rows = counts.rows
    brought.mapping = propose_mapping(table, source, last.mapping if last else None)
    brought.sheet = table.sheet[:120]
    brought.options = options.to_json() | {"encoding": encoding}


def reread_import(
    *, actor: Reader, import_id: int, sheet: str = "", encoding: str = "", source: str = ""
) -> MemberImport:
    """Read the stored file again, with another sheet or encoding, or as another kind of file.

    Its columns are mapped again; decisions on its rows are lost.
    """
    with transaction.atomic():
        brought = _get_open(actor, import_id)
        content = queries.get_content(brought)
        table = open_apart(content, encoding=encoding, sheet=sheet or brought.sheet)
        if table.sheet != brought.sheet or not source:
            source = recognise(table).source
        take_reading(
            actor,
            brought,
            table,
            source,
            count(table, source),
            encoding=encoding,
            language=brought.options["language"],
        )
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
) -> MemberImport:
    """Set the column of each field, and start the check of all rows.

    Parameters
    ----------
    mapping : mapping
        Header label by name of our field.
    options : Options
        What to do with gaps, and values for what the list does not say.

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
        if brought.source != Source.PROJECTS:
            check_mapping(brought.columns["header"], mapping, options)
        brought.mapping = dict(mapping)
        brought.options = options.to_json()
        _start_check(actor, brought)
        brought.save()
    return brought


def decide_pairs(
    *,
    actor: Reader,
    import_id: int,
    version: int,
    decisions: Mapping[tuple[int, int], bool],
    rest: str = "",
) -> MemberImport:
    """Decide which rows are the entries they resemble, and start the check again.

    Parameters
    ----------
    decisions : mapping
        Whether row and entry are the same; pairs left out stay as they were decided before.
    rest : str
        What all others are: `same`, `apart`, or as before when empty.

    Side effects: a queued job `directory.check-import`.

    Raises
    ------
    InvalidInput
        One row is said to be two entries.
    Conflict
        Somebody else went on with this import, or it is done.
    """
    with transaction.atomic():
        brought = _get_open(actor, import_id, version=version)
        brought.columns = brought.columns | {"decisions": _joined(brought, decisions)}
        if rest:
            brought.options = brought.options | {"alike": rest}
        _start_check(actor, brought)
        brought.save()
    return brought


def _joined(
    brought: MemberImport, decisions: Mapping[tuple[int, int], bool]
) -> dict[str, list[list[int]]]:
    before = brought.columns.get("decisions", {})
    known = dict.fromkeys(before.get("same", []), True)
    known |= dict.fromkeys(before.get("apart", []), False)
    known |= decisions
    rows = [row for (row, _pk), is_same in known.items() if is_same]
    if len(set(rows)) < len(rows):
        raise InvalidInput(
            _(
                "Row %(row)s can’t match two entries. Choose one of them; you can merge the two "
                "in the list of duplicates."
            )
            % {"row": next(row for row in rows if rows.count(row) > 1)}
        )
    return {
        "same": [list(pair) for pair, is_same in known.items() if is_same],
        "apart": [list(pair) for pair, is_same in known.items() if not is_same],
    }


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
            raise Conflict(_("Check this list again before importing it."))
        brought.state = State.APPLYING
        brought.version += 1
        brought.job_id = enqueue(
            "directory.apply-import", actor=actor, **_job_of(brought, "apply")
        ).pk
        brought.save(update_fields=["state", "version", "job_id"])
    return brought


def discard_import(*, actor: Reader, import_id: int) -> None:
    """Discard an uploaded list before it is imported, with its file.

    Side effects: an audit row.
    """
    with transaction.atomic():
        brought = _get_open(actor, import_id)
        if brought.state == State.APPLYING:
            raise Conflict(_("This list is being imported and can’t be discarded."))
        audit.record(
            actor,
            "discard_import",
            brought,
            organisation_id=brought.cluster_id,
            changes={"file": brought.file_name},
        )
        files = [brought.file_id, brought.problems_file_id]
        StoredFile.objects.filter(pk__in=[pk for pk in files if pk]).delete()
        brought.delete()


def _get_open(actor: Reader, import_id: int, *, version: int | None = None) -> MemberImport:
    brought = queries.get_import(import_id, for_update=True)
    refuse_stranger(actor, brought.cluster_id)
    if queries.has_stopped(brought):
        brought.state = State.FAILED
    if brought.is_over:
        raise Conflict(
            _("This list has already been imported. Upload it again to repeat the import.")
        )
    if version is not None and (brought.version != version or brought.state == State.APPLYING):
        raise Conflict(_("Someone else has continued this import. Check where it is now."))
    return brought


def _start_check(actor: Reader, brought: MemberImport) -> None:
    _forget_check(brought, State.CHECKING)
    brought.job_id = enqueue("directory.check-import", actor=actor, **_job_of(brought, "check")).pk


def _forget_check(brought: MemberImport, state: str) -> None:
    if brought.problems_file_id:
        StoredFile.objects.filter(pk=brought.problems_file_id).delete()
    brought.state = state
    brought.version += 1
    brought.problems, brought.problem_count, brought.problems_file_id = [], 0, None
    brought.added = brought.changed = brought.unchanged = brought.left_out = brought.alike = 0
    brought.report = {}


def _job_of(brought: MemberImport, step: str) -> dict[str, Any]:
    # The version makes each try a job of its own, and lets an outdated one see that it is.
    return {
        "key": f"member-import:{brought.pk}:{step}:{brought.version}",
        "arguments": {"import_id": brought.pk, "version": brought.version},
        "organisation_id": brought.cluster_id,
    }
