"""Addresses of notes, findings and recommendations."""

from django.urls import URLPattern, path

from proxeny.assessments.views import advising, findings, own_advice, work

ONE = "partnerships/<int:pk>/assessments/<int:engagement_id>"
NOTE = f"{ONE}/work/<int:note_id>"
FINDING = f"{ONE}/findings/<int:finding_id>"
ADVICE = f"{ONE}/advice/<int:advice_id>"
OWN = "assessments/<int:engagement_id>/advice"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}/work/", work.show, name="work"),
    path(f"{ONE}/work/add/", work.add, name="note-add"),
    path(f"{NOTE}/", work.edit, name="note-edit"),
    path(f"{NOTE}/drop/", work.drop, name="note-drop"),
    path(f"{NOTE}/restore/", work.restore, name="note-restore"),
    path(f"{ONE}/findings/", findings.show, name="findings"),
    path(f"{ONE}/findings/add/", findings.add, name="finding-add"),
    path(f"{FINDING}/", findings.edit, name="finding-edit"),
    path(f"{FINDING}/drop/", findings.drop, name="finding-drop"),
    path(f"{FINDING}/restore/", findings.restore, name="finding-restore"),
    path(f"{FINDING}/move/", findings.move, name="finding-move"),
    path(f"{FINDING}/sources/", findings.sources, name="finding-sources"),
    path(
        f"{FINDING}/sources/<int:source_id>/remove/", findings.remove_source,
        name="finding-source-remove",
    ),
    path(f"{ONE}/advice/add/", advising.add, name="advice-add"),
    path(f"{ADVICE}/", advising.edit, name="advice-edit"),
    path(f"{ADVICE}/drop/", advising.drop, name="advice-drop"),
    path(f"{ADVICE}/restore/", advising.restore, name="advice-restore"),
    path(f"{ADVICE}/propose/", advising.propose, name="advice-propose"),
    path(f"{ADVICE}/evidence/", advising.evidence, name="advice-evidence"),
    path(
        f"{ADVICE}/evidence/<int:evidence_id>/remove/", advising.remove_evidence,
        name="advice-evidence-remove",
    ),
    path(f"{OWN}/", own_advice.show, name="own-advice"),
    path(f"{OWN}/<int:advice_id>/", own_advice.show_one, name="own-advice-one"),
    path(f"{OWN}/<int:advice_id>/step/", own_advice.take_step, name="own-advice-step"),
]  # fmt: skip
