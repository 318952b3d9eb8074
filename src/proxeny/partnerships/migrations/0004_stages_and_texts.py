"""Stages of a partnership, parties that join and leave, and texts of every kind that all sign."""

import django.db.models.deletion
from django.db import migrations, models

# Row-level security is forced on the owner, who migrates.
_TABLES = ("partnership", "party", "agreement", "signoff")
_OPEN = ";".join(f"ALTER TABLE partnerships_{one} NO FORCE ROW LEVEL SECURITY" for one in _TABLES)
_CLOSE = ";".join(f"ALTER TABLE partnerships_{one} FORCE ROW LEVEL SECURITY" for one in _TABLES)
# What was signed before stands where a signature brings it: at the beginning of the plan.
_STAGES = """
UPDATE partnerships_partnership SET
    stage = CASE state WHEN 'proposed' THEN 'knowledge' WHEN 'active' THEN 'selection'
        WHEN 'ended' THEN 'exit' ELSE 'awareness' END,
    stage_since = COALESCE(CASE state WHEN 'ended' THEN ends_on END, starts_on, created_at::date)
"""
_SIGNED = """
UPDATE partnerships_agreement a SET completed_at = s.at
FROM (SELECT agreement_id, count(*) AS signed, max(signed_at) AS at
      FROM partnerships_signoff GROUP BY agreement_id) s
WHERE s.agreement_id = a.id AND s.signed =
    (SELECT count(*) FROM partnerships_party p WHERE p.partnership_id = a.partnership_id)
"""
# The way back keeps what was there before: agreements, and parties that take part.
_BACK = """
DELETE FROM partnerships_signoff WHERE agreement_id IN
    (SELECT id FROM partnerships_agreement WHERE kind <> 'text')
    OR party_id IN (SELECT id FROM partnerships_party WHERE state <> 'joined');
DELETE FROM partnerships_agreement WHERE kind <> 'text';
DELETE FROM partnerships_party WHERE state <> 'joined';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0009_marks_in_the_row'),
        ('partnerships', '0003_introductions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brings', models.TextField(blank=True, max_length=4000, verbose_name='What we bring')),
                ('needs', models.TextField(blank=True, max_length=4000, verbose_name='What we need from the other side')),
                ('limits', models.TextField(blank=True, max_length=4000, verbose_name='What we will not do')),
                ('doubts', models.TextField(blank=True, max_length=4000, verbose_name='What makes us hesitate')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='agreement',
            name='agreement_number_once',
        ),
        migrations.AddField(
            model_name='agreement',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='closed_why',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='agreement',
            name='completed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='kind',
            field=models.CharField(choices=[('text', 'Agreement'), ('stage', 'Next stage'), ('risk', 'Acceptance of a risk'), ('exit', 'Exit plan'), ('joining', 'New party joining')], default='text', max_length=8),
        ),
        migrations.AddField(
            model_name='agreement',
            name='subject',
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddField(
            model_name='partnership',
            name='currency',
            field=models.CharField(default='EUR', max_length=3),
        ),
        migrations.AddField(
            model_name='partnership',
            name='stage',
            field=models.CharField(choices=[('awareness', 'Awareness'), ('knowledge', 'Getting to know each other'), ('assessment', 'Internal assessment'), ('selection', 'Planning together'), ('working', 'Working together'), ('value', 'Creating value'), ('staying', 'Staying together'), ('exit', 'Exit')], default='awareness', max_length=10),
        ),
        migrations.AddField(
            model_name='partnership',
            name='stage_since',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='party',
            name='assessed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='party',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='party',
            name='left_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='party',
            name='state',
            field=models.CharField(choices=[('invited', 'Invited'), ('joined', 'Joined'), ('left', 'Has left')], default='joined', max_length=7),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('partnership', 'kind', 'subject', 'number'), name='agreement_number_once'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('partnership', 'organisation'), name='assessment_once'),
        ),
        migrations.RunSQL([_OPEN, _STAGES, _SIGNED, _CLOSE], [_OPEN, _BACK, _CLOSE]),
    ]
