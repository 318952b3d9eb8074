"""Pages of data packages: a study's list, one package, its versions, citation and downloads."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
    show_refusal,
)
from proxeny.partnerships.sides import say_saved
from proxeny.research.forms.packages import DescribeForm, ReleaseForm, UsesForm
from proxeny.research.models import Package, PackageFile, PackageVersion
from proxeny.research.operations import packages as operations
from proxeny.research.operations import uploads
from proxeny.research.operations.citing import cite_package
from proxeny.research.operations.giving import note_file_use
from proxeny.research.queries import packages as queries
from proxeny.research.serving import answer_file, begins
from proxeny.research.views.citing import answer_citation
from proxeny.research.views.frame import StudyFrame, enter_study, show_tab


@require_GET
@for_people
def show_list(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Show a study's data packages; with `?away=on` the archived ones."""
    frame = enter_study(request, pk, study_id)
    away = request.GET.get("away") == "on"
    context = {
        "packages": list(queries.list_packages(frame.study, away=away)),
        "is_away": away,
        "add_url": _add_url(frame),
    }
    return show_tab(request, frame, "packages", "packages", context)


def _add_url(frame: StudyFrame) -> str:
    url = reverse("partnerships:record-add", args=[frame.room.partnership.pk, "package"])
    return f"{url}?study={frame.study.pk}"


@require_GET
@for_people
def show(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Show a package: the files of its draft, else of its last version, or of `?version=`."""
    return _show(request, pk, study_id, package_id)


def _show(
    request: Request,
    pk: int,
    study_id: int,
    package_id: int,
    *,
    release_form: ReleaseForm | None = None,
) -> HttpResponse:
    frame = enter_study(request, pk, study_id)
    package = queries.get_package(pk, package_id, study_id)
    versions = queries.versions_of(package)
    version = _choose(request, versions)
    files = queries.files_of(version) if version else []
    is_draft = version is not None and version.released_at is None
    may_write = frame.may_write and package.dropped_at is None
    last = next((one for one in versions if one.released_at), None)
    status = 422 if release_form else 200
    if release_form is None and version is not None and is_draft:
        release_form = ReleaseForm(**_release_facts(version, files))
    context = {
        "package": package,
        "versions": versions,
        "version": version,
        "last": last,
        "files": files,
        "is_draft": is_draft,
        "may_write": may_write,
        "release_form": release_form,
        "is_waiting": any(one.fit == PackageFile.Fit.WAITING for one in files),
        "coming": uploads.list_coming(pk, package_id) if may_write else [],
        "endings": uploads.taken_endings(),
        "citation": cite_package(package, last) if last else None,
        "uses": list(queries.uses_of(package)[:5]),
        "names": [one.path for one in files] if is_draft or version == last else [],
    }
    return show_tab(request, frame, "packages", "package", context, status=status)


def _choose(request: Request, versions: list[PackageVersion]) -> PackageVersion | None:
    asked = read_number(request.GET.get("version"))
    if asked:
        return _pick(versions, asked)
    return versions[0] if versions else None


def _pick(versions: list[PackageVersion], number: int) -> PackageVersion:
    for one in versions:
        if one.number == number:
            return one
    raise NotFound(_("We couldn’t find this version."))


def _release_facts(version: PackageVersion, files: list[PackageFile]) -> dict[str, Any]:
    unsound = (PackageFile.Fit.FAULTY, PackageFile.Fit.STOPPED)
    has_faults = any(one.fit in unsound for one in files)
    return {"has_faults": has_faults, "is_first": version.number == 1}


@require_POST
@for_people
def open_draft(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Begin a new version."""
    enter_study(request, pk, study_id, to_write=True)
    queries.get_package(pk, package_id, study_id)
    return perform(
        request,
        partial(operations.open_draft, partnership_id=pk, package_id=package_id),
        to=reverse("research:package", args=[pk, study_id, package_id]),
    )


@require_POST
@for_people
def release(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Release the version that is worked on."""
    enter_study(request, pk, study_id, to_write=True)
    package = queries.get_package(pk, package_id, study_id)
    draft = operations.find_draft(package)
    if draft is None:
        messages.error(request, _("There’s no unreleased version."))
        return redirect("research:package", pk, study_id, package_id)
    form = ReleaseForm(request.POST, **_release_facts(draft, queries.files_of(draft)))
    if form.is_valid():
        try:
            made = operations.release_version(
                actor=request.reader,
                partnership_id=pk,
                package_id=package_id,
                note_=form.cleaned_data["note"],
                now=timezone.localtime(),
                faults_known=form.cleaned_data.get("faults_known", False),
            )
        except InvalidInput as error:
            show_refusal(form, error)
        except Conflict as error:
            # Nothing in the form mends that, and it may not be there any more.
            messages.error(request, str(error))
            return redirect("research:package", pk, study_id, package_id)
        else:
            messages.success(
                request,
                _("Version %(number)d released. It can no longer be changed.")
                % {"number": made.number},
            )
            return redirect("research:package", pk, study_id, package_id)
    return _show(request, pk, study_id, package_id, release_form=form)


@require_POST
@for_people
def discard(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Throw the version away that is worked on."""
    enter_study(request, pk, study_id, to_write=True)
    queries.get_package(pk, package_id, study_id)
    return perform(
        request,
        partial(operations.discard_draft, partnership_id=pk, package_id=package_id),
        done=_("New version discarded. Earlier versions remain."),
        to=reverse("research:package", args=[pk, study_id, package_id]),
    )


@require_GET
@for_people
def compare(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Show the differences between two versions, by checksum."""
    frame = enter_study(request, pk, study_id)
    package = queries.get_package(pk, package_id, study_id)
    versions = queries.versions_of(package)
    after = _pick(versions, read_number(request.GET.get("to")) or len(versions))
    before = _pick(versions, read_number(request.GET.get("from")) or max(1, after.number - 1))
    context = {
        "package": package,
        "versions": versions,
        "before": before,
        "after": after,
        "differences": queries.compare(queries.files_of(before), queries.files_of(after)),
    }
    return show_tab(request, frame, "packages", "package_compare", context)


@require_GET
@for_people
def cite(request: Request, pk: int, study_id: int, package_id: int, form: str) -> HttpResponse:
    """Return a package's citation, or its description, as a file for programs."""
    enter_study(request, pk, study_id)
    package = queries.get_package(pk, package_id, study_id)
    last = queries.last_released(package)
    if last is None:
        raise NotFound(_("Release a version first, then it can be cited."))
    return answer_citation(cite_package(package, last), form)


@require_GET
@for_people
def show_uses(request: Request, pk: int, study_id: int, package_id: int) -> HttpResponse:
    """Show the downloads of files; `?form=csv` or `xlsx` returns them as a file."""
    frame = enter_study(request, pk, study_id)
    package = queries.get_package(pk, package_id, study_id)
    form = UsesForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.USES.fit(
        queries.uses_of(package, q=asked.get("q", ""), where=asked.get("where", "")), request
    )
    if request.GET.get("form") in ("csv", "xlsx"):
        return _export_uses(package, found, request.GET["form"])
    page = page_of(found, request)
    context = {
        "package": package,
        "form": form,
        "uses": page,
        "heads": queries.USES.heads(request),
        "sort": queries.USES.sort_of(request),
        "is_narrowed": any(asked.values()),
        "csv_url": address_with(request, form="csv", page=None),
        "xlsx_url": address_with(request, form="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_tab(request, frame, "packages", "package_uses", context)


def _export_uses(package: Package, found: Any, form: str) -> HttpResponse:
    header = [_("When"), _("File"), _("Who"), _("Organisation"), _("Where")]
    rows = [
        [
            timezone.localtime(one.taken_at).strftime("%Y-%m-%d %H:%M"),
            one.path,
            one.taker,
            one.request.organisation if one.request else "",
            one.get_where_display(),
        ]
        for one in found[:50_000]
    ]
    name = file_name(package.title or "data", "uses")
    return answer_table(name, form=form, header=header, rows=rows)


@require_http_methods(["GET", "HEAD"])
@for_people
def download(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponseBase:
    """Give a file to the browser, also from the middle; noted where it begins."""
    enter_study(request, pk, study_id)
    file = queries.get_file(pk, file_id, study_id=study_id)
    response = answer_file(
        request, file.sha256, name=file.path, media_type=file.media_type, size=file.size
    )
    if begins(request, response):
        note_file_use(file, reader=request.reader)
    return response


@require_POST
@for_people
def remove(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Take a file out of the draft."""
    enter_study(request, pk, study_id, to_write=True)
    file = queries.get_file(pk, file_id, study_id=study_id)
    return perform(
        request,
        partial(operations.remove_file, partnership_id=pk, file_id=file_id),
        done=_("“%(name)s” (%(size)s) has been removed.")
        % {"name": file.path, "size": filesizeformat(file.size)},
        to=reverse("research:package", args=[pk, study_id, file.version.package_id]),
    )


@require_http_methods(["GET", "POST"])
@for_people
def describe(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Set the name and the description of a file."""
    frame = enter_study(request, pk, study_id, to_write=True)
    file = queries.get_file(pk, file_id, study_id=study_id)
    initial = {"title": file.title, "details": file.details}
    form = DescribeForm(request.POST or None, initial=initial)
    saved = submit_form(
        request,
        form,
        partial(operations.describe_file, partnership_id=pk, file_id=file_id),
        done=lambda _made: say_saved(pk),
        to=reverse("research:file", args=[pk, study_id, file_id]),
    )
    if saved:
        return saved
    context = {
        "file": file,
        "form": form,
        "cancel_url": reverse("research:file", args=[pk, study_id, file_id]),
    }
    status = 422 if form.errors else 200
    return show_tab(request, frame, "packages", "package_describe", context, status=status)
