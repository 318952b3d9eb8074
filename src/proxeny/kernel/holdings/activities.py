"""What personal data is processed for: the activities of the record of processing (GDPR art. 30)."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Basis(Enum):
    """The legal basis of an activity (GDPR art. 6 (1))."""

    CONTRACT = _("Needed to give people the use of Proxeny that they asked for (art. 6 (1) b)")
    LEGITIMATE = _("Legitimate interest of the clusters in working together (art. 6 (1) f)")
    OBLIGATION = _("Legal obligation to keep data safe and to account for it (art. 6 (1) c)")


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose, with whom the data concerns, its basis, and who receives it."""

    key: str
    title: Any
    purpose: Any
    people: Any
    basis: Basis
    recipients: Any


SIGN_IN = Activity(
    "sign-in",
    _("People and their sign-in"),
    _("To let people in, tell who they are, and keep others out."),
    _("Everybody who signs in or is invited."),
    Basis.CONTRACT,
    _("Managers of the person's organisations; people of a signed partnership see name and role."),
)
DIRECTORY = Activity(
    "directory",
    _("Directory of members"),
    _("To find partners, customers and knowledge, and to know whom to ask there."),
    _("Contact persons of member organisations."),
    Basis.LEGITIMATE,
    _("The cluster that keeps the entry, and whoever the entry's visibility names."),
)
COOPERATION = Activity(
    "cooperation",
    _("Partnerships, events and meetings"),
    _("To agree, to bring people together, and to know what came of it."),
    _("Signatories, participants, and people at meetings."),
    Basis.LEGITIMATE,
    _("The parties of the partnership; at a meeting, those who meet."),
)
PROGRAMS = Activity(
    "programs",
    _("Access by programs"),
    _("To let an organisation's own software read and write on somebody's behalf."),
    _("People who make tokens or webhooks."),
    Basis.CONTRACT,
    _("Managers of the organisation in whose name the program acts."),
)
MAIL = Activity(
    "mail",
    _("E-mail and calendar"),
    _("To tell people what concerns them, and to bring meetings into their calendar."),
    _("Everybody who is written to."),
    Basis.CONTRACT,
    _("The mail server of the operator, and that of the person."),
)
ACCOUNTABILITY = Activity(
    "accountability",
    _("Audit trail"),
    _("To be able to show who did what, when and for whom, and that nobody changed it since."),
    _("Everybody who changes something."),
    Basis.OBLIGATION,
    _("Managers of the organisation, and of the partnership, that the entry concerns."),
)
OPERATION = Activity(
    "operation",
    _("Running the installation"),
    _("To do long work safely, and to keep programs from asking too much."),
    _("People who start long work or upload files."),
    Basis.CONTRACT,
    _("Managers of the organisation that the work is for."),
)
ACTIVITIES = (SIGN_IN, DIRECTORY, COOPERATION, PROGRAMS, MAIL, ACCOUNTABILITY, OPERATION)
