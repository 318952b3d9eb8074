"""The label of one demo partnership: its scheme, three rounds, and the applicants."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from proxeny.demo.guests import Guest, GuestBook
from proxeny.demo.in_room import InRoom
from proxeny.demo.label_jury import Jury
from proxeny.demo.label_life import Life
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.composing import TEXTS, key_of, text_key
from proxeny.labels.models import Scheme
from proxeny.labels.operations.applying import begin_application, save_fields
from proxeny.labels.operations.documents import bring_document
from proxeny.labels.operations.eligibility import note_eligibility
from proxeny.labels.operations.keys import make_key
from proxeny.labels.operations.publishing import ask_scheme, prepare
from proxeny.labels.operations.questions import answer_question, ask_applicant
from proxeny.labels.operations.rounds import begin_judging, publish_round
from proxeny.labels.operations.submitting import submit_application, withdraw_application
from proxeny.labels.operations.wording import Wanted, write_texts
from proxeny.labels.queries.schemes import get_scheme, read_parts, versions_of
from proxeny.labels.scheme_texts import hash_of
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.signing import sign_text

type Told = Mapping[str, Any]


def build_labels(world: World, guests: GuestBook) -> None:
    """Give a label in two rounds, one of them decided; one can apply in a third."""
    content = read_content("labels")
    label = _Label(world, guests, content)
    label.publish()
    for told in content["rounds"]:
        label.live(told)
    label.awards()
    with acting_as(SERVICE):
        # The lists were signed at the start; the site checks them again as soon as it runs.
        Job.objects.filter(kind="labels.sign-lists").update(
            state=Job.State.DONE, finished_at=world.moment(content["keys"])
        )
    world.say(f"  A label of two clusters, in {len(content['rounds'])} rounds")


class _Label(InRoom):
    """The two sides, and the applicants."""

    def __init__(self, world: World, guests: GuestBook, content: Told) -> None:
        super().__init__(world, content["partnership"])
        self.guests, self.content = guests, content
        self.scheme = 0
        #: Applications of a round in the order of the content, with their applicants.
        self.applied: dict[str, list[tuple[int, Guest]]] = {}
        self.rounds: dict[str, int] = {}
        self.jury = Jury(self, content)

    # The scheme

    def publish(self) -> None:
        """Make both keys, write the label in its languages, and have both sides sign it."""
        told = self.content["scheme"]
        for side in "ab":
            cluster = self.sides[side]
            self.deed(
                cluster.manager_id, self.content["keys"], make_key, organisation_id=cluster.id
            )
        words = self.write(told)
        for language in told["languages"].split():
            if language != told["language"]:
                self.translate(words, language)
        with acting_as(SERVICE):
            scheme = get_scheme(self.pk, self.scheme)
            seen = prepare(read_parts(scheme), self.joined(), list(versions_of(scheme))).checksum
        text = self.act("a", told["put"], ask_scheme, scheme_id=self.scheme, seen=seen)
        self.act("b", told["signed"], sign_text, agreement_id=text.pk, text_hash=text.text_hash)

    def write(self, told: Told) -> list[tuple[Any, Told]]:
        """Write the scheme and its parts; return each with its texts by language."""
        guide, days = self.content["guide"], told["written"]
        values = {
            key: told[key]["en"] if isinstance(told[key], dict) else told[key]
            for key in told
            if key not in ("written", "put", "signed")
        }
        made = self.add("a", days, "scheme", **values)
        self.scheme = made.pk
        words = [(made, told)]
        part = partial(self.part, words, days)
        for number, one in enumerate(self.content["conditions"], 1):
            part("label-condition", one, number=number)
        for number, one in enumerate(self.content["criteria"], 1):
            criterion = part(
                "label-criterion", one, number=number, weight=one["weight"], least=one["least"]
            )
            for place, each in enumerate(one["indicators"], 1):
                part(
                    "label-indicator",
                    {**each, "guide": guide},
                    number=place,
                    criterion=criterion.pk,
                    least=each.get("least"),
                )
        for number, one in enumerate(self.content["levels"], 1):
            part("label-level", one, number=number, least=one["least"])
        for number, one in enumerate(self.content["quotas"], 1):
            part("label-quota", one, number=number, least=one["least"], countries=one["countries"])
        return words

    def part(
        self, words: list[tuple[Any, Told]], days: int, kind: str, told: Told, /, **values: Any
    ) -> Any:
        """Write a part of the scheme, each in turn by the other side."""
        texts = {key: one["en"] for key, one in told.items() if isinstance(one, dict)}
        who = "ab"[len(words) % 2]
        made = self.add(who, days, kind, scheme=self.scheme, **texts, **values)
        words.append((made, told))
        return made

    def translate(self, words: list[tuple[Any, Told]], language: str) -> None:
        """Write all texts in another language: French by those of Paris, the others by Athens."""
        texts = [
            Wanted(text_key(made, name), told[name][language], hash_of(getattr(made, name)))
            for made, told in words
            for name in TEXTS[type(made)]
            if language in told.get(name, {})
        ]
        self.act(
            "b" if language == "fr" else "a",
            self.content["scheme"]["written"] + 1,
            write_texts,
            scheme_id=self.scheme,
            language=language,
            texts=texts,
        )

    def joined(self) -> list[Party]:
        """Return the parties, as the service."""
        found = Party.objects.filter(partnership_id=self.pk).select_related("organisation")
        return list(found.order_by("side"))

    # Rounds

    def live(self, told: Told) -> None:
        """Live through one round as far as it has come."""
        held = self.add(
            "a",
            told["planned"],
            "label-round",
            scheme=self.scheme,
            title=told["title"],
            opens_at=self.world.moment(told["opens"], 6),
            closes_at=self.world.moment(told["closes"], 15),
            zone="Europe/Athens",
            places=told["places"],
            decides_on=self.day(told["decides"]),
        ).pk
        self.rounds[told["key"]] = held
        self.act("b", told["published"], publish_round, round_id=held)
        if "asked" in told:
            self.jury.ask(held, told)
        self.applied[told["key"]] = [
            self.apply(held, told, place, one) for place, one in enumerate(told["applications"], 1)
        ]
        if "judged" not in told:
            return
        self.act("a", told["judged"], begin_judging, round_id=held)
        self.look(held, told)
        self.jury.live(held, told, self.applied[told["key"]])

    def apply(self, held: int, told: Told, place: int, one: Told) -> tuple[int, Guest]:
        """Let somebody apply: as a draft, handed in, or withdrawn."""
        slug, key = one["by"]
        guest = self.find(slug, key)
        days = told["opens"] + place
        deed = partial(self.deed, guest.person_id)
        pk = deed(
            days,
            begin_application,
            round_id=held,
            organisation_id=guest.organisation_id,
            title=one["title"],
        ).pk
        with acting_as(SERVICE):
            parts = read_parts(Scheme.objects.get(pk=self.scheme))
        values = {
            "summary": one["summary"],
            "topics": one["topics"],
            "website": guest.member.website,
        }
        for indicator, points, answer in zip(
            parts.indicators, one["points"], one["answers"], strict=False
        ):
            values[f"text_{key_of(indicator)}"] = answer
            values[f"points_{key_of(indicator)}"] = str(points)
        is_draft = one.get("draft", False)
        for condition in parts.conditions[: 1 if is_draft else None]:
            values[f"confirmed_{key_of(condition)}"] = "yes"
        deed(days, save_fields, application_id=pk, values=values, hour=11)
        if "document" in one:
            deed(
                days,
                bring_document,
                application_id=pk,
                indicator="",
                name=one["document"],
                content=one["document_text"].encode(),
                hour=12,
            )
        if not is_draft:
            deed(days, submit_application, application_id=pk, hour=14)
        if "withdrawn" in one:
            deed(one["withdrawn"], withdraw_application, application_id=pk)
        return pk, guest

    def look(self, held: int, told: Told) -> None:
        """Check the eligibility of applicants, and ask them for clarification."""
        for (pk, guest), one in zip(self.applied[told["key"]], told["applications"], strict=True):
            if "withdrawn" in one:
                continue
            self.act(
                "b",
                told["judged"],
                note_eligibility,
                hour=11,
                round_id=held,
                application_id=pk,
                eligible="out" not in one,
                why=one.get("out", ""),
            )
            if "question" not in one:
                continue
            asked = self.act(
                "a",
                told["judged"] + 3,
                ask_applicant,
                round_id=held,
                application_id=pk,
                text=one["question"],
            )
            if "question_answer" in one:
                self.deed(
                    guest.person_id,
                    told["judged"] + 4,
                    answer_question,
                    application_id=pk,
                    question_id=asked.pk,
                    answer=one["question_answer"],
                )

    def find(self, slug: str, key: str) -> Guest:
        """Return the representative of a cluster's member."""
        for pk, member in self.world.sides[slug].members:
            if member.slug == key:
                return self.guests.guest(slug, pk)
        raise KeyError(key)

    def awards(self) -> None:
        """Award the winners of the first round, and go through what follows."""
        Life(self, self.content["life"]).live(self.rounds["first"], self.applied["first"])
