"""Publication of studies: preview, signature by all sides, and withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.engine.package import Study as Told
from proxeny.engine.package import check_study
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import copies, guards, signing
from proxeny.partnerships.operations.records import AFTER, Draft
from proxeny.partnerships.operations.room import Entered, enter, note, own_side
from proxeny.partnerships.operations.signers import Side
from proxeny.research.content import to_content
from proxeny.research.crate_extensions import to_json
from proxeny.research.messages import tell_problem
from proxeny.research.models import Package, Publication, Study
from proxeny.research.operations.gathering import ACCESS, Gathered, gather_all
from proxeny.research.operations.guards import enter_study
from proxeny.research.presenter_parts import Shown
from proxeny.research.presenters import show_content
from proxeny.research.queries.publications import get_waiting, list_publications, text_of
from proxeny.research.queries.studies import get_study
from proxeny.research.rules import folder_of, slug_of

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft publication, and what is missing before it can be published.

    Attributes
    ----------
    missing : tuple of str
        Sentences; nothing is published while there are any.
    remarks : tuple of str
        Points to check before signing.
    """

    number: int
    slug: str
    content: dict[str, Any]
    checksum: str
    missing: tuple[str, ...]
    remarks: tuple[str, ...]


def prepare_publication(study: Study, *, today: date) -> Prepared:
    """Return a draft publication of a study in its current state. At most sixteen queries."""
    last = next(iter(list_publications(study)), None)
    # A version without signatures is overwritten and keeps its number.
    number = last.number + bool(last.published_at) if last else 1
    slug = last.slug if last else slug_of(study)
    gathered = gather_all(study, published=today, for_world=True, version=str(number))
    content = {**to_content(gathered.study), "beside": to_json(gathered.beside)}
    missing, remarks = _find_missing(study, gathered.study), _find_remarks(gathered)
    return Prepared(number, slug, content, checksum_of(content), missing, remarks)


def checksum_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content, whatever the order of its keys; its day does not count.

    It is the day on which the last side signs, which nobody knows before.
    """
    said = {name: value for name, value in content.items() if name != "published"}
    return digest_of(said)


def _find_missing(study: Study, told: Told) -> tuple[str, ...]:
    missing = []
    if study.state == Study.State.PLANNING:
        missing.append(_("The study hasn’t started yet."))
    if not study.summary:
        missing.append(_("What was found hasn’t been written up yet."))
    if not told.authors:
        missing.append(_("No contributor is marked as a cited author."))
    released = {one.path for one in told.datasets}
    given_out = Package.objects.filter(study=study, dropped_at=None)
    for one in given_out.exclude(access=Package.Access.CLOSED).order_by("pk"):
        if folder_of(one) not in released:
            missing.append(
                _("No version of the data package “%(name)s” has been released yet.")
                % {"name": one.title}
            )
        elif one.access == Package.Access.REQUEST and not one.terms:
            missing.append(
                _("“%(name)s” is available on request but has no terms to agree to.")
                % {"name": one.title}
            )
    return (*missing, *(tell_problem(one) for one in check_study(told)))


def _find_remarks(gathered: Gathered) -> tuple[str, ...]:
    remarks, packages = [], gathered.study.datasets
    if not packages:
        remarks.append(_("There’s no data package, so the study will be published without data."))
    closed = [one.title for one in packages if one.access == ACCESS[Package.Access.CLOSED]]
    if closed:
        remarks.append(
            _("These data packages are listed, but their files stay in the room: %(names)s")
            % {"names": join_items(closed)}
        )
    if not any(one.kind == "outcome" for one in gathered.beside.results):
        remarks.append(
            _("No outcome is recorded, so readers won’t see who benefited from the study.")
        )
    if not gathered.study.recommendations:
        remarks.append(_("No recommendation has been proposed. Drafts stay in the room."))
    return tuple(remarks)


def write_text(publication: Publication, partnership: Partnership) -> str:
    """Return the text that all sides sign, in English: the same words for the same content."""
    with override("en"):
        shown = show_content(publication.content)
        address = f"{settings.BASE_URL}{reverse('research:public', args=[publication.slug])}"
        lines = [
            _("Publication of the study “%(title)s”, version %(number)s")
            % {"title": publication.title, "number": publication.number},
            _("Partnership: %(title)s") % {"title": partnership.title},
            _("Public address: %(address)s") % {"address": address},
            # Before what may be long: what is signed is this content and no other.
            _("SHA-256 of the content: %(checksum)s")
            % {"checksum": checksum_of(publication.content)},
            _("Cited as authors: %(names)s")
            % {"names": join_items(one.name for one in shown.authors)},
            _("Licence of the text: %(licence)s")
            % {"licence": shown.licence.name if shown.licence else ""},
            *_tell_packages(shown),
            _("Recommendations included: %(count)d") % {"count": len(shown.advice)},
        ]
    return "\n\n".join(lines)[:19_000]


def _tell_packages(shown: Shown) -> list[str]:
    if not shown.packages:
        return [_("It is published without data.")]
    return [
        _("Data package “%(title)s”: %(access)s, %(licence)s, files: %(count)d")
        % {
            "title": one.title,
            "access": one.access_label.lower(),
            "count": len(one.files),
            "licence": one.licence.name if one.licence else "",
        }
        for one in shown.packages
    ]


@transaction.atomic
def ask_publication(
    *, actor: Reader, partnership_id: int, study_id: int, seen: str, now: datetime
) -> Agreement:
    """Put a study before all sides as the world would see it; the actor's side signs at once.

    Parameters
    ----------
    seen : str
        The checksum of what was read: nobody signs what was changed since.

    Side effects: mails to the managers of the other sides; what waited before is closed. With the
    last signature it is published.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_study`; only managers may; it changed since, or waits for signatures already.
    InvalidInput
        Something is missing.
    """
    study = enter_study(actor, partnership_id, study_id, binding=True).record
    partnership, parties = _lock(partnership_id)
    waiting = get_waiting(study)
    text = text_of(partnership, waiting)
    if text and not (text.agreement.closed_at or text.agreement.completed_at):
        raise Conflict(_("It’s already waiting for signatures. Read it and sign."))
    prepared = prepare_publication(study, today=now.date())
    if prepared.missing:
        raise InvalidInput(" ".join(prepared.missing))
    if prepared.checksum != seen:
        raise Conflict(_("The study changed while you were reading it. Check the latest version."))
    publication = _keep(study, prepared, waiting)
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Kind.STUDY,
        subject=str(publication.pk),
        text=write_text(publication, partnership),
        now=now,
    )


def _lock(partnership_id: int) -> tuple[Partnership, list[Party]]:
    """Lock a partnership after its study: nobody signs, nor leaves, until this is over."""
    partnership, parties = guards.lock(partnership_id)
    guards.expect(partnership, Partnership.State.ACTIVE)
    return partnership, parties


def _keep(study: Study, prepared: Prepared, waiting: Publication | None) -> Publication:
    """Keep what is to be signed; one without signatures is overwritten."""
    one = waiting or Publication(
        partnership_id=study.partnership_id, study=study, number=prepared.number, slug=prepared.slug
    )
    one.title, one.language, one.content = study.title, study.language, prepared.content
    one.save()
    return one


def _publish(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """All have signed: everybody reads it from now on."""
    found = Publication.objects.filter(pk=agreement.subject)
    copies.publish(actor, "publish_study", found, organisation_id=mine.organisation_id, now=now)


@transaction.atomic
def withdraw_publication(
    *, actor: Reader, partnership_id: int, study_id: int, reason: str, now: datetime
) -> Publication:
    """Withdraw a study from the public in all its versions: its page gives the reason, files go.

    A text that is waiting for signatures is no longer published either. The study may be archived.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; only managers may; the partnership is over, or nothing is published.
    InvalidInput
        There is no reason.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    study = get_study(partnership_id, study_id)
    stop_waiting(study, now=now)
    reason = copies.clean_reason(reason)
    newest = copies.withdraw(Publication.objects.filter(study=study), reason=reason, now=now)
    if newest is None:
        raise Conflict(_("Nothing from this study has been published."))
    note(
        actor,
        "withdraw_study",
        Entered(study, partnership, parties, own_side(actor, parties)),
        newest,
        why=reason,
        changes={"title": newest.title, "number": newest.number},
    )
    return newest


def stop_waiting(study: Study, *, now: datetime) -> None:
    """Close the text about a study that waits for signatures, if one does: nobody signs it later."""
    _lock(study.partnership_id)
    if waiting := get_waiting(study):
        signing.void(study.partnership_id, Kind.STUDY, str(waiting.pk), now=now)


@AFTER.on("study")
def _stop_waiting_away(draft: Draft, changes: Mapping[str, Any]) -> None:
    study: Any = draft.record
    if study.dropped_at is not None:
        stop_waiting(study, now=draft.now)


def name_publications(subjects: set[str]) -> dict[str, str]:
    """Return the names of publications, by their ids as text; read in the service role."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = Publication.objects.filter(pk__in=numbers).values_list("pk", "title")
    return {str(pk): title for pk, title in found}


signing.FOLLOWS.add(Kind.STUDY, signing.Follow(_publish))
