"""What is put before all parties, named for people."""

from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Agreement, Party, Risk, Stage

Kind = Agreement.Kind


def name_of(agreement: Agreement) -> str:
    """Return what a text is about. A query for a risk or a party that joins.

    Read as the service: who is asked to sign may know what.
    """
    if agreement.kind == Kind.STAGE:
        return _("the stage “%(stage)s”") % {"stage": Stage(agreement.subject).label}
    if agreement.kind == Kind.EXIT:
        return _("the plan for the exit")
    if agreement.kind == Kind.TEXT:
        return _("the agreement")
    with as_service():
        if agreement.kind == Kind.RISK:
            title = (
                Risk.objects.filter(pk=agreement.subject).values_list("title", flat=True).first()
            )
            return _("accepting the risk “%(risk)s”") % {"risk": title or ""}
        joining = Party.objects.filter(pk=agreement.subject).select_related("organisation").first()
    name = joining.organisation.name if joining else ""
    return _("%(name)s joins") % {"name": name}
