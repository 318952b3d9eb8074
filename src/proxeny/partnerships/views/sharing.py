"""Sharing something, changing until when, taking it back, and taking a shared file."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.directory.queries import get_organisation
from proxeny.directory.rules import can_be_shared
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.files import MAX_BYTES, answer_file, refuse_size
from proxeny.kernel.files.uploads import SizeGuard
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import ledger, operations, queries, rules
from proxeny.partnerships.forms import ChangeSharingForm, FileForm, MemberSearch, SharingForm
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from proxeny.partnerships.sides import others_of


def _get_shareable(request: Request, pk: int) -> tuple[Partnership, Party]:
    partnership = queries.get_partnership(pk)
    parties = queries.parties_of(partnership)
    mine = rules.party_managed(request.reader, parties)
    if mine is None or not rules.can_share(request.reader, partnership, parties):
        raise NotAllowed(_("Only a manager of one of the clusters can share something."))
    return partnership, mine


def _get_own(request: Request, pk: int, grant_id: int) -> SharingGrant:
    grant = queries.get_grant(grant_id, partnership_id=pk)
    if grant.organisation_id not in request.reader.managed:
        raise NotAllowed(_("Only the cluster that shares can do this."))
    return grant


def _take(
    request: Request, form: forms.Form, deed: Callable[..., Any], done: str
) -> HttpResponse | None:
    """Do it with what was typed; None where the form has to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        grant = deed(actor=request.reader, now=timezone.now(), **form.cleaned_data)
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
        return None
    messages.success(request, done)
    return redirect("partnerships:sharing", pk=grant.partnership_id)


def _ask(
    request: Request,
    partnership: Partnership,
    form: forms.Form,
    texts: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    status = 422 if form.errors and status == 200 else status
    context = {"form": form, "partnership": partnership, "is_sharing": True, **texts}
    return render(request, "partnerships/deed.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_people
def share(request: Request, pk: int) -> HttpResponse:
    """Share the own members with the partnership."""
    partnership, _mine = _get_shareable(request, pk)
    form = SharingForm(request.POST or None)

    def deed(**given: Any) -> SharingGrant:
        return operations.grant_sharing(partnership_id=pk, **given)

    done = _take(request, form, deed, _("Your members are now shared. You can stop at any time."))
    texts = {
        "heading": _("Share your members?"),
        "crumb": _("Share our members"),
        "lead": ngettext(
            "The other side and its members will see the entries that are visible to partners. "
            "Entries marked “only us” or “our cluster” stay hidden.",
            "The other sides and their members will see the entries that are visible to "
            "partners. Entries marked “only us” or “our cluster” stay hidden.",
            others_of(partnership),
        ),
        "submit": _("Share"),
    }
    return done or _ask(request, partnership, form, texts)


@require_GET
@for_people
def share_start(request: Request, member_id: int) -> HttpResponse:
    """Ask with which partnership a member is to be shared; where there is one, go on to it."""
    member = get_organisation(member_id)
    if not can_be_shared(request.reader, member):
        raise NotAllowed(_("Your cluster can only share its own members."))
    found = queries.list_where_shareable(request.reader, member)
    if len(found) == 1:
        address = reverse("partnerships:share-member", args=[found[0].pk])
        return redirect(f"{address}?member={member.pk}")
    context = {"member": member, "partnerships": found}
    return render(request, "partnerships/share_start.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def share_member(request: Request, pk: int) -> HttpResponse:
    """Share one member: find it, then say what for."""
    partnership, mine = _get_shareable(request, pk)
    chosen = request.GET.get("member", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        return _search_member(request, partnership, mine)
    member = queries.get_member(int(chosen), mine.organisation_id)
    form = SharingForm(request.POST or None)

    def deed(**given: Any) -> SharingGrant:
        return operations.grant_sharing(partnership_id=pk, member_id=member.pk, **given)

    done = _take(
        request,
        form,
        deed,
        _("%(name)s is now shared. You can stop at any time.") % {"name": member.name},
    )
    texts = {
        "heading": _("Share %(name)s?") % {"name": member.name},
        "crumb": _("Share one member"),
        "lead": ngettext(
            "The other side and its members will see this entry with its offers and needs, even "
            "if your member list isn’t shared.",
            "The other sides and their members will see this entry with its offers and needs, "
            "even if your member list isn’t shared.",
            others_of(partnership),
        ),
        "submit": _("Share"),
    }
    return done or _ask(request, partnership, form, texts)


def _search_member(request: Request, partnership: Partnership, mine: Party) -> HttpResponse:
    search = request.GET.get("q", "")[:100]
    members = queries.list_shareable_members(mine.organisation_id, search)
    context = {
        "partnership": partnership,
        "filter": MemberSearch(request.GET),
        "members": members,
        "are_some_left": len(members) == queries.SHAREABLE_SHOWN,
        "search": search,
    }
    return render(request, "partnerships/share_member.html", context)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def share_file(request: Request, pk: int) -> HttpResponse:
    """Share a file. The size is watched while it streams in, so the token is checked after."""
    request.upload_handlers.insert(0, SizeGuard(request, most=MAX_BYTES))
    return _share_file(request, pk)


@csrf_protect
@for_people
def _share_file(request: Request, pk: int) -> HttpResponse:
    partnership, _mine = _get_shareable(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)

    def deed(*, file: Any, **given: Any) -> SharingGrant:
        return operations.share_file(
            partnership_id=pk, name=file.name, content=file.read(), **given
        )

    if too_large := getattr(request, "upload_too_large", 0):
        _refuse_large(form, too_large)
    done = _take(request, form, deed, _("The file is now shared. You can stop at any time."))
    texts = {
        "heading": _("Share a file"),
        "lead": ngettext(
            "People with a role in the partner cluster can download it; its members can’t. Both "
            "sides see who did, and when.",
            "People with a role in a partner cluster can download it; their members can’t. All "
            "sides see who did, and when.",
            others_of(partnership),
        ),
        "submit": _("Share"),
    }
    return done or _ask(request, partnership, form, texts)


def _refuse_large(form: forms.Form, size: int) -> None:
    form.errors.pop("file", None)
    try:
        refuse_size(size)
    except InvalidInput as error:
        form.add_error("file", str(error))


@require_http_methods(["GET", "POST"])
@for_people
@keeping(ChangeSharingForm)
def change_sharing(request: Request, pk: int, grant_id: int) -> HttpResponse:
    """Change what comes with something shared, and until when it is."""
    edit = edit_record(
        request,
        load=lambda: _get_own(request, pk, grant_id),
        make=_change_form,
        save=lambda form: operations.change_sharing(
            actor=request.reader,
            grant_id=grant_id,
            now=timezone.now(),
            version=form.number,
            **form.to_values(),
        ),
        authors=lambda grant: authors_of(grant, request.reader, exact=["change_sharing"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. The change takes effect now."))
        return redirect("partnerships:sharing", pk=pk)
    grant = edit.record
    texts = {
        "heading": _("Change what is shared"),
        "lead": f"{ledger.name_of(grant)}: {grant.purpose}",
        "submit": _("Save"),
    }
    return _ask(request, grant.partnership, edit.form, texts, status=edit.status)


def _change_form(grant: SharingGrant, data: Any) -> ChangeSharingForm:
    initial = {
        "fields": grant.fields,
        "ends_on": grant.ends_on,
        "version": operations.grant_version(grant),
    }
    return ChangeSharingForm(data, initial=initial, is_file=grant.kind == SharingGrant.Kind.FILE)


@require_http_methods(["GET", "POST"])
@for_people
def unshare(request: Request, pk: int, grant_id: int) -> HttpResponse:
    """Ask once, then stop sharing; the ledger offers to share it again."""
    grant = _get_own(request, pk, grant_id)
    if request.method == "POST":
        answer = _do(request, grant, operations.withdraw_sharing, "")
        # The ledger says what is no longer shared, and offers to undo it.
        answer["Location"] += f"?ended={grant_id}"
        return answer
    texts = {
        "heading": _("Stop sharing “%(what)s”?") % {"what": ledger.name_of(grant)},
        "crumb": _("Stop sharing"),
        "lead": ngettext(
            "The other side will no longer be able to open it. You can’t take back what it has "
            "already noted or downloaded. You can share it again.",
            "The other sides will no longer be able to open it. You can’t take back what they "
            "have already noted or downloaded. You can share it again.",
            others_of(grant.partnership),
        ),
        "submit": _("Stop sharing"),
    }
    return _ask(request, grant.partnership, forms.Form(), texts)


@require_POST
@for_people
def share_again(request: Request, pk: int, grant_id: int) -> HttpResponse:
    """Share a withdrawn or expired item again."""
    grant = _get_own(request, pk, grant_id)
    return _do(request, grant, operations.share_again, _("Shared again."))


@require_http_methods(["GET", "POST"])
@for_people
def remove_file(request: Request, pk: int, grant_id: int) -> HttpResponse:
    """Ask once, then take a file away entirely."""
    grant = _get_own(request, pk, grant_id)
    if request.method == "POST":
        return _do(request, grant, operations.remove_file, _("File deleted."))
    texts = {
        "heading": _("Delete this file?"),
        "crumb": _("Delete the file"),
        "lead": _(
            "“%(name)s” will be deleted here, in every partnership you share it with, and can’t "
            "be restored. Its name stays in the ledger."
        )
        % {"name": grant.file_name},
        "submit": _("Delete the file"),
    }
    return _ask(request, grant.partnership, forms.Form(), texts)


def _do(
    request: Request, grant: SharingGrant, operation: Callable[..., object], done: str
) -> HttpResponse:
    """Do it, report the result, and go back to the ledger."""
    try:
        operation(actor=request.reader, grant_id=grant.pk, now=timezone.now())
    except (Conflict, InvalidInput, NotFound) as error:
        messages.warning(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect("partnerships:sharing", pk=grant.partnership_id)


@require_GET
@for_people
def open_file(request: Request, pk: int, grant_id: int) -> HttpResponse:
    """Give a shared file to be saved."""
    queries.get_grant(grant_id, partnership_id=pk)
    return answer_file(
        operations.open_file(actor=request.reader, grant_id=grant_id, now=timezone.now())
    )
