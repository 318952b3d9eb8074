"""Django's `changepassword`, which finds nobody by itself: only the gate reads sign-ins."""

from typing import Any

from django.contrib.auth.management.commands.changepassword import Command as ChangePassword

from proxeny.kernel.tenancy import GATE, acting_as


class Command(ChangePassword):
    """Asks twice for the new password of the account with this address."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Change it; a refusal changes nothing."""
        address = (options["username"] or "").strip().lower() or None
        with acting_as(GATE):
            return super().handle(*args, **(options | {"username": address}))
