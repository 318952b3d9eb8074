"""What waits for one person, whatever their seat: work that failed, programs whose time ends."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.token_queries import tokens_ending
from proxeny.kernel.failures import list_failed
from proxeny.kernel.tenancy import Reader
from proxeny.web.day.model import Task

PROGRAMS = 3


def find_failed_work(reader: Reader) -> Iterator[Task]:
    count = list_failed(reader).count()
    if count:
        text = ngettext(
            "%(count)d piece of work stopped before its end. See why, and try it again.",
            "%(count)d pieces of work stopped before their end. See why, and try them again.",
            count,
        )
        yield Task(
            title=_("What did not work"),
            text=text % {"count": count},
            url=reverse("failed"),
            label=_("Look at it"),
            tone="bad",
        )


def find_programs(reader: Reader, now: datetime) -> Iterator[Task]:
    for token in tokens_ending(reader, now=now)[:PROGRAMS]:
        yield Task(
            title=token.name,
            text=_("This program can act for you until %(day)s. Give it new access if you need it.")
            % {"day": date_format(token.expires_at, "DATE_FORMAT")},
            url=reverse("people:tokens"),
            label=_("See your programs"),
            tone="info",
        )
