"""Mails about decisions that all clusters confirm: proposed, confirmed by all, or not confirmed."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Application, Decision
from proxeny.labels.operations.jury_mails import tell_managers
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.queries import list_agreed


def tell_decision(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Tell the managers of the other clusters: `asked`, `agreed` or `closed`.

    Managers with a conflict of interest in an application of the round are told nothing, and those
    who have confirmed already are not asked again.
    """
    with as_service(
        "People with a conflict of interest are told nothing, regardless of who signs."
    ):
        decision = Decision.objects.select_related("round__scheme").get(pk=agreement.subject)
        about = list(Application.objects.filter(round=decision.round).values_list("pk", flat=True))
        text = next(iter(list_agreed(partnership, agreement.kind, agreement.subject)))
    names = {
        "cluster": mine.organisation.name,
        "round": decision.round.title,
        "what": "",
        "why": agreement.closed_why,
    }
    url = reverse("partnerships:text", args=[partnership.pk, agreement.pk])
    for one in text.signatures:
        if one.party.pk == mine.pk or (kind == "asked" and one.sign_off is not None):
            continue
        tell_managers(
            decision.round,
            _letter(kind, decision, names),
            about=about,
            side=one.party.pk,
            key=f"decision:{agreement.pk}:{kind}:{mine.pk}",
            now=now,
            but=actor.person,
            url=url,
            label=_LABELS[kind],
        )


def _letter(kind: str, decision: Decision, names: dict[str, str]) -> Callable[[], tuple[str, str]]:
    def write() -> tuple[str, str]:
        told = {**names, "what": decision.get_kind_display()}
        if kind == "asked":
            return (
                _("Confirm a decision: “%(round)s”") % told,
                _(
                    "%(cluster)s proposes a decision on “%(round)s” (%(what)s). Read it and "
                    "confirm it for your cluster. It takes effect once all clusters have "
                    "confirmed it; no one else is informed before then."
                )
                % told,
            )
        if kind == "agreed":
            return (
                _("All clusters have confirmed the decision: “%(round)s”") % told,
                _(
                    "%(cluster)s has confirmed the decision on “%(round)s” (%(what)s). It’s now "
                    "in effect."
                )
                % told,
            )
        return (
            _("A decision wasn’t confirmed: “%(round)s”") % told,
            _(
                "%(cluster)s hasn’t confirmed the decision on “%(round)s” (%(what)s): %(why)s "
                "Look at it together and propose it again."
            )
            % told,
        )

    return write


def _read() -> str:
    return _("Read the decision")


def _confirm() -> str:
    return _("Read and confirm")


_LABELS: dict[str, Callable[[], str]] = {"asked": _confirm, "agreed": _read, "closed": _read}
