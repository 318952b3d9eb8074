"""What each list of the product can do: `docs/reference/lists.md` says it, `test_lists` tries it."""

from dataclasses import dataclass

#: How a list is taken along, by what follows its address; `{form}` is csv or xlsx.
EXPORT = "?export={form}"


@dataclass(frozen=True)
class Listed:
    """A list.

    Attributes
    ----------
    name : str
        As people call it.
    narrows : str
        What it can be searched and narrowed by.
    sorts : tuple of str
        What `?sort=` takes.
    file : str
        What gives it as a file: what follows its address, or a route's name with what follows that.
    first : str
        What its page says to do first where it is empty, or why it never is.
    who : str
        Who tries it, by the names of `Crowd.people`.
    why_not : str
        Why it lacks what it lacks.
    """

    name: str
    narrows: str = ""
    sorts: tuple[str, ...] = ()
    file: str = EXPORT
    first: str = ""
    who: str = "a_manager"
    why_not: str = ""


_WORDS = "words"
_OWN_ORDER = "stands in the order that it is about"
_PRIVATE = "no file: whom somebody marked never leaves the house"

LISTS: dict[str, Listed] = {
    # The directory.
    "directory:list": Listed(
        "Organisations",
        "words, cluster, country, kind, field, size, sector, region, language",
        ("name", "country", "city", "kind"),
        "directory:export?format={form}",
        "add a member, or import a list",
    ),
    "directory:listings": Listed(
        "Offers and needs",
        "words, direction, kind, country, field, open to interest",
        ("name", "country", "kind", "changed"),
        first="write one on an organisation's page",
    ),
    "directory:interests": Listed(
        "Interest sent and received",
        "words, side, state",
        ("who", "about", "state", "since"),
        first="look around among offers and needs",
    ),
    "directory:wanted": Listed(
        "Whom members want to meet",
        _WORDS,
        ("member", "target", "country", "since"),
        first="members mark partners proposed to them",
    ),
    "calls:watched": Listed(
        "Calls one watches",
        _WORDS,
        ("title", "reference", "closes"),
        first="look at the calls",
        who="a_manager",
    ),
    "people:list": Listed(
        "People", "words, role", ("name", "organisation", "role", "since"), first="invite somebody"
    ),
    "failed": Listed("Failed tasks", _WORDS, ("what", "when"), first="nothing to do"),
    "work": Listed(
        "Long work of one's own", _WORDS, ("what", "state", "when"), first="start something"
    ),
    "webhooks:list": Listed(
        "Webhooks", _WORDS, ("address", "organisation", "state"), first="add a webhook"
    ),
    "webhooks:detail": Listed(
        "Deliveries of a webhook",
        "state, kind",
        first="send a test",
        why_not="a log, newest first",
    ),
    "history:show": Listed(
        "History of a record",
        "who, what, days",
        first="what is changed is noted by itself",
        why_not="a trail, newest first",
    ),
    # Partnerships and their rooms.
    "partnerships:list": Listed(
        "Partnerships", "words, state", ("title", "state", "since"), first="propose one"
    ),
    "partnerships:history": Listed(
        "What happened in a partnership",
        "side, kind",
        ("when", "what"),
        first="what is done is noted by itself",
    ),
    "partnerships:sharing": Listed(
        "Access log of what is shared",
        "side, how",
        ("how", "of", "when"),
        first="share something",
    ),
    "partnerships:introduction-plan": Listed(
        "Proposed introductions",
        "words, state",
        file="partnerships:introduction-export?format={form}",
        first="work out a plan",
        why_not="the best set, the best fit first",
    ),
    "partnerships:goals": Listed(
        "Goals", _WORDS, ("title", "results", "reached", "due"), first="write the first objective"
    ),
    "partnerships:risks": Listed(
        "Risks", _WORDS, ("number", "title", "grade", "review"), first="note the first risk"
    ),
    "partnerships:exchange": Listed(
        "Give and take", _WORDS, ("what", "kind", "giver", "count", "day"), first="note something"
    ),
    "partnerships:advice": Listed(
        "Recommendations",
        "words, state, source, side",
        ("title", "state", "source", "pieces", "open", "written"),
        first="write one, or go to the health review",
    ),
    "meetings:catch-ups": Listed(
        "Catch-ups that were", _WORDS, ("title", "day", "how", "state"), first="plan a catch-up"
    ),
    # The desk, and introductions as members see them.
    "ambassadors:list": Listed(
        "Introductions by a desk",
        "words, state, who looks after it",
        ("member", "stakeholder", "state", "next"),
        first="note an introduction",
    ),
    "ambassadors:mandates": Listed(
        "Mandates", "words, state", ("member", "state", "asked", "until"), first="members ask"
    ),
    "ambassadors:missions": Listed(
        "Days of visits", _WORDS, ("on", "city", "person", "mode"), first="plan a day"
    ),
    "ambassadors:own": Listed(
        "Own introductions",
        "words, open or past",
        ("meeting", "changed"),
        first="ask the ambassador",
        who="a_member",
    ),
    # Events.
    "events:list": Listed(
        "Events",
        "words, partnership, state",
        ("title", "when", "place", "state", "participants"),
        "events:export?format={form}",
        "make the first event",
    ),
    "events:participants": Listed(
        "Participants",
        "words, group, field",
        ("organisation", "contact"),
        "events:participants-export?format={form}",
        "invite members",
    ),
    "events:answers": Listed(
        "Answers to an invitation",
        "words, group, field",
        ("organisation", "contact", "state"),
        "events:participants-export?format={form}",
        "invite members",
    ),
    "events:requests": Listed(
        "Whom one may ask for",
        "words, field, offer or need, mark",
        file="",
        first="the other side registers",
        why_not=_PRIVATE,
    ),
    # Assessments.
    "assessments:list": Listed(
        "Assessments",
        "words, state, market, who",
        ("title", "client", "market", "asked", "due"),
        first="offer a service",
    ),
    "assessments:own": Listed(
        "Own assessments",
        "words, going on or over",
        ("title", "client", "state", "asked", "due"),
        first="see what is offered",
        who="a_member",
    ),
    "assessments:catalogue": Listed(
        "Services",
        "words, state, question",
        ("name", "state", "question", "price", "days"),
        first="write the first service",
    ),
    "assessments:work": Listed(
        "Notes of an assessment",
        "words, kind",
        ("old", "title", "day", "amount"),
        first="note a source or a talk",
    ),
    "assessments:figures": Listed(
        "Figures",
        "words, source",
        ("title", "source", "brought", "cited"),
        first="fetch or bring a figure",
    ),
    "assessments:workload": Listed(
        "How much everyone on both sides has to do, and whether promised dates were met.",
        sorts=("name", "side", "open", "effort", "load", "due", "late", "kept"),
        first="name advisers",
        why_not="no search: a team is short",
    ),
    # Calls, bids, labels.
    "calls:list": Listed(
        "Calls",
        "words, state, programme, action, conditions, day",
        ("title", "closes", "budget"),
        first="note a call, or bring a file",
    ),
    "bids:list": Listed(
        "Bids", "words, state", ("title", "state", "closes"), first="begin one from a call"
    ),
    "bids:own-list": Listed(
        "Bids with one's organisation",
        sorts=("partner", "role", "state", "asked"),
        first="keep one's entry up to date",
        who="a_member",
        why_not="no search: few at a time",
    ),
    "bids:consortium": Listed(
        "Partners of a bid",
        sorts=("name", "country", "role"),
        file="partnerships:record-export?form={form}",
        first="name a partner, or search",
        why_not="no search: a consortium is short",
    ),
    "labels:applications": Listed(
        "Own applications",
        _WORDS,
        ("title", "organisation", "state", "closes"),
        first="begin one where a round is open",
        who="a_member",
    ),
    "labels:own-awards": Listed(
        "Own awards",
        _WORDS,
        ("title", "holder", "from", "until"),
        first="see one's applications",
        who="a_member",
    ),
    "labels:round-applications": Listed(
        "Applications of a round",
        "words, state, country",
        ("number", "title", "country", "submitted"),
        first="publish the round",
    ),
    "labels:awards": Listed(
        "Label awards",
        "words, state, level, country, year",
        ("title", "level", "country", "until"),
        "export/?form={form}",
        "decide a round",
    ),
    "labels:checkups": Listed(
        "Check-ups of a label",
        "words, state",
        ("project", "holder", "asked", "due", "answered"),
        first="ask a holder",
    ),
    # Studies.
    "research:studies": Listed(
        "Studies", "words, state", ("title", "state", "starts", "ends"), first="write a study"
    ),
    "research:advice": Listed(
        "Recommendations of a study",
        sorts=("title", "state", "pieces", "open", "written"),
        first="write a recommendation",
        why_not="no search: a study recommends few things",
    ),
    "research:fates": Listed(
        "What became of recommendations",
        "words, state, study, side",
        ("title", "study", "decided", "state", "open", "looked"),
        first="write a recommendation",
    ),
    "research:requests": Listed(
        "Requests for data",
        "words, state",
        ("who", "package", "asked", "state", "taken"),
        first="publish a package on request",
    ),
    "research:arrivals": Listed(
        "External studies",
        _WORDS,
        ("name", "state", "size", "brought"),
        first="bring an archive",
    ),
    "research:package-uses": Listed(
        "Who took a data package",
        "words, where",
        ("file", "where", "when"),
        "?form={form}",
        "who downloads stands here by itself",
    ),
    # Insight.
    "insight:network-organisations": Listed(
        "Organisations of a network",
        "words, country",
        ("name", "country"),
        first="share lists with a partner",
    ),
    "insight:needs": Listed(
        "Trends and needs",
        "words, what is missing",
        ("trend", "size", "needs", "calls"),
        first="note a trend",
    ),
    "insight:figure": Listed(
        "What a figure counts",
        sorts=("day",),
        first="what is measured comes by itself",
        why_not="its period narrows it",
    ),
}


def table() -> str:
    """Return the lists as the documentation tells of them."""
    lines = [
        "| List | Searched and narrowed by | Sorted by | File | Empty: what to do first | What it lacks, and why |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for key, one in sorted(LISTS.items(), key=lambda pair: pair[1].name):
        cells = (
            f"{one.name} (`{key}`)",
            one.narrows or "–",
            ", ".join(f"`{name}`" for name in one.sorts) or "–",
            "CSV, XLSX" if one.file else "–",
            one.first or "–",
            one.why_not or "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
