"""Who may use which route under /api/v1/partnerships."""

from proxeny.partnerships.models import Partnership
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.routes import CIRCLE, ORGANISERS, SEATED, A

P = "/api/v1/partnerships"
ONE = f"{P}/{{partnership_id}}"
#: A proposal is read by the staff of both sides alone.
ASKED = ("a_manager", "a_ambassador", "c_manager")


def _signed(crowd: Crowd) -> dict:
    return {"partnership_id": crowd.world.partnership.pk}


def _first_text(crowd: Crowd) -> dict:
    return _signed(crowd) | {"number": 1}


def _proposal(crowd: Crowd, state: str = Partnership.State.PROPOSED) -> dict:
    Partnership.objects.filter(pk=crowd.proposal.pk).update(state=state)
    return {"partnership_id": crowd.proposal.pk}


def _draft(crowd: Crowd) -> dict:
    return _proposal(crowd, Partnership.State.DRAFT)


def _signature(crowd: Crowd) -> dict:
    return {"number": 1, "text_hash": "0" * 64}


def _amendment(crowd: Crowd) -> dict:
    return {"number": 1, "text": "We work together more."}


def _between(crowd: Crowd) -> dict:
    a, b = crowd.world.a.cluster.pk, crowd.world.b.cluster.pk
    return {"cluster_id": a, "partner_id": b, "title": "Once more", "text": "We work together."}


def _why(crowd: Crowd) -> dict:
    return {"reason": "It does not fit."}


ROUTES: dict[str, ApiRoute] = {
    "list_partnerships": ApiRoute("GET", P, SEATED),
    "export_partnerships": ApiRoute("GET", f"{P}/export", SEATED, query=(("format", "xlsx"),)),
    "show_partnership": ApiRoute("GET", ONE, CIRCLE, _signed),
    "show_partnership proposal": ApiRoute("GET", ONE, ASKED, _proposal),
    "show_partnership draft": ApiRoute("GET", ONE, ("a_manager", "a_ambassador"), _draft),
    "change_draft": ApiRoute("PATCH", ONE, A, _draft, data=lambda _: {"title": "Another name"}),
    "propose_partnership": ApiRoute("POST", f"{ONE}/propose", A, _draft),
    "withdraw_proposal": ApiRoute("POST", f"{ONE}/withdraw", A, _proposal),
    "decline_partnership": ApiRoute("POST", f"{ONE}/decline", ("c_manager",), _proposal, data=_why),
    # Members see that there is a partnership; of its texts they get none.
    "list_agreements": ApiRoute("GET", f"{ONE}/agreements", CIRCLE, _signed),
    "list_agreements proposal": ApiRoute("GET", f"{ONE}/agreements", ASKED, _proposal),
    "show_agreement": ApiRoute(
        "GET", f"{ONE}/agreements/{{number}}", (*ORGANISERS, "a_ambassador"), _first_text
    ),
    # Both have signed: it is theirs to be told so.
    "sign_agreement": ApiRoute(
        "POST", f"{ONE}/sign", ORGANISERS, _signed, data=_signature, statuses=(409,)
    ),
    "amend_agreement": ApiRoute("POST", f"{ONE}/amend", ORGANISERS, _signed, data=_amendment),
    "list_happenings": ApiRoute("GET", f"{ONE}/history", CIRCLE, _signed),
    "list_happenings proposal": ApiRoute("GET", f"{ONE}/history", ASKED, _proposal),
    "end_partnership": ApiRoute("POST", f"{ONE}/end", ORGANISERS, _signed, data=_why),
    # The two have a partnership: it is A's manager's to be told so.
    "draft_partnership": ApiRoute("POST", P, A, data=_between, statuses=(409,)),
}
