"""What is written about requests for data: to the room's managers, and to who asked."""

from collections.abc import Callable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.operations.letters import Letter, To, send, to_person
from proxeny.partnerships.models import Party
from proxeny.research.models import DataRequest


def tell_asked(one: DataRequest, package: str, parties: Sequence[Party], *, today: date) -> None:
    """Tell the managers of all sides that somebody asks for data."""
    url = f"{settings.BASE_URL}{reverse('research:requests', args=[one.partnership_id])}"

    def write() -> Letter:
        names = {"name": one.name, "organisation": one.organisation, "package": package}
        return Letter(
            _("Asked for: the data “%(package)s”") % names,
            (_("%(name)s, %(organisation)s, asks for these data and has agreed to their terms."
               " This is what for:") % names,
             _("Say yes until a day, or no with a reason: the answer goes to them by mail.")),
            _("You get this mail as a manager of the partnership that holds the data."),
            quote=one.purpose, label=_("Look at the request"), url=url,
        )  # fmt: skip

    with as_service():
        managers = managers_of([side.organisation_id for side in parties], today=today)
    for person in managers:
        send(to_person(person, "research"), write, key=f"data:{one.pk}:asked:{person.pk}")


def confirm_asked(one: DataRequest, package: str) -> None:
    """Tell who asked that it came in."""
    _send(one, "received", lambda: Letter(
        _("Your request is received: “%(package)s”") % {"package": package},
        (_("The partners who hold the data now decide. You get their answer by mail."),
         _("These are the terms that you agreed to:")),
        _foot(), quote=one.terms,
    ))  # fmt: skip


def let_in(one: DataRequest, package: str, token: str) -> None:
    """Send the link; it stands in this mail and nowhere else."""
    url = f"{settings.BASE_URL}{reverse('research:data-link', args=[token])}"

    def write() -> Letter:
        day = date_format(one.until, "DATE_FORMAT") if one.until else ""
        return Letter(
            _("You may have the data “%(package)s”") % {"package": package},
            (_("The partners have said yes. The button opens the files until %(day)s.")
             % {"day": day},
             _("The link is yours alone: each file that is taken with it is noted under your name."
               " These are the terms that you agreed to:")),
            _foot(), quote=one.terms, label=_("Open the files"), url=url,
        )  # fmt: skip

    _send(one, f"granted:{one.version}", write)


def refuse(one: DataRequest, package: str) -> None:
    """Tell who asked that they do not get the data, and why."""
    _send(one, f"refused:{one.version}", lambda: Letter(
        _("You do not get the data “%(package)s”") % {"package": package},
        (_("The partners have said no, for this reason:"),), _foot(), quote=one.reason,
    ))  # fmt: skip


def revoke(one: DataRequest, package: str) -> None:
    """Tell who was let in that the link does not work any more, and why."""
    _send(one, f"revoked:{one.version}", lambda: Letter(
        _("Your link to the data “%(package)s” does not work any more") % {"package": package},
        (_("The partners have taken it back, for this reason:"),), _foot(), quote=one.reason,
    ))  # fmt: skip


def _send(one: DataRequest, kind: str, write: Callable[[], Letter]) -> None:
    to = To(one.name, one.email, one.language)
    send(to, write, key=f"data:{one.pk}:{kind}")


def _foot() -> str:
    return _("You get this mail because your address was given where the data was asked for.")
