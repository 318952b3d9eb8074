"""Addresses of reports, remarks, and what came of them."""

from django.urls import URLPattern, path

from proxeny.assessments.views import (
    follow_up,
    hand_overs,
    outcomes,
    own_reports,
    remarks,
    reports,
)

_ROOM = "partnerships/<int:pk>/assessments/"
_ONE = f"{_ROOM}<int:engagement_id>/report/"
_OWN = "assessments/<int:engagement_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{_ROOM}outcomes/", outcomes.show, name="outcomes"),
    path(_ONE, reports.show, name="report"),
    path(f"{_ONE}summary/", reports.edit_summary, name="report-summary"),
    path(f"{_ONE}give/", reports.give, name="report-give"),
    path(f"{_ONE}pdf/", reports.take, name="report-pdf"),
    path(f"{_ONE}remarks/", remarks.write, name="remark"),
    path(f"{_ONE}remarks/<int:remark_id>/settle/", remarks.settle, name="remark-settle"),
    path(f"{_ONE}hand-over/", hand_overs.arrange, name="hand-over"),
    path(f"{_ONE}hand-over/off/", hand_overs.call_off, name="hand-over-off"),
    path(f"{_ONE}hand-over/held/", hand_overs.note_held, name="hand-over-held"),
    path(f"{_ONE}hand-over/without/", hand_overs.go_without, name="hand-over-without"),
    # A company's own.
    path(f"{_OWN}report/", own_reports.show, name="own-report"),
    path(f"{_OWN}report/pdf/", own_reports.take, name="own-report-pdf"),
    path(f"{_OWN}report/remarks/", remarks.write_own, name="own-remark"),
    path(
        f"{_OWN}report/remarks/<int:remark_id>/settle/",
        remarks.settle_own,
        name="own-remark-settle",
    ),
    path(f"{_OWN}later/", follow_up.answer, name="own-later"),
]
