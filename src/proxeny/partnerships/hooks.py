"""Contributions of this capability to the others."""

from django.utils.translation import gettext_lazy as _

from proxeny.directory.merge_references import Doubled, Pointer, point
from proxeny.directory.operations.profiles import know_liking
from proxeny.directory.operations.reading import READ_WATCHERS
from proxeny.kernel.first_steps import FIRST_STEPS
from proxeny.kernel.waiting import WAITING
from proxeny.notices.deadlines import DEADLINES
from proxeny.notices.grouping import OBJECTS, titles_of
from proxeny.partnerships import first_steps, record_trails, room_facts
from proxeny.partnerships.deadlines import find_deadlines
from proxeny.partnerships.history import teach
from proxeny.partnerships.introduction_queries import pairs_judged
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.operations.reading import ReadingWatch
from proxeny.partnerships.overview import ITEMS, TILES
from proxeny.partnerships.waiting import find_waiting

DEADLINES.add(find_deadlines)
WAITING.add(find_waiting)
TILES.add("goals", room_facts.find_goal_tiles)
TILES.add("plan", room_facts.find_plan_tiles)
TILES.add("risks", room_facts.find_risk_tiles)
TILES.add("money", room_facts.find_money_tiles)
ITEMS.add("goals", room_facts.find_goals)
ITEMS.add("plan", room_facts.find_activities)
ITEMS.add("placements", room_facts.find_stays)
ITEMS.add("advice", room_facts.find_advice)
ITEMS.add("stages", room_facts.find_texts)
teach()
record_trails.teach()
point(
    Pointer("partnerships.Partnership", "lead"),
    Pointer("partnerships.Favour", "noted_by", stays="clusters are never merged"),
    Pointer("partnerships.Assessment", stays="clusters are never merged"),
    Pointer("partnerships.IntroductionPlan", "left", stays="clusters are never merged"),
    Pointer("partnerships.IntroductionPlan", "right", stays="clusters are never merged"),
    Pointer("partnerships.ProposedIntroduction", "left", doubled=Doubled.LEAVE),
    Pointer("partnerships.ProposedIntroduction", "right", doubled=Doubled.LEAVE),
    Pointer(
        "partnerships.Party",
        sentence=_("Both are parties to %(names)s."),
        named_by="partnership__title",
    ),
    Pointer(
        "partnerships.SharingGrant",
        sentence=_("Both share with %(names)s. Stop sharing for one of them first."),
        named_by="partnership__title",
    ),
    Pointer(
        "partnerships.SharingGrant",
        "member",
        sentence=_("Both are shared with %(names)s. Stop sharing one of them first."),
        named_by="partnership__title",
    ),
    Pointer("partnerships.Signatory", doubled=Doubled.LEAVE),
    Pointer("partnerships.SignOff", doubled=Doubled.LEAVE),
    Pointer("partnerships.Recommendation"),
)
READ_WATCHERS.add(ReadingWatch())
know_liking(pairs_judged, own_word=False)
OBJECTS.add("partnerships:detail", titles_of(Partnership))
FIRST_STEPS.extend(first_steps.STEPS)
