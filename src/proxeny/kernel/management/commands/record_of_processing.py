"""`proxeny manage record_of_processing`: the record of processing as a page of documentation."""

from typing import Any

from django.core.management.base import BaseCommand

from proxeny.kernel.personal_data.record import write_record


class Command(BaseCommand):
    """Prints the record of processing, made from what the tables declare."""

    help = "Print the record of processing (GDPR art. 30) as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it to standard output."""
        self.stdout.write(write_record(), ending="")
