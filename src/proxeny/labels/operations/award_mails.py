"""Mails to holders about new and revoked awards."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import as_service
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Award
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.senders import clusters_of
from proxeny.meetings.operations.mails import Letter, To, send, to_person


def tell_awarded(award: Award, sender: Sender) -> None:
    """Tell a holder of their award, what it is good for, and what it costs."""
    text = read_scheme(award.scheme_version.content)

    def write() -> Letter:
        label = text.told(text.title)
        day = date_format(localtime(award.valid_until, load_zone(_zone(award))))
        return Letter(
            _("“%(title)s” has been awarded the label %(label)s")
            % {"title": award.title, "label": label},
            tuple(
                filter(
                    None,
                    [
                        _(
                            "All clusters of the label have signed your award. It’s valid until "
                            "%(day)s."
                        )
                        % {"day": day},
                        _(
                            "Its page is public: link to it, put the badge on your website and "
                            "send it to anyone who’d like to see it. Anyone can check it there "
                            "without an account."
                        ),
                        _renewing(text),
                        _fee(text),
                    ],
                )
            ),
            _foot(),
            sender=sender,
            label=_("Open the award"),
            url=award_url(award.code),
        )

    _send(award, write, "awarded")


def tell_revoked(award: Award) -> None:
    """Tell a holder that an award holds no more, why, and how to appeal."""
    text = read_scheme(award.scheme_version.content)

    def write() -> Letter:
        label = text.told(text.title)
        return Letter(
            _("Your award of the label %(label)s has been revoked") % {"label": label},
            tuple(
                filter(
                    None,
                    [
                        _(
                            "All clusters of the label have signed that the award for "
                            "“%(title)s” is no longer valid. Anyone who checks it will see that, "
                            "with this reason:"
                        )
                        % {"title": award.title},
                        text.told(text.appeals)
                        and _("How to appeal: %(how)s") % {"how": text.told(text.appeals)},
                        award.scheme_version.contact
                        and _("If you disagree, write to %(address)s.")
                        % {"address": award.scheme_version.contact},
                        _("Please remove the badge from your website."),
                    ],
                )
            ),
            _foot(),
            sender=clusters_of(award.partnership_id, award.scheme_version.contact),
            quote=award.revoked_why,
            label=_("Open the award"),
            url=award_url(award.code),
        )

    _send(award, write, "revoked")


def _foot() -> str:
    return _("You’re receiving this email as the contact for this project.")


def _renewing(text: SchemeText) -> str:
    return _("It can be renewed in the last %(months)d months before it expires.") % {
        "months": text.renew_months
    }


def _fee(text: SchemeText) -> str:
    if not text.fee_award:
        return ""
    return _("The award fee is %(fee)s %(currency)s. The clusters will write to you about it.") % {
        "fee": f"{text.fee_award:.2f}",
        "currency": text.currency,
    }


def _zone(award: Award) -> str:
    with as_service("The round's time zone is public, but the decision that leads to it is not."):
        return award.decision.round.zone if award.decision else "UTC"


def _send(award: Award, write: Callable[[], Letter], kind: str) -> None:
    for one in _recipients(award):
        send(one, write, key=f"award:{award.pk}:{kind}:{one.email}")


def _recipients(award: Award) -> list[To]:
    """Return the application's contact, or else the managers of the holder."""
    one = award.application
    if one is not None and one.contact_email:
        return [To(one.contact_name, one.contact_email, one.language)]
    with as_service("The holder's managers get the mail without being shown to the clusters."):
        today = (award.issued_at or award.valid_from).date()
        return [
            to_person(each, "labels") for each in managers_of([award.organisation_id], today=today)
        ]
