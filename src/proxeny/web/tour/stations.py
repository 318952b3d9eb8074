"""What the tour tells at each of its stations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Title and text of each station, by its code. Short: they stand at the foot of a phone.
TEXTS: dict[str, tuple[Any, Any]] = {
    "day": (
        _("This is your day"),
        _("What waits for you stands on top, each with its one button. What comes next and what "
          "changed stand below."),
    ),
    "directory": (
        _("Everyone you can bring together"),
        _("Your members and, where they agreed, those of your partners. Search by what they offer "
          "or need, in any language."),
    ),
    "room": (
        _("A room that two clusters share"),
        _("Both sides see the same goals, risks, money and texts here. What binds them, both sign."),
    ),
    "agenda": (
        _("An agenda made of wishes"),
        _("Members mark whom they want to meet. The best agenda for all of them is worked out here, "
          "with what it could not give."),
    ),
    "board": (
        _("What came of it"),
        _("From the first request to the agreement, counted alike on both sides: to read together, "
          "to print, to send."),
    ),
    "network": (
        _("Where your cluster stands"),
        _("All partnerships that you may see, as one network: who connects whom, and what a new "
          "partnership would add."),
    ),
    "desk": (
        _("Your desk"),
        _("Each introduction is a card on its way: asked, agreed, booked, met. The late ones stand "
          "first."),
    ),
    "mandates": (
        _("Members who asked you to act"),
        _("A member says what it looks for, and you say yes or no. From then on you speak for it "
          "abroad."),
    ),
    "visits": (
        _("A day of visits"),
        _("Choose whom to see; the best round through the city is worked out, and a briefing lies "
          "ready for each door."),
    ),
    "wanted": (
        _("Whom your members want to meet"),
        _("Their wishes of late, the most wanted first. An introduction begins here with one tap."),
    ),
    "report": (
        _("What your stay has brought"),
        _("One report, the same for both clusters. It also goes to whoever follows you at the desk."),
    ),
    "partners": (
        _("Partners who fit you"),
        _("We compare what you offer and need with everyone you may see, and say in your language "
          "why each one fits."),
    ),
    "wishes": (
        _("Mark whom you want to meet"),
        _("Gladly, perhaps, or rather not: one tap each. A “no” stays between you and us."),
    ),
    "my-agenda": (
        _("Your own agenda"),
        _("Who, when, at which table. It goes into your calendar too, and follows when something "
          "moves."),
    ),
    "outcome": (
        _("How did it go?"),
        _("One tap after a meeting, one after six months. So you both know what came of it."),
    ),
    "introductions": (
        _("Somebody who acts for you abroad"),
        _("Ask an ambassador to find the right people. You say yes to each introduction before "
          "anybody hears of it."),
    ),
    "assessments": (
        _("Market assessments at work"),
        _("Which company asks, who works on it on both sides, and which step is next."),
    ),
    "figures": (
        _("Figures with their source"),
        _("Asked of the statistical offices or brought by you. Each keeps where it came from, and "
          "tells when it is old."),
    ),
    "services": (
        _("What both clusters offer"),
        _("The services that members of both countries can ask for, with their terms."),
    ),
    "workload": (
        _("Who has how much to do"),
        _("Advisers of both sides, week by week, so that nobody promises what they cannot keep."),
    ),
    "juries": (
        _("What you judge"),
        _("The rounds that asked for you, with what is still to do, and until when."),
    ),
    "jury": (
        _("First you say where you are not free"),
        _("You see who applies, and step aside where you have a conflict of interest. Then your "
          "applications open."),
    ),
    "score": (
        _("One application at a time"),
        _("Each criterion says what its marks mean. What you write is kept while you write, and "
          "your scores stay yours until the jury talks."),
    ),
    "labels": (
        _("What a label means"),
        _("Rules and holders of each label, open to all. Whoever doubts an award can check it."),
    ),
    "verify": (
        _("Anyone can check it"),
        _("Give it an award’s code or file, and it says who signed it, and whether it still holds."),
    ),
    "events": (
        _("Where clusters meet"),
        _("Events that you may see, with day and place."),
    ),
    "alliances": (
        _("What partnerships show the world"),
        _("Pages that all their clusters have agreed to, down to the last word."),
    ),
    "studies": (
        _("Studies, open to all"),
        _("What was found, the data behind it, and how to cite both."),
    ),
}  # fmt: skip
