"""Addresses of notes, findings and recommendations."""

from django.urls import URLPattern, path

from proxeny.assessments.views import advising, findings, own_advice, records, work

ONE = "partnerships/<int:pk>/assessments/<int:engagement_id>"
NOTE = f"{ONE}/work/<int:record_id>"
FINDING = f"{ONE}/findings/<int:record_id>"
ADVICE = f"{ONE}/advice/<int:record_id>"
OWN = "assessments/<int:engagement_id>/advice"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}/work/", work.show, name="work"),
    path(f"{ONE}/work/add/", records.add, {"kind": "note"}, name="note-add"),
    path(f"{NOTE}/", records.edit_note, name="note-edit"),
    path(f"{NOTE}/drop/", records.drop, {"kind": "note"}, name="note-drop"),
    path(f"{NOTE}/restore/", records.restore, {"kind": "note"}, name="note-restore"),
    path(f"{ONE}/findings/", findings.show, name="findings"),
    path(f"{ONE}/findings/add/", records.add, {"kind": "finding"}, name="finding-add"),
    path(f"{FINDING}/", records.edit_finding, name="finding-edit"),
    path(f"{FINDING}/drop/", records.drop, {"kind": "finding"}, name="finding-drop"),
    path(f"{FINDING}/restore/", records.restore, {"kind": "finding"}, name="finding-restore"),
    path(f"{FINDING}/move/", findings.move, name="finding-move"),
    path(f"{FINDING}/sources/", findings.sources, name="finding-sources"),
    path(
        f"{FINDING}/sources/<int:source_id>/remove/",
        findings.remove_source,
        name="finding-source-remove",
    ),
    path(f"{ONE}/advice/add/", records.add, {"kind": "advice"}, name="advice-add"),
    path(f"{ADVICE}/", records.edit_advice, name="advice-edit"),
    path(f"{ADVICE}/drop/", records.drop, {"kind": "advice"}, name="advice-drop"),
    path(f"{ADVICE}/restore/", records.restore, {"kind": "advice"}, name="advice-restore"),
    path(f"{ADVICE}/propose/", advising.propose, name="advice-propose"),
    path(f"{ADVICE}/evidence/", advising.evidence, name="advice-evidence"),
    path(
        f"{ADVICE}/evidence/<int:evidence_id>/remove/",
        advising.remove_evidence,
        name="advice-evidence-remove",
    ),
    path(f"{OWN}/", own_advice.show, name="own-advice"),
    path(f"{OWN}/<int:advice_id>/", own_advice.show_one, name="own-advice-one"),
    path(f"{OWN}/<int:advice_id>/step/", own_advice.take_step, name="own-advice-step"),
]
