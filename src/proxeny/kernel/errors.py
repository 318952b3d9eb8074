"""The few kinds of refusal an operation can answer with. Each message is a sentence for people."""


class ProxenyError(Exception):
    """A refusal that a person reads. `field` names the form field it belongs to, if any."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(ProxenyError):
    """Invalid input; the message says where and what to do."""


class NotAllowed(ProxenyError):
    """The reader may see the record but may not do this with it."""


class NotFound(ProxenyError):
    """There is no such record for this reader. Never says whether it exists for another."""


class Conflict(ProxenyError):
    """Somebody else changed the record in the meantime, or its state does not allow this now."""
