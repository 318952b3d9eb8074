"""What notices are about: each topic with its name, when it is told, and why one hears of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of thing that people are told.

    Attributes
    ----------
    name, label : str
    about : str
        What it tells of, in one sentence.
    why : str
        Why the reader gets it: stands in each mail.
    icon : str
        Of the sprite.
    way : str
        How it comes by mail as long as nobody has chosen: `now`, `daily`, `weekly` or `page`.
    ways : tuple of str
        How it can come.
    """

    name: str
    label: Any
    about: Any
    why: Any
    icon: str
    way: str = "now"
    ways: tuple[str, ...] = ("now", "daily", "weekly", "page")

    def nearest(self, way: str) -> str:
        """Return a way as this topic knows it: what cannot come at once comes once a day."""
        return way if way in self.ways else "daily"


TOPICS = (
    Topic(
        "meetings", _("Meetings and catch-ups"),
        _("Invitations, changes of time or place, answers, and what came of it."),
        _("You take part in this meeting, or you arranged it."), "calendar-event",
    ),
    Topic(
        "introductions", _("Introductions and the desk"),
        _("Who would like to meet you or your members, times to choose from, answers."),
        _("You are one of those to be introduced, or you work at the desk that does it."),
        "arrows-exchange",
    ),
    Topic(
        "partnerships", _("Partnerships"),
        _("Texts to sign, what a side has decided, reviews, tasks that are due."),
        _("You work for one of the clusters of this partnership."), "link",
    ),
    Topic(
        "events", _("Events"),
        _("Invitations, last days, your agenda and every change of it."),
        _("Your organisation is invited to this event, or takes part."), "calendar-time",
    ),
    Topic(
        "offers", _("Offers and needs"),
        _("What your adviser says of your texts, texts to read, days that end."),
        _("It is about a text of your organisation, or one that you look after."), "tag",
    ),
    Topic(
        "interest", _("Interest"),
        _("Who is interested in what you offer or need, and the answers."),
        _("It is about an offer or a need of your side."), "heart-handshake",
    ),
    Topic(
        "following", _("What you follow"),
        _("New and changed offers and needs of those whom you follow."),
        _("You follow it."), "bookmark", way="daily",
    ),
    Topic(
        "searches", _("Saved searches"),
        _("What your searches find anew."),
        _("You keep this search, and want to be told of what it finds."), "search", way="daily",
    ),
    Topic(
        "assessments", _("Market assessments"),
        _("Requests, briefs to sign, steps that are due, reports and remarks."),
        _("You asked for this assessment, or you work on it."), "chart-bar",
    ),
    Topic(
        "research", _("Research"),
        _("Studies, their data and publications, and who asks for them."),
        _("You take part in this study, or asked for its data."), "file-text",
    ),
    Topic(
        "bids", _("Calls and bids"),
        _("Calls that you watch, bids to answer or to sign, results."),
        _("You watch this call, or your organisation takes part in this bid."), "target",
    ),
    Topic(
        "labels", _("Labels and juries"),
        _("Applications, what waits for a jury, decisions and awards."),
        _("It is about your application or award, or you are in the jury."), "certificate",
    ),
    Topic(
        "figures", _("Figures of a quarter"),
        _("How your partnership stands when a quarter has ended."),
        _("You manage one of the two sides, or asked for it on the board."), "chart-bar",
    ),
    Topic(
        "work", _("Long work"),
        _("Work that you started, and that is ready or has failed."),
        _("You started this work."), "hourglass", way="page",
    ),
    Topic(
        "programs", _("Programs"),
        _("Programs of your organisation that do not answer any more."),
        _("You manage the organisation that keeps this program."), "settings",
    ),
    Topic(
        "week", _("Your week"),
        _("What waits for you, and which meetings come next, in one mail."),
        _("You have a seat on Proxeny."), "home", way="weekly", ways=("daily", "weekly", "page"),
    ),
)  # fmt: skip
TOPIC = {one.name: one for one in TOPICS}
