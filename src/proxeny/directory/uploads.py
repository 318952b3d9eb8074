"""Stopping an upload that is too large while it streams in, before it fills the disk."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from proxeny.directory.memberlist.table import MAX_BYTES


class SizeGuard(FileUploadHandler):
    """Ends an upload at the first byte beyond `MAX_BYTES` and notes on the request that it did.

    The rest of the body is read and thrown away, so that the browser shows our sentence and not a
    broken connection.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and pass the chunk on to the handlers that keep it."""
        self._taken += len(raw_data)
        if self._taken > MAX_BYTES:
            self.request.upload_too_large = int(self.request.META.get("CONTENT_LENGTH") or 0)
            raise StopUpload
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""
        return
