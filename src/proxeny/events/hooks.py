"""Contributions of this capability to the others."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.guests import GUESTS
from proxeny.directory.merge_references import Pointer, point
from proxeny.events import first_steps, outcome_groups
from proxeny.events.deadlines import find_deadlines
from proxeny.events.history import teach
from proxeny.events.operations.follow_up import ask_guests_later
from proxeny.events.public_facts import find_supporters
from proxeny.events.queries import event_titles
from proxeny.events.queries.agreeing import name_steps
from proxeny.events.queries.guests import find_guest
from proxeny.events.room_facts import count_hosting, find_items
from proxeny.events.waiting import find_waiting
from proxeny.kernel.first_steps import FIRST_STEPS
from proxeny.kernel.waiting import WAITING
from proxeny.meetings.operations.follow_up import ASK_LATER
from proxeny.meetings.outcome_groups import (
    GROUPINGS,
    REQUESTS,
    SOURCES,
    Grouping,
)
from proxeny.notices.deadlines import DEADLINES
from proxeny.notices.grouping import OBJECTS
from proxeny.partnerships.exchange import GIVEN
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.overview import ITEMS
from proxeny.partnerships.public_results import SUPPORTERS
from proxeny.partnerships.texts import SUBJECTS, Subject

DEADLINES.add(find_deadlines)
GUESTS.add(find_guest)
ASK_LATER.add(ask_guests_later)
WAITING.add(find_waiting)
teach()
SUBJECTS.add(Agreement.Kind.EVENT, Subject(name_steps, "%(name)s"))
point(
    Pointer("events.Group"),
    Pointer(
        "events.Participation",
        sentence=_(
            "Both organisations take part in %(names)s. First withdraw the one that will be "
            "merged into the other."
        ),
        named_by="event__title",
        over=Q(state="withdrawn"),
    ),
)
GIVEN.add(count_hosting)
ITEMS.add("events", find_items)
SUPPORTERS.add(find_supporters)
GROUPINGS.add("event", Grouping(outcome_groups.events_of, outcome_groups.name_events))
SOURCES.add(outcome_groups.sources_of)
REQUESTS.add(outcome_groups.count_requests)
OBJECTS.add("events:detail", event_titles)
FIRST_STEPS.extend(first_steps.STEPS)
