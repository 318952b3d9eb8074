"""Who signs beside the parties: any number of organisations; letters of intent and bids."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("text", "Agreement"), ("stage", "Next stage"), ("risk", "Acceptance of a risk"),
    ("exit", "Plan for the exit"), ("joining", "A party joins"), ("service", "Terms of a service"),
    ("brief", "Brief of an assessment"), ("study", "Publication of a study"),
    ("letter", "Letter of intent"), ("bid", "Bid for a call"),
]
ORIGINS = [
    ("room", "In the room"), ("plan", "In the plan"), ("risk", "For a risk"),
    ("catch-up", "At a catch-up"), ("advice", "For a recommendation"), ("study", "For a study"),
    ("bid", "For a bid"),
]
# Row-level security is forced on the owner, who migrates. A table that was made just now has none yet.
_OLD = ("partnerships_agreement", "partnerships_signoff")
_OPEN = "".join(f"ALTER TABLE {one} NO FORCE ROW LEVEL SECURITY;" for one in _OLD)
_CLOSE = "".join(f"ALTER TABLE {one} FORCE ROW LEVEL SECURITY;" for one in _OLD)
_OPEN_NEW = "ALTER TABLE partnerships_signatory NO FORCE ROW LEVEL SECURITY;"
FORWARD = """
INSERT INTO partnerships_signatory (agreement_id, organisation_id)
SELECT id, client_id FROM partnerships_agreement WHERE client_id IS NOT NULL;
UPDATE partnerships_signoff s SET organisation_id = a.client_id
FROM partnerships_agreement a WHERE a.id = s.agreement_id AND s.party_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACKWARD = """
UPDATE partnerships_agreement a SET client_id = s.organisation_id
FROM partnerships_signatory s WHERE s.agreement_id = a.id AND a.kind NOT IN ('letter', 'bid');
DELETE FROM partnerships_signoff s USING partnerships_agreement a
WHERE a.id = s.agreement_id AND a.kind IN ('letter', 'bid');
DELETE FROM partnerships_signatory;
DELETE FROM partnerships_agreement WHERE kind IN ('letter', 'bid');
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_acquaintances"),
        ("partnerships", "0008_research_kinds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="action",
            name="origin",
            field=models.CharField(choices=ORIGINS, default="room", max_length=8),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="kind",
            field=models.CharField(choices=KINDS, default="text", max_length=8),
        ),
        migrations.CreateModel(
            name="Signatory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatories",
                        to="partnerships.agreement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "signatories",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "organisation"), name="signatory_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="signoff",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.organisation",
            ),
        ),
        migrations.RunSQL(_OPEN + FORWARD + _CLOSE, _OPEN + _OPEN_NEW + BACKWARD + _CLOSE),
        migrations.RemoveConstraint(model_name="signoff", name="signed_once"),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(
                fields=["agreement", "party", "organisation"],
                name="signed_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("organisation__isnull", False), ("party", None))
                | models.Q(("organisation", None), ("party__isnull", False)),
                name="signed_for_one",
            ),
        ),
        migrations.RemoveField(model_name="agreement", name="client"),
    ]
