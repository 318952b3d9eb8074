"""Mails about requests for data, to the room's managers and to the requester."""

from collections.abc import Callable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.kernel.tenancy import as_service
from proxeny.meetings.operations.mails import Letter, To, send, to_person
from proxeny.partnerships.models import Party
from proxeny.research.models import DataRequest


def tell_asked(one: DataRequest, package: str, parties: Sequence[Party], *, today: date) -> None:
    """Tell the managers of all sides about a request for data."""
    url = f"{settings.BASE_URL}{reverse('research:requests', args=[one.partnership_id])}"

    def write() -> Letter:
        names = {"name": one.name, "organisation": one.organisation, "package": package}
        return Letter(
            _("Data request: “%(package)s”") % names,
            (
                _(
                    "%(name)s (%(organisation)s) has requested this data and agreed to its "
                    "terms. How they plan to use it:"
                )
                % names,
                _(
                    "Grant access until a certain date, or decline with a reason. They’ll get "
                    "the answer by email."
                ),
            ),
            _(
                "You’re receiving this email because you’re a manager of the partnership that "
                "holds the data."
            ),
            quote=one.purpose,
            label=_("View request"),
            url=url,
        )

    with as_service("A stranger may ask for data, and does not see the managers who are told."):
        managers = managers_of([side.organisation_id for side in parties], today=today)
    for person in managers:
        send(to_person(person, "research"), write, key=f"data:{one.pk}:asked:{person.pk}")


def confirm_asked(one: DataRequest, package: str) -> None:
    """Confirm the receipt of a request to the requester."""
    _send(
        one,
        "received",
        lambda: Letter(
            _("We’ve received your request: “%(package)s”") % {"package": package},
            (
                _(
                    "The partners who hold the data will now decide. You’ll get their answer by "
                    "email."
                ),
                _("These are the terms you agreed to:"),
            ),
            _foot(),
            quote=one.terms,
        ),
    )


def let_in(one: DataRequest, package: str, token: str) -> None:
    """Send the link, which exists in this mail and nowhere else."""
    url = f"{settings.BASE_URL}{reverse('research:data-link', args=[token])}"

    def write() -> Letter:
        day = date_format(one.until, "DATE_FORMAT") if one.until else ""
        return Letter(
            _("You now have access to the data “%(package)s”") % {"package": package},
            (
                _(
                    "The partners have approved your request. The button opens the files until "
                    "%(day)s."
                )
                % {"day": day},
                _(
                    "This link is personal: each file downloaded with it is logged under your "
                    "name. These are the terms you agreed to:"
                ),
            ),
            _foot(),
            quote=one.terms,
            label=_("Open the files"),
            url=url,
        )

    _send(one, f"granted:{one.version}", write)


def refuse(one: DataRequest, package: str) -> None:
    """Tell the requester that the data is refused, and why."""
    _send(
        one,
        f"refused:{one.version}",
        lambda: Letter(
            _("Your request for the data “%(package)s” was declined") % {"package": package},
            (_("The partners declined it for this reason:"),),
            _foot(),
            quote=one.reason,
        ),
    )


def revoke(one: DataRequest, package: str) -> None:
    """Tell the requester that the link no longer works, and why."""
    _send(
        one,
        f"revoked:{one.version}",
        lambda: Letter(
            _("Your link to the data “%(package)s” no longer works") % {"package": package},
            (_("The partners have withdrawn it for this reason:"),),
            _foot(),
            quote=one.reason,
        ),
    )


def _send(one: DataRequest, kind: str, write: Callable[[], Letter]) -> None:
    to = To(one.name, one.email, one.language)
    send(to, write, key=f"data:{one.pk}:{kind}")


def _foot() -> str:
    return _(
        "You’re receiving this email because your address was given when the data was requested."
    )
