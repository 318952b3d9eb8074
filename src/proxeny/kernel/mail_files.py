"""Mails as files, while no mail server is named: one file for each, in the order they were sent."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Django's own, but for the name: its names may repeat within a second, and two mails then share
    a file, in which nobody finds the second."""

    _fname: str | None

    def _get_filename(self) -> str:
        if self._fname is None:
            moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
            self._fname = str(Path(self.file_path) / f"{moment}-{uuid4().hex[:8]}.log")
        return self._fname
