"""Imported lists and their files."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.directory.models import MemberImport
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job, StoredFile


def list_imports(cluster_ids: Iterable[int]) -> list[MemberImport]:
    """Return the last fifty imports of clusters, the newest first. One query."""
    found = MemberImport.objects.filter(cluster_id__in=list(cluster_ids))
    return list(
        found.select_related("cluster")
        .defer("columns", "problems", "report")
        .order_by("-created_at", "-id")[:50]
    )


def all_imports(cluster_ids: Iterable[int], *, state: str | None = None) -> QuerySet[MemberImport]:
    """Return all imports of clusters, without their file contents."""
    found = MemberImport.objects.filter(cluster_id__in=list(cluster_ids))
    if state:
        found = found.filter(state=state)
    return found.defer("columns", "mapping", "options", "problems", "report").order_by("-pk")


def get_last_import(cluster_id: int, source: str) -> MemberImport | None:
    """Return the cluster's last finished import of a source, whose mapping is suggested again."""
    found = MemberImport.objects.filter(
        cluster_id=cluster_id, source=source, state=MemberImport.State.APPLIED
    )
    return found.order_by("-applied_at", "-id").first()


def get_import(pk: int, *, for_update: bool = False) -> MemberImport:
    """Return an import with its cluster; `NotFound` if the reader does not manage it."""
    found = MemberImport.objects.filter(pk=pk)
    found = found.select_for_update() if for_update else found.select_related("cluster")
    brought = found.first()
    if brought is None:
        raise NotFound(_("We couldn’t find this import."))
    return brought


def get_content(brought: MemberImport) -> bytes:
    """Return the bytes of an uploaded file; `NotFound` when it was deleted after its import."""
    return _content(brought.file_id)


def get_problems(brought: MemberImport) -> bytes:
    """Return all problems of an import as a CSV file."""
    return _content(brought.problems_file_id)


def _content(pk: int | None) -> bytes:
    found = StoredFile.objects.filter(pk=pk or 0).values_list("content", flat=True).first()
    if found is None:
        raise NotFound(_("This file is no longer stored."))
    return bytes(found)


def has_stopped(brought: MemberImport) -> bool:
    """Whether the work on an import is over, though the import says that it goes on."""
    state = MemberImport.State
    if brought.state not in (state.CHECKING, state.APPLYING):
        return False
    job = get_job(brought)
    return job is not None and job.is_over


def get_job(brought: MemberImport) -> Job | None:
    """Return the job that checks or imports a list, if the reader may watch it."""
    return Job.objects.filter(pk=brought.job_id).first() if brought.job_id else None
