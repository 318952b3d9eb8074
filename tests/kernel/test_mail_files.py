"""Mails as files: one for each, in the order in which they were sent."""

import email
from email import policy

from django.core.mail import EmailMessage

from proxeny.kernel.mail_files import EmailBackend


def _send(folder, number):
    # A connection of its own for each mail, at an address in memory that the last has just left.
    message = EmailMessage(
        f"Number {number}", "Text", "a@example.org", [f"to-{number}@example.org"]
    )
    EmailBackend(file_path=str(folder)).send_messages([message])


def test_mails_of_the_same_second_are_files_of_their_own_in_their_order(tmp_path):
    for number in range(50):
        _send(tmp_path, number)
    files = sorted(tmp_path.iterdir())
    letters = [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]
    assert [one["Subject"] for one in letters] == [f"Number {number}" for number in range(50)]
    assert [one["To"] for one in letters] == [f"to-{number}@example.org" for number in range(50)]
