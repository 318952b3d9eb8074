"""Topics of notifications: each with its name, its occasions, and the reason for receiving it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of notifications.

    Attributes
    ----------
    name, label : str
    about : str
        Its subject, in one sentence.
    why : str
        The reason for receiving it, shown in each mail.
    icon : str
        An icon of the sprite.
    way : str
        Default delivery: `now`, `daily`, `weekly` or `page`.
    ways : tuple of str
        Deliveries to choose from.
    """

    name: str
    label: Any
    about: Any
    why: Any
    icon: str
    way: str = "now"
    ways: tuple[str, ...] = ("now", "daily", "weekly", "page")

    def nearest(self, way: str) -> str:
        """Return the closest delivery that the topic allows: daily where none matches."""
        return way if way in self.ways else "daily"


TOPICS = (
    Topic(
        "meetings",
        _("Meetings and catch-ups"),
        _("Invitations, changes of time or place, answers and outcomes."),
        _("You take part in this meeting or you arranged it."),
        "calendar-event",
    ),
    Topic(
        "introductions",
        _("Introductions and the ambassador’s desk"),
        _("People who would like to meet you or your members, times to choose from, and answers."),
        _("You’re one of the people being introduced, or you work at the desk arranging it."),
        "arrows-exchange",
    ),
    Topic(
        "partnerships",
        _("Partnerships"),
        _("Texts to sign, decisions by a side, reviews and tasks that are due."),
        _("You work for one of the clusters of this partnership."),
        "link",
    ),
    Topic(
        "events",
        _("Events"),
        _("Invitations, deadlines, your agenda and any changes to it."),
        _("Your organisation has been invited to this event or takes part in it."),
        "calendar-time",
    ),
    Topic(
        "offers",
        _("Offers and needs"),
        _("Your adviser’s comments on your texts, texts to read and expiry dates."),
        _("It’s about a text of your organisation’s, or one you look after."),
        "tag",
    ),
    Topic(
        "interest",
        _("Interest"),
        _("Interest in what you offer or need, and the answers."),
        _("It’s about an offer or need of your side’s."),
        "heart-handshake",
    ),
    Topic(
        "following",
        _("What you follow"),
        _("New and changed offers and needs from those you follow."),
        _("You follow it."),
        "bookmark",
        way="daily",
    ),
    Topic(
        "searches",
        _("Saved searches"),
        _("New results from your saved searches."),
        _("You saved this search and asked to be notified of new results."),
        "search",
        way="daily",
    ),
    Topic(
        "assessments",
        _("Market assessments"),
        _("Requests, briefs to sign, steps that are due, reports and remarks."),
        _("You requested this assessment or you work on it."),
        "chart-bar",
    ),
    Topic(
        "research",
        _("Research"),
        _("Studies, their data and publications, and requests for them."),
        _("You take part in this study or requested its data."),
        "file-text",
    ),
    Topic(
        "bids",
        _("Calls and bids"),
        _("Calls you follow, bids to answer or sign, and results."),
        _("You follow this call, or your organisation takes part in this bid."),
        "target",
    ),
    Topic(
        "labels",
        _("Labels and juries"),
        _("Applications, tasks for juries, decisions and awards."),
        _("It’s about your application or award, or you’re on the jury."),
        "certificate",
    ),
    Topic(
        "figures",
        _("Quarterly figures"),
        _("How your partnership is doing at the end of each quarter."),
        _("You manage one of the two sides, or you asked for this on the board."),
        "chart-bar",
    ),
    Topic(
        "work",
        _("Background tasks"),
        _("Tasks you started that have finished or failed."),
        _("You started this task."),
        "hourglass",
        way="page",
    ),
    Topic(
        "programs",
        _("Programs"),
        _("Programs of your organisation that no longer respond."),
        _("You manage the organisation this program belongs to."),
        "settings",
    ),
    Topic(
        "week",
        _("Your week"),
        _("What’s waiting for you and your next meetings, in one email."),
        _("You have a role on Proxeny."),
        "home",
        way="weekly",
        ways=("daily", "weekly", "page"),
    ),
)
TOPIC = {one.name: one for one in TOPICS}
