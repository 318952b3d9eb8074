"""The record of processing in the documentation is what the tables declare."""

from pathlib import Path

from proxeny.kernel.personal_data.record import write_record

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "record-of-processing.md"


def test_the_page_is_what_the_tables_declare():
    """Write it anew with `proxeny manage record_of_processing > docs/reference/record-of-processing.md`."""
    assert PAGE.read_text(encoding="utf-8") == write_record()
