"""Drafts of applications: begun, and saved field by field while typing.

A field is named as on its page: `title`, `text_i7` and `points_i7` of an indicator, `confirmed_k3`
of a condition. With the mark of the content that was seen (`mark_of`), a colleague's later changes
are not overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.directory.models import Organisation
from proxeny.kernel import audit
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import LANGUAGES, Answer, Application, SchemeVersion
from proxeny.labels.operations.application_fields import FIELDS, clean, tell
from proxeny.labels.operations.eligibility import why_excluded
from proxeny.labels.queries.own_applications import (
    OwnApplication,
    applies_for,
    gather,
    get_open_round,
    get_own,
)
from proxeny.labels.rules import can_write

#: So many applications of one organisation in one round: projects differ, but nobody has more.
MOST = 20
#: That somebody wrote is noted once in so long.
NOTED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that a colleague has saved since: their words, and the user's own."""

    name: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of saving.

    `own` is the application in its new state, `kept` are the fields that are saved, `refused` gives
    reasons for invalid values in a sentence.
    """

    own: OwnApplication
    kept: tuple[str, ...]
    clashes: tuple[Clash, ...]
    refused: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether everything is saved."""
        return not self.clashes and not self.refused


def mark_of(value: str) -> str:
    """Return a short mark of a field's content, for detecting changes."""
    return digest_of(value)[:16]


def values_of(own: OwnApplication) -> dict[str, str]:
    """Return the content of each field of an application, as text. No query."""
    one = own.application
    found = {name: str(getattr(one, name)) for name in FIELDS}
    if one.renews_id is None:
        found.pop("changed")
    for condition in own.scheme.conditions:
        found[f"confirmed_{condition.key}"] = "yes" if condition.key in one.confirmed else ""
    for indicator in own.scheme.indicators():
        answer = own.answers.get(indicator.key)
        found[f"text_{indicator.key}"] = answer.text if answer else ""
        found[f"points_{indicator.key}"] = tell(answer.points if answer else None)
    return found


@transaction.atomic
def begin_application(
    *, actor: Reader, round_id: int, organisation_id: int, title: str, now: datetime
) -> Application:
    """Begin the application of a project; the actor becomes the clusters' contact.

    Side effects: an audit row that the clusters do not read.

    Raises
    ------
    NotFound
        The round is not open for applications; the actor does not represent the organisation.
    InvalidInput
        The label is not for the organisation; there is no title, or a long one.
    Conflict
        It has many already.
    """
    found = get_open_round(round_id, now=now)
    if organisation_id not in applies_for(actor):
        raise NotFound(_("We couldn’t find this organisation."))
    organisation = Organisation.objects.get(pk=organisation_id)
    if why := why_excluded(organisation, found.scheme):
        raise InvalidInput(why, field="organisation")
    title = clean("title", title)
    held = found.round
    if Application.objects.filter(round=held, organisation=organisation).count() >= MOST:
        raise Conflict(
            _(
                "%(name)s already has %(most)d applications in this round, which is the maximum. "
                "Use one of those."
            )
            % {"name": organisation.name, "most": MOST}
        )
    person = Person.objects.get(pk=actor.own_id)
    spoken = person.language[:2]
    one = Application.objects.create(
        partnership_id=held.partnership_id,
        round=held,
        scheme_version=cast("SchemeVersion", held.scheme_version),
        organisation=organisation,
        person=person,
        title=title,
        country=organisation.country,
        contact_name=person.name,
        contact_email=person.email,
        language=spoken if spoken in dict(LANGUAGES) else "en",
    )
    note_own(actor, "begin_label_application", one)
    return one


@transaction.atomic
def save_fields(
    *,
    actor: Reader,
    application_id: int,
    values: Mapping[str, str],
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> Saved:
    """Save fields of a draft; each by itself, so that one error does not block the others.

    Parameters
    ----------
    values : mapping
        The typed values, by field.
    seen : mapping, optional
        The mark of a field's content when the user began to type; without it, the value is written
        in any case.

    Side effects: an audit row an hour at most, which the clusters do not read.

    Raises
    ------
    NotFound
        The application is not the actor's.
    Conflict
        It is submitted, or the round is not open for applications.
    """
    own = enter_draft(actor, application_id, now=now)
    standing, seen = values_of(own), seen or {}
    kept, clashes, refused, changed = [], [], {}, {}
    for name, typed in values.items():
        if name not in standing:
            refused[name] = _("We couldn’t find this field.")
            continue
        try:
            value = clean(name, typed, own.scheme)
        except InvalidInput as error:
            refused[name] = str(error)
            continue
        if value == standing[name]:
            kept.append(name)
        elif name in seen and seen[name] != mark_of(standing[name]):
            clashes.append(Clash(name, standing[name], value))
        else:
            kept.append(name)
            changed[name] = value
    if changed:
        _write(own, changed, now=now)
        audit.record_once(
            actor,
            "write_label_application",
            own.application,
            since=now - NOTED,
            partnership_id=None,
            organisation_id=own.application.organisation_id,
        )
        own = gather(get_own(actor, application_id))
    return Saved(own, tuple(kept), tuple(clashes), refused)


def enter_draft(actor: Reader, application_id: int, *, now: datetime) -> OwnApplication:
    """Return an application that its own people may write now, locked until the transaction ends.

    Raises
    ------
    NotFound, Conflict
        As of `save_fields`.
    """
    one = lock_own(actor, application_id)
    refuse_closed(one, now=now, zone=actor.time_zone)
    return gather(one)


def lock_own(actor: Reader, application_id: int) -> Application:
    """Return an application of the actor's own organisations, locked; else raise `NotFound`."""
    get_own(actor, application_id)
    found = Application.objects.select_for_update(of=("self",))
    return found.select_related("round", "scheme_version", "organisation").get(pk=application_id)


def refuse_closed(one: Application, *, now: datetime, zone: str) -> None:
    """Raise `Conflict` unless an application can be written now."""
    if can_write(one, one.round, now):
        return
    if one.state == Application.State.SUBMITTED:
        raise Conflict(
            _(
                "This application has been submitted. Withdraw it first, then change it and "
                "submit it again."
            )
        )
    moment = format_moment(one.round.closes_at, one.round.zone, zone)
    if now >= one.round.closes_at:
        raise Conflict(
            _("The round closed on %(moment)s. What you wrote is saved.") % {"moment": moment}
        )
    raise Conflict(_("This round isn’t accepting applications right now. What you wrote is saved."))


def note_own(actor: Reader, verb: str, one: Application, **changes: Any) -> None:
    """Write an audit row of an applicant's action: for its own people, not for the room.

    Jurors may be of the room, and must not learn the applicant's name.
    """
    audit.record(actor, verb, one, organisation_id=one.organisation_id, changes=changes)


def _write(own: OwnApplication, changed: Mapping[str, str], *, now: datetime) -> None:
    one = own.application
    answers: dict[str, dict[str, Any]] = {}
    confirmed = set(one.confirmed)
    for name, value in changed.items():
        kind, _sign, key = name.partition("_")
        if name in FIELDS:
            setattr(one, name, value)
        elif kind == "confirmed":
            (confirmed.add if value else confirmed.discard)(key)
        else:
            answers.setdefault(key, {})[kind] = value if kind == "text" else value or None
    one.confirmed = [each.key for each in own.scheme.conditions if each.key in confirmed]
    one.version += 1
    one.save(update_fields=[*FIELDS, "confirmed", "version"])
    for key, given in answers.items():
        Answer.objects.update_or_create(
            application=one,
            indicator=key,
            defaults={**given, "saved_at": now},
            create_defaults={**given, "saved_at": now, "partnership_id": one.partnership_id},
        )
