"""Consortia: the conditions of a call, looked at one by one, and the partners that meet them."""

from proxeny.engine.consortium._search import Settings
from proxeny.engine.consortium.check import check_consortium, find_rate
from proxeny.engine.consortium.countries import (
    Setting,
    Source,
    Standing,
    Status,
    find_statuses,
    plain_code,
)
from proxeny.engine.consortium.directory import (
    MOST_LEVEL,
    Need,
    Organisation,
    Relation,
    Weights,
    Wish,
)
from proxeny.engine.consortium.model import Doubt, Gap, Participant, Report, Role, Verdict, Who
from proxeny.engine.consortium.proposals import Added, Conflict, Proposal, Proposals, Worth
from proxeny.engine.consortium.propose import propose_consortia
from proxeny.engine.consortium.rules import (
    Call,
    Count,
    Countries,
    Independent,
    Only,
    Rate,
    Rule,
    RuleSet,
    Share,
    Total,
    find_rules,
    make_rules,
    read_rules,
    rule_sets,
)

__all__ = [
    "MOST_LEVEL",
    "Added",
    "Call",
    "Conflict",
    "Count",
    "Countries",
    "Doubt",
    "Gap",
    "Independent",
    "Need",
    "Only",
    "Organisation",
    "Participant",
    "Proposal",
    "Proposals",
    "Rate",
    "Relation",
    "Report",
    "Role",
    "Rule",
    "RuleSet",
    "Setting",
    "Settings",
    "Share",
    "Source",
    "Standing",
    "Status",
    "Total",
    "Verdict",
    "Weights",
    "Who",
    "Wish",
    "Worth",
    "check_consortium",
    "find_rate",
    "find_rules",
    "find_statuses",
    "make_rules",
    "plain_code",
    "propose_consortia",
    "read_rules",
    "rule_sets",
]
