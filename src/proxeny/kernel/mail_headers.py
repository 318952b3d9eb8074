"""Headers as they go out: those that machines read in plain ASCII and in one piece, others as wholes.

Python folds a header that it does not know as if it were prose: what has no space to be broken at it
encodes (RFC 2047), and no program finds the address in it again. Of prose it encodes some words and
leaves others, and doubles the space between the two here and there. Of an address it may lose the quotes
around a name with a comma, which then reads as two.
"""

from email.header import Header
from email.headerregistry import (
    Address,
    HeaderRegistry,
    UniqueSingleAddressHeader,
    UnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy, default
from typing import Any

from django.core.mail import EmailMultiAlternatives

#: By their names in small letters, as the registry looks them up.
_HEADERS = (
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-id",
    "list-help",
    "list-archive",
    "references",
    "in-reply-to",
    "message-id",
    "content-id",
    "auto-submitted",
    "x-auto-response-suppress",
    "subject",
)


class _Whole(UnstructuredHeader):
    """A header that is folded between its words only, or is encoded as a whole."""

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header's lines (RFC 5322, 2.2.3)."""
        name: str = self.name  # type: ignore[attr-defined]
        words = str(self).split()
        text = " ".join(words)
        if not text.isascii() or "=?" in text:
            encoded = Header(text, "utf-8", header_name=name).encode(linesep=policy.linesep)
            return f"{name}: {encoded}{policy.linesep}"
        first, *others = words or [""]
        # An address beside the name, however long: some programs read no line that begins empty.
        lines = [f"{name}: {first}"]
        for word in others:
            if len(lines[-1]) + 1 + len(word) <= (policy.max_line_length or 998):
                lines[-1] += f" {word}"
            else:
                lines.append(f" {word}")
        return policy.linesep.join(lines) + policy.linesep


class _Mailbox(UniqueSingleAddressHeader):
    """A name and an address, the name quoted or encoded as a whole."""

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header's lines (RFC 5322, 3.4)."""
        name: str = self.name  # type: ignore[attr-defined]
        one: Address = self.address
        if not one.display_name:
            return f"{name}: {one.addr_spec}{policy.linesep}"
        if one.display_name.isascii():
            return f"{name}: {one}{policy.linesep}"
        encoded = Header(one.display_name, "utf-8", header_name=name).encode(linesep=policy.linesep)
        return f"{name}: {encoded}{policy.linesep} <{one.addr_spec}>{policy.linesep}"


_registry = HeaderRegistry()
for _name in _HEADERS:
    _registry.map_to_type(_name, _Whole)  # type: ignore[arg-type]
for _name in ("from", "reply-to"):
    _registry.map_to_type(_name, _Mailbox)  # type: ignore[arg-type]


def mailbox(name: str, address: str) -> str:
    """Return a name and an address as one header takes them; the name is on one line."""
    return str(Address(display_name=name, addr_spec=address)) if name else address


class ReadableMail(EmailMultiAlternatives):
    """A mail whose machine-read headers arrive as they were written."""

    def message(self, *, policy: "Policy[Any] | None" = None) -> EmailMessage:
        """Return it as Python's email package makes it."""
        made = policy if isinstance(policy, EmailPolicy) else default
        return super().message(policy=made.clone(header_factory=_registry))
