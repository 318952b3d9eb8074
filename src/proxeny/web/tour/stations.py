"""The texts of the tour's stations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Title and text of each station, by its code. Short: they stand at the foot of a phone.
TEXTS: dict[str, tuple[Any, Any]] = {
    "day": (
        _("This is your day"),
        _(
            "What’s waiting for you is at the top, each item with a single button. What’s next "
            "and what has changed are below."
        ),
    ),
    "directory": (
        _("Everyone you can bring together"),
        _(
            "Your members and, where they’ve agreed, your partners’ members. Search by what they "
            "offer or need, in any language."
        ),
    ),
    "room": (
        _("A room that two clusters share"),
        _(
            "Both sides see the same goals, risks, money and texts here. Anything binding is "
            "signed by both."
        ),
    ),
    "agenda": (
        _("An agenda built from meeting requests"),
        _(
            "Members mark who they want to meet. The best agenda for everyone is calculated "
            "here, along with the requests it couldn’t meet."
        ),
    ),
    "board": (
        _("Outcomes"),
        _(
            "From the first request to the agreement, counted the same way for both sides: to "
            "read together, print and send."
        ),
    ),
    "network": (
        _("Where your cluster stands"),
        _(
            "All the partnerships you can see, as one network: who connects whom, and what a new "
            "partnership would add."
        ),
    ),
    "desk": (
        _("Your desk"),
        _(
            "Each introduction is a card that moves through its stages: requested, agreed, "
            "booked, met. Overdue ones come first."
        ),
    ),
    "mandates": (
        _("Members who’ve asked you to act for them"),
        _(
            "A member says what they’re looking for, and you accept or decline. From then on, "
            "you represent them abroad."
        ),
    ),
    "visits": (
        _("A day of visits"),
        _(
            "Choose who to visit. The best route through the city is calculated, and a briefing "
            "is ready for each stop."
        ),
    ),
    "wanted": (
        _("Who your members want to meet"),
        _("Their recent requests, the most wanted first. Start an introduction with one tap."),
    ),
    "report": (
        _("Outcomes of your stay"),
        _("One report, the same for both clusters. It also goes to whoever takes over your desk."),
    ),
    "partners": (
        _("Partners who suit you"),
        _(
            "We compare what you offer and need with everyone you can see, and explain in your "
            "language why each one fits."
        ),
    ),
    "wishes": (
        _("Mark who you want to meet"),
        _("Gladly, perhaps or rather not: one tap each. A “no” stays between you and us."),
    ),
    "my-agenda": (
        _("Your own agenda"),
        _(
            "Who, when and at which table. It also goes into your calendar and updates when "
            "something changes."
        ),
    ),
    "outcome": (
        _("How did it go?"),
        _("One tap after a meeting, another after six months, so you both know what came of it."),
    ),
    "introductions": (
        _("Someone who acts for you abroad"),
        _(
            "Ask an ambassador to find the right people. You approve each introduction before "
            "anyone hears about it."
        ),
    ),
    "assessments": (
        _("Market assessments in progress"),
        _("Which company is asking, who works on it on each side, and what the next step is."),
    ),
    "figures": (
        _("Figures with their source"),
        _(
            "Requested from statistical offices or added by you. Each keeps its source and shows "
            "when it’s out of date."
        ),
    ),
    "services": (
        _("What both clusters offer"),
        _("The services that members in both countries can ask for, with their terms."),
    ),
    "workload": (
        _("Everyone’s workload"),
        _(
            "Advisers on both sides, week by week, so that no one promises more than they can "
            "deliver."
        ),
    ),
    "juries": (
        _("Your juries"),
        _("The rounds you’ve been asked to judge, with what’s left to do and by when."),
    ),
    "jury": (
        _("First, declare any conflicts of interest"),
        _(
            "You see who’s applying, and step aside where you have a conflict of interest. Your "
            "applications then open."
        ),
    ),
    "score": (
        _("One application at a time"),
        _(
            "Each criterion explains what its marks mean. What you write is saved as you go, and "
            "your scores stay private until the jury deliberates."
        ),
    ),
    "labels": (
        _("What a label means"),
        _("Rules and holders of each label, open to all. Anyone who doubts an award can check it."),
    ),
    "verify": (
        _("Anyone can check it"),
        _(
            "Enter an award’s code or upload its file to see who signed it and whether it’s "
            "still valid."
        ),
    ),
    "events": (
        _("Where clusters meet"),
        _("Events you can see, with date and place."),
    ),
    "alliances": (
        _("What partnerships show the world"),
        _("Pages that all their clusters have agreed on, down to the last word."),
    ),
    "studies": (
        _("Studies, open to all"),
        _("What was found, the data behind it, and how to cite both."),
    ),
}
