"""Documents of a bid: uploaded, with new versions; an uploaded version never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Paper, PaperVersion
from proxeny.bids.operations.guards import enter_bid, refuse_closed
from proxeny.bids.queries.papers import get_paper, newest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.files import CheckedFile, check_file
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.records import add_record
from proxeny.partnerships.operations.room import Entered, note

#: So many versions of a document are kept.
MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Brought:
    """An uploaded version; `missed`: a newer version that its author had not seen."""

    version: PaperVersion
    missed: PaperVersion | None = None


@transaction.atomic
def bring_paper(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    values: Mapping[str, Any],
    name: str,
    content: bytes,
    now: datetime,
    news: str = "",
) -> PaperVersion:
    """Add a document to a bid together with its first version.

    Two audit rows, as for adding it and uploading a version one after the other.

    Parameters
    ----------
    values : mapping
        `title` (the name of the file, if it is empty), `kind`, `note`, `is_required`.
    news : str
        The changes in the version.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is no longer in preparation, or holds too many documents.
    InvalidInput
        The file is refused (its field is `file`), or a value is invalid.
    """
    checked = _check(name, content)
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.record)
    title = " ".join(str(values.get("title", "")).split()) or checked.name.rpartition(".")[0]
    paper: Any = add_record(
        actor=actor,
        kind="bid-paper",
        partnership_id=partnership_id,
        now=now,
        values={**values, "bid": bid_id, "title": title},
    )
    return _keep(actor, entered, paper, checked, number=1, news=news, now=now)


@transaction.atomic
def bring_version(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    paper_id: int,
    name: str,
    content: bytes,
    now: datetime,
    news: str = "",
    seen: int | None = None,
) -> Brought:
    """Upload a new version of a document; it gets the next number, even with simultaneous uploads.

    Parameters
    ----------
    seen : int, optional
        The number of the newest version that the actor has seen: if there is another by now, both
        are kept, and the result names the missed one.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is no longer in preparation, the document is archived, or
        has too many versions.
    InvalidInput
        The file is refused, or equals the newest version; its field is `file`.
    """
    checked = _check(name, content)
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.record)
    get_paper(partnership_id, bid_id, paper_id)
    # Against archiving of the document meanwhile; another upload already waits at the bid.
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if paper.dropped_at is not None:
        raise Conflict(_("This document is archived. Restore it first."))
    newest = newest_of(paper)
    number = newest.number if newest else 0
    if newest and newest.sha256 == checked.sha256:
        raise InvalidInput(
            _("This file is identical to version %(number)d, so nothing was added.")
            % {"number": number},
            field="file",
        )
    if number >= MOST_VERSIONS:
        raise Conflict(
            _(
                "This document has reached the maximum of %(most)d versions. Add a new document "
                "for the next one."
            )
            % {"most": MOST_VERSIONS}
        )
    version = _keep(actor, entered, paper, checked, number=number + 1, news=news, now=now)
    return Brought(version, newest if seen is not None and number > seen else None)


def _check(name: str, content: bytes) -> CheckedFile:
    try:
        return check_file(name, content)
    except InvalidInput as error:
        error.field = "file"
        raise


def _keep(
    actor: Reader,
    entered: Entered[Bid],
    paper: Paper,
    checked: CheckedFile,
    *,
    number: int,
    news: str,
    now: datetime,
) -> PaperVersion:
    version = PaperVersion.objects.create(
        partnership=entered.partnership,
        paper=paper,
        number=number,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        content=checked.content,
        note=" ".join(news.split())[:300],
        person_id=actor.person,
        brought_at=now,
    )
    note(
        actor,
        "bring_bid_paper",
        entered,
        paper,
        changes={
            "title": paper.title,
            "number": number,
            "name": checked.name,
            "sha256": checked.sha256,
        },
    )
    return version
