"""Every tenant table as everybody: how many of the crowd's rows each reader can read at all.

The table is the rule; the database is asked directly, in the role that serves pages.
"""

from django.db import DatabaseError, transaction

from proxeny.kernel.policies import tenant_models
from proxeny.labels.models import Score
from tests.access.routes import EVERYBODY

#: Rows seen, in the order of EVERYBODY. A table without a line fails the test.
SEEN = {
    #                               -  str  cM  cm  aJ  am  ao  aV  aA  aM  bm  bA  bM
    "accounts.Account": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "accounts.Person": "   0   1   5   1   1   1   1   6   9   9   1   9   9",
    "accounts.Seat": "   0   0   5   1   1   1   1   6   9   9   1   9   9",
    "accounts.Invitation": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "accounts.CalendarFeed": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "accounts.ApiToken": "   0   0   0   0   0   0   0   0   1   1   0   0   0",
    "notices.Notice": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "notices.Choice": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "notices.Hours": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "accounts.Erasure": "   0   0   0   0   0   0   0   0   1   1   0   0   0",
    "accounts.DataFile": "   0   0   0   0   0   0   0   0   1   0   0   0   0",
    "directory.Organisation": "   1   1   6   5   1   9   9  13  13  13   9  10  10",
    "directory.Membership": "   0   0   3   3   0   7   7   7   7   7   7   7   7",
    # Only that there is a row: what it says is hidden here, and read in a view.
    "directory.Details": "   0   0   4   1   0   1   1   1   1   8   1   1   4",
    "directory.Identifier": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "directory.ClusterProfile": "   0   0   1   0   0   1   1   1   1   1   1   1   1",
    "directory.DuplicatePair": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "directory.Merge": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "directory.Listing": "   0   0   1   0   0   6   3   4   4   6   3   3   3",
    "directory.ListingClient": "   0   0   0   0   0   1   0   1   1   1   0   0   0",
    "directory.Interest": "   0   0   0   0   0   1   0   1   1   1   2   2   2",
    "directory.MatchList": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "directory.MatchChoice": "   0   0   0   0   0   1   0   1   1   1   0   0   0",
    "directory.ProfileVector": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "directory.Project": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "directory.ProjectPart": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "directory.Term": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "directory.Follow": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "directory.SavedSearch": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "directory.MemberImport": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "events.GuestLink": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "directory.Acquaintance": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "directory.Word": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "partnerships.Partnership": "   0   0   1   0   0   1   1   2   2   2   1   1   1",
    "partnerships.Party": "   0   0   2   0   0   2   2   4   4   4   2   2   2",
    "partnerships.Agreement": "   0   0   1   0   0   2   0   6   6   6   0   5   5",
    "partnerships.SignOff": "   0   0   1   0   0   1   0   5   5   5   0   4   4",
    "partnerships.Signatory": "   0   0   0   0   0   2   0   2   2   2   0   2   2",
    "partnerships.Delegation": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Assessment": "   0   0   0   0   0   0   0   1   1   1   0   0   0",
    "partnerships.Activity": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "partnerships.Dependency": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Charge": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Action": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.FundingSource": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.FundingLine": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.ExchangeRate": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Objective": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.KeyResult": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Measurement": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Rhythm": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Favour": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.HealthReview": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.HealthAnswer": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "partnerships.Recommendation": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Evidence": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Placement": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Risk": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.SharingGrant": "   0   0   0   0   0   0   0   3   3   3   0   3   3",
    "partnerships.IntroductionPlan": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.ProposedIntroduction": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "partnerships.Interest": "   0   0   0   0   1   0   0   3   3   3   0   3   3",
    "assessments.Service": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "assessments.ServiceText": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "assessments.ServiceTeam": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "assessments.Engagement": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "assessments.Answer": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "assessments.Adviser": "   0   0   0   0   0   2   0   2   2   2   0   2   2",
    "assessments.Step": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "assessments.Figure": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "assessments.FigureVersion": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "assessments.Report": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "assessments.Remark": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "assessments.Later": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "assessments.Template": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "assessments.TemplateItem": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "assessments.Lesson": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "assessments.Note": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "assessments.Finding": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "assessments.FindingSource": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "research.Study": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.Contributor": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.WeighedRisk": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.Result": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.Package": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.PackageVersion": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.PackageFile": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.Upload": "   0   0   0   0   0   0   0   0   1   0   0   0   0",
    "research.Arrival": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    # What all sides let be seen is seen by everybody.
    "research.Publication": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "research.DataRequest": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.Use": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "research.AdviceReview": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "calls.Call": "   0   0   0   0   0   1   1   1   1   1   1   1   1",
    "calls.CallWatch": "   0   0   0   0   0   1   0   0   0   0   0   0   0",
    "calls.CallImport": "   0   0   0   0   0   0   0   1   1   1   0   0   0",
    "bids.Bid": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "bids.Stance": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "bids.Partner": "   0   0   0   0   0   1   0   2   2   2   0   2   2",
    "bids.Link": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "bids.WorkPackage": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "bids.PackageNeed": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "bids.Spending": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "bids.Paper": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "bids.PaperVersion": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "bids.Search": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "alliances.Page": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "alliances.PageVersion": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "meetings.Meeting": "   0   0   0   0   0   2   0   4   4   4   2   4   4",
    "meetings.MeetingParty": "   0   0   0   0   0   4   0   8   8   8   4   8   8",
    "meetings.CatchUp": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "meetings.CatchUpGuest": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "meetings.Decision": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "meetings.Rating": "   0   0   0   0   0   1   0   1   1   1   0   1   1",
    "ambassadors.Mandate": "   0   0   0   0   0   1   0   1   1   1   0   0   0",
    "ambassadors.Introduction": "   0   0   0   0   0   1   0   2   2   2   1   0   0",
    "ambassadors.Side": "   0   0   0   0   0   1   0   4   4   4   1   0   0",
    "ambassadors.TimeOption": "   0   0   0   0   0   1   0   1   1   1   1   0   0",
    "ambassadors.Note": "   0   0   0   0   0   0   0   1   1   1   0   0   0",
    "ambassadors.Link": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    # Of who works at the desk: they see each other's.
    "ambassadors.WorkingHours": "   0   0   0   0   0   0   0   0   1   1   0   0   0",
    "ambassadors.BusyTime": "   0   0   0   0   0   0   0   0   1   1   0   0   0",
    "ambassadors.Mission": "   0   0   0   0   0   0   0   1   1   1   0   0   0",
    "ambassadors.Stop": "   0   0   0   0   0   0   0   1   1   1   0   0   0",
    "events.Event": "   0   0   0   0   0   1   1   2   2   2   1   2   2",
    "events.Slot": "   0   0   0   0   0   6   6   6   6   6   6   6   6",
    "events.Table": "   0   0   0   0   0   3   3   3   3   3   3   3   3",
    "events.Group": "   0   0   0   0   0   2   2   2   2   2   2   2   2",
    "events.GroupRule": "   0   0   0   0   0   4   4   4   4   4   4   4   4",
    "events.Participation": "   0   0   0   0   0   6   6   7   7   7   6   7   7",
    "events.MeetingRequest": "   0   0   0   0   0   2   0   0   0   3   1   0   2",
    "events.AgendaRun": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "events.AgendaEntry": "   0   0   0   0   0   1   0   2   2   2   1   2   2",
    "labels.Scheme": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "labels.Criterion": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "labels.Indicator": "   0   0   0   0   0   0   0   3   3   3   0   3   3",
    "labels.Condition": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "labels.Level": "   0   0   0   0   0   0   0   2   2   2   0   2   2",
    "labels.Quota": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "labels.Wording": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "labels.SchemeVersion": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "labels.Round": "   2   2   2   2   2   2   2   2   2   2   2   2   2",
    "labels.Application": "   0   0   0   0   0   1   0   0   0   1   1   0   1",
    "labels.Answer": "   0   0   0   0   0   3   0   0   0   3   0   0   3",
    "labels.Submission": "   0   0   0   0   1   1   0   0   0   1   0   0   1",
    "labels.Document": "   0   0   0   0   1   1   0   0   0   1   0   0   1",
    "labels.Question": "   0   0   0   0   1   1   0   0   0   1   0   0   1",
    "labels.Juror": "   0   0   0   0   1   0   0   1   1   1   0   1   1",
    "labels.Assignment": "   0   0   0   0   1   0   0   0   0   1   0   0   1",
    "labels.Score": "   0   0   0   0   1   0   0   0   0   1   0   0   1",
    "labels.Remark": "   0   0   0   0   1   0   0   0   0   1   0   0   1",
    "labels.Decision": "   0   0   0   0   0   0   0   0   0   1   0   0   1",
    "labels.Result": "   0   0   0   0   1   1   0   0   0   1   0   0   1",
    "labels.Appeal": "   0   0   0   0   0   1   0   0   0   1   0   0   1",
    "labels.IssuerKey": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "labels.StatusList": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "labels.Award": "   1   1   1   1   1   1   1   1   1   1   1   1   1",
    "labels.Revocation": "   0   0   0   0   0   0   0   0   0   1   0   0   1",
    "labels.Checkup": "   0   0   0   0   0   1   0   0   0   1   0   0   1",
    # Each side has its own.
    "insight.Snapshot": "   0   0   0   0   0   0   0   3   3   3   0   2   2",
    "insight.Trend": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "insight.TrendEvidence": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "insight.TrendView": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    "insight.DigestChoice": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "webhooks.Webhook": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "webhooks.WebhookDelivery": "   0   0   0   0   0   0   0   0   0   1   0   0   0",
    "kernel.AuditEntry": "   0   0   0   0   0   0   0   1   1   1   0   1   1",
    # One of them works for a room: its teams see that.
    "kernel.Job": "   0   0   0   0   0   0   0   1   1   3   0   1   1",
    "kernel.ApiCall": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "kernel.RateWindow": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "kernel.AuditLink": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "kernel.ReceivedMail": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "kernel.Mail": "   -   -   -   -   -   -   -   -   -   -   -   -   -",
    "kernel.StoredFile": "   0   0   0   0   0   0   0   1   1   2   0   1   1",
}


def _seen(model) -> str:
    try:
        with transaction.atomic():
            return str(model._base_manager.count())
    except DatabaseError:
        return "-"


def test_every_table_shows_each_reader_just_its_rows(crowd, reading):
    people = crowd.people()
    found: dict[str, list[str]] = {model._meta.label: [] for model, _ in tenant_models()}
    for name in EVERYBODY:
        with reading(people[name]):
            for model, _ in tenant_models():
                found[model._meta.label].append(_seen(model))
    wanted = {label: line.split() for label, line in SEEN.items()}
    differing = {
        label: (seen, wanted.get(label))
        for label, seen in found.items()
        if seen != wanted.get(label)
    }
    assert differing == {}, "\n".join(
        f"{k}: saw {v[0]} declared {v[1]}" for k, v in differing.items()
    )
    assert set(found) == set(wanted)


def test_no_reader_without_a_seat_writes_anywhere(crowd, reading):
    for name in ("nobody", "stranger", "c_member", "a_juror"):
        person = crowd.people()[name]
        tried = [
            model
            for model, tenancy in tenant_models()
            if model.__name__ not in {"Person", "Organisation", "Details"}
            and tenancy.read
            # A juror scores; `tests/labels` tries whose, and until when.
            and not (name == "a_juror" and model is Score)
        ]
        before = {model: model._base_manager.count() for model in tried}
        with reading(person):
            changed = {
                (model._meta.label, command): _changed(model, command)
                for model in tried
                for command in ("update", "delete")
            }
        assert {one: count for one, count in changed.items() if count} == {}, name
        assert {model: model._base_manager.count() for model in tried} == before


def _changed(model, command: str) -> int:
    try:
        with transaction.atomic():
            rows = model._base_manager.all()
            if command == "delete":
                return rows.delete()[0]
            return rows.update(**{model._meta.pk.name: -1})
    except DatabaseError:
        return 0
