"""The record kept of a sent mail: recipient and content, without links that still grant access."""

import re
from typing import Any

from proxeny.kernel.models import Mail

#: Replaces a secret, and marks a mail that cannot be sent again.
REMOVED = "[removed-after-sending]"
_LINK = re.compile(r"https?://[^\s\"'<>\\]+")
#: A part of an address that is long and no word: a token, a signature, a one-time key.
_SECRET = re.compile(r"(?<=[/=])(?=[^/?#&=]*[\dA-Z_])[^/?#&=]{16,}")
_QUERY = re.compile(r"[?#].*", re.DOTALL)
_FOLD = re.compile(r"\r?\n[ \t]")


def without_secrets(text: str) -> str:
    """Return a text with the secret parts, queries and fragments removed from its links."""
    return _LINK.sub(lambda link: _SECRET.sub(REMOVED, _QUERY.sub("", link[0])), text)


def kept_after_sending(mail: Mail) -> dict[str, Any]:
    """Return the fields of a sent mail as they are kept."""
    return {
        "text": without_secrets(mail.text),
        "html": without_secrets(mail.html),
        # Long lines of a calendar are folded, within an address too.
        "calendar": without_secrets(_FOLD.sub("", mail.calendar)),
        "headers": {name: without_secrets(str(value)) for name, value in mail.headers.items()},
    }
