"""Names of a call's facts in files: in English, and by the funding portal."""

import re

from proxeny.folding import fold

_TOLD = {
    "reference": "reference topicId topic_id identifier topicIdentifier topicCode call_reference",
    "title": "title topicTitle topic_title name",
    "programme": "programme program frameworkProgramme funding_programme",
    "action": "action typesOfAction typeOfAction type_of_action types_of_action",
    "topics": "topics keywords tags",
    "text": "text description descriptionByte topicDescription",
    "language": "language language_of_the_text",
    "opens_on": "opens opens_on openingDate opening_date startDate plannedOpeningDate"
    " plannedOpeningDateLong",
    "closes_at": "closes closes_at closes_on deadline deadlineDate deadlineDates deadlineDatesLong"
    " closingDate closing_date",
    "second_closes_at": "second_closes_at second_stage_closes_at second_deadline second_stage",
    "stage": "stage deadlineModel",
    "budget": "budget total_budget",
    "grant_least": "smallest_grant grant_least budgetMin minContribution",
    "grant_most": "largest_grant grant_most budgetMax maxContribution",
    "grants_expected": "grants_expected expectedGrants",
    "currency": "currency",
    "rule_set": "conditions rule_set",
    "part": "part pillar",
    "address": "address portalUrl url link",
    "call": "callIdentifier call_identifier",
}


def key_of(name: str) -> str:
    """Return a name as it is compared: letters and digits alone, in lower case."""
    return re.sub("[^a-z0-9]", "", fold(name))


#: Our name of a fact, by what it is called in a file.
NAMES = {key_of(name): ours for ours, told in _TOLD.items() for name in told.split()}
#: Columns of a CSV file as listed on the page, in this order.
COLUMNS = (
    "reference",
    "title",
    "programme",
    "type of action",
    "topics",
    "text",
    "language",
    "opens on",
    "closes at",
    "second stage closes at",
    "budget",
    "smallest grant",
    "largest grant",
    "grants expected",
    "currency",
    "conditions",
    "part",
    "address",
)
