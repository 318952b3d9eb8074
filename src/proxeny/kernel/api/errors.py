"""Refusals that only a program can meet."""

from proxeny.kernel.errors import ProxenyError


class PreconditionRequired(ProxenyError):
    """A change needs `If-Match` with the version it was made from."""


class PreconditionFailed(ProxenyError):
    """The record has another version than the one the change was made from."""


class SecondFactorMissing(ProxenyError):
    """A cluster of the token's holder asks for a second factor, and the holder has none."""


class ScopeMissing(ProxenyError):
    """The token may not be used for this."""


class KeyReused(ProxenyError):
    """An idempotency key came again with another request."""


class TooManyRequests(ProxenyError):
    """The token has used up its minute."""
