"""Django's `migrate`, by one process at a time."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from proxeny.kernel.preparing import preparing_alone


class Command(Migrate):
    """Waits while another process, on whatever host, prepares the same database."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; what the other process did meanwhile is not done again."""
        with preparing_alone(say=self.stdout.write, using=options["database"]):
            super().handle(*args, **options)
