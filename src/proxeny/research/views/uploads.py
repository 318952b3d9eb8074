"""Uploads from the browser: by the tus protocol, or a small file by a plain form."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proxeny.kernel.errors import ProxenyError
from proxeny.kernel.files.uploads import watching_size
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.views.frame import enter_frame
from proxeny.research import tus
from proxeny.research.operations import uploads as operations
from proxeny.research.queries.packages import get_package
from proxeny.research.views.frame import enter_study

#: What a plain form brings at most; larger files come in pieces.
SMALL = 2 * 1024 * 1024


def _in_package(request: Request, pk: int, study_id: int, package_id: int) -> tus.Place:
    enter_study(request, pk, study_id)
    get_package(pk, package_id, study_id)
    numbers = [pk, study_id, package_id]
    return tus.Place(
        pk,
        package_id,
        address=lambda key: reverse("research:upload", args=[*numbers, key]),
        made=lambda file: reverse("research:file", args=[pk, study_id, file.pk]),
    )


def _from_elsewhere(request: Request, pk: int) -> tus.Place:
    enter_frame(request, pk)
    return tus.Place(
        pk,
        None,
        address=lambda key: reverse("research:arrival-upload", args=[pk, key]),
        made=lambda arrival: reverse("research:arrivals", args=[pk]),
    )


@require_http_methods(["OPTIONS", "POST"])
@for_people
@tus.speaking
def begin(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Begin to upload a file to a package."""
    return tus.answer_all(request, _in_package(request, pk, study_id, package_id))


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@for_people
@tus.speaking
def go_on(request: Request, pk: int, study_id: int, package_id: int, key: str) -> HttpResponse:
    """Show the progress of an upload to a package, append bytes, or cancel it."""
    return tus.answer_one(request, _in_package(request, pk, study_id, package_id), key)


@require_http_methods(["OPTIONS", "POST"])
@for_people
@tus.speaking
def begin_arrival(request: Request, pk: int) -> HttpResponse:
    """Begin to upload a study from elsewhere."""
    return tus.answer_all(request, _from_elsewhere(request, pk))


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@for_people
@tus.speaking
def go_on_arrival(request: Request, pk: int, key: str) -> HttpResponse:
    """Show the progress of a study from elsewhere, append bytes, or cancel it."""
    return tus.answer_one(request, _from_elsewhere(request, pk), key)


@require_POST
@watching_size(SMALL)
@for_people
def bring_small(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Take files from a plain form, 2 MB at most."""
    enter_study(request, pk, study_id, to_write=True)
    get_package(pk, package_id, study_id)
    for made in take_small_files(request, pk, package_id):
        messages.success(request, _("“%(name)s” has been uploaded.") % {"name": made.path})
    return redirect("research:package", pk, study_id, package_id)


def take_small_files(request: Request, pk: int, package_id: int | None) -> list[Any]:
    """Return the rows created from the files of a plain form; show why others were refused."""
    files = request.FILES.getlist("file")
    if getattr(request, "upload_too_large", 0):
        messages.error(request, _("Without JavaScript, files can be up to 2 MB."))
    elif not files:
        messages.error(request, _("Choose a file first."))
    else:
        made = [_take_small(request, pk, package_id, file) for file in files]
        return [one for one in made if one is not None]
    return []


def _take_small(request: Request, pk: int, package_id: int | None, file: Any) -> Any:
    try:
        outcome = operations.bring_small_file(
            actor=request.reader,
            partnership_id=pk,
            package_id=package_id,
            name=str(file.name),
            size=file.size or 0,
            stream=file,
            now=timezone.localtime(),
            replace=bool(request.POST.get("replace")),
        )
    except ProxenyError as error:
        messages.error(request, f"{file.name}: {error}")
        return None
    if outcome.refused:
        messages.error(request, outcome.refused)
    return outcome.made
