"""Purposes of processing personal data: activities of the record of processing (GDPR art. 30)."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Basis(Enum):
    """The legal basis of an activity (GDPR art. 6 (1))."""

    CONTRACT = _(
        "Necessary to provide the Proxeny service that people have requested (art. 6 (1) b)"
    )
    LEGITIMATE = _("Legitimate interest of the clusters in cooperating (art. 6 (1) f)")
    OBLIGATION = _("Legal obligation to keep data safe and to account for it (art. 6 (1) c)")


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose, with the categories of people concerned, its legal basis and its recipients."""

    key: str
    title: Any
    purpose: Any
    people: Any
    basis: Basis
    recipients: Any


SIGN_IN = Activity(
    "sign-in",
    _("People and their sign-in"),
    _("To let authorised people in, identify them and keep others out."),
    _("Everyone who signs in or is invited."),
    Basis.CONTRACT,
    _(
        "Managers of the person’s organisations. People in a signed partnership see the name and "
        "role."
    ),
)
DIRECTORY = Activity(
    "directory",
    _("Member directory"),
    _("To find partners, customers and expertise, and to know who to contact there."),
    _("Contact persons at member organisations."),
    Basis.LEGITIMATE,
    _("The cluster that manages the entry, and anyone the entry is visible to."),
)
COOPERATION = Activity(
    "cooperation",
    _("Partnerships, events and meetings"),
    _("To make agreements, bring people together and keep track of the outcomes."),
    _("Signatories, participants and people attending meetings."),
    Basis.LEGITIMATE,
    _("The parties to the partnership; for a meeting, the people attending."),
)
PROGRAMS = Activity(
    "programs",
    _("Access by programs"),
    _("To let an organisation’s own software read and write on someone’s behalf."),
    _("People who create tokens or webhooks."),
    Basis.CONTRACT,
    _("Managers of the organisation on whose behalf the program acts."),
)
MAIL = Activity(
    "mail",
    _("Email and calendar"),
    _("To notify people of what concerns them and add meetings to their calendar."),
    _("Everyone who receives messages."),
    Basis.CONTRACT,
    _("The operator’s mail server and the person’s own."),
)
ACCOUNTABILITY = Activity(
    "accountability",
    _("Audit trail"),
    _(
        "To be able to show who did what, when and on whose behalf, and that no one has changed "
        "it since."
    ),
    _("Everyone who changes something."),
    Basis.OBLIGATION,
    _("Managers of the organisation and of the partnership that the entry concerns."),
)
OPERATION = Activity(
    "operation",
    _("Running the installation"),
    _("To run long tasks safely and keep programs from making too many requests."),
    _("People who start long tasks or upload files."),
    Basis.CONTRACT,
    _("Managers of the organisation the task is for."),
)
ACTIVITIES = (SIGN_IN, DIRECTORY, COOPERATION, PROGRAMS, MAIL, ACCOUNTABILITY, OPERATION)
