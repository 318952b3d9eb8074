"""Django's `migrate`, by one process at a time."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from proxeny.kernel.setup_lock import preparing_alone


class Command(Migrate):
    """Waits while another process, on whatever host, prepares the same database."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, without repeating what another process has done meanwhile."""
        with preparing_alone(say=self.stdout.write, using=options["database"]):
            super().handle(*args, **options)
