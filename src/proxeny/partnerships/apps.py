"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    """Partnerships: parties, agreement and sign-off, sharing."""

    name = "proxeny.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """Say how its deeds read in a history, and watch what is read of what is shared; matching
        learns which introductions were kept."""
        from proxeny.notices.deadlines import show_deadlines_of
        from proxeny.partnerships.deadlines import find_deadlines

        show_deadlines_of(find_deadlines)
        from proxeny.directory.operations.profiles import know_liking
        from proxeny.directory.operations.reading import watch_reading
        from proxeny.directory.pointers import Doubled, Pointer, point
        from proxeny.partnerships import record_trails
        from proxeny.partnerships.history import teach
        from proxeny.partnerships.introduction_queries import pairs_judged
        from proxeny.partnerships.operations.reading import ReadingWatch

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
            Pointer("partnerships.Party",
                    sentence=_("Both are parties of %(names)s."), named_by="partnership__title"),
            Pointer("partnerships.SharingGrant",
                    sentence=_("Both share with %(names)s. Stop one of the two first."),
                    named_by="partnership__title"),
            Pointer("partnerships.SharingGrant", "member",
                    sentence=_("Both are shared with %(names)s. Stop one of the two first."),
                    named_by="partnership__title"),
            Pointer("partnerships.Signatory", doubled=Doubled.LEAVE),
            Pointer("partnerships.SignOff", doubled=Doubled.LEAVE),
            Pointer("partnerships.Recommendation"),
        )  # fmt: skip
        watch_reading(ReadingWatch())
        know_liking(pairs_judged, own_word=False)
