"""Names of those on whose behalf a mail is written, as mail programs show them."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from proxeny.kernel.plain_text import one_line

#: Of a person's and of an organisation's name: lists of mails show some thirty characters.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf a mail is written. Without a name, it is Proxeny's own.

    Attributes
    ----------
    organisation, person : str
        Names, as somebody typed them.
    reply_to : str
        Where an answer goes: an address that the recipient may know. Empty: nowhere.
    """

    organisation: str = ""
    person: str = ""
    reply_to: str = ""

    def display(self) -> str:
        """Return the name that mail programs show, in the language in force; empty if Proxeny writes."""
        names = {
            "organisation": shown(self.organisation),
            "person": shown(self.person),
            "site": site_name(),
        }
        if names["person"] and names["organisation"]:
            return _("%(person)s, %(organisation)s via %(site)s") % names
        if names["person"]:
            return _("%(person)s via %(site)s") % names
        if names["organisation"]:
            return _("%(organisation)s (via %(site)s)") % names
        return ""


#: A mail of the installation itself.
PROXENY = Sender()


def site_name() -> str:
    """Return how the installation calls itself in its mails."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or "Proxeny"


def shown(name: str) -> str:
    """Return a name on one line, without hidden signs, and not longer than mail programs show."""
    # Mail programs decode what looks encoded (RFC 2047): a name must not hide another one.
    line = one_line(name).replace("=?", "= ?")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def usable(address: str) -> str:
    """Return an address if every mail server can write to it, else nothing."""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if address.rpartition("@")[0].isascii() else ""
