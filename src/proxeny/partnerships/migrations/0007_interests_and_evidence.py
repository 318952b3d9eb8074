"""Declarations of interest, briefs that a client signs, and evidence that leads to its record."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0010_acquaintances'),
        ('partnerships', '0006_placements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('assessment', 'Market assessment')], max_length=12)),
                ('subject_id', models.BigIntegerField()),
                ('conflicts', models.BooleanField(verbose_name='a conflict of interest')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('said_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='signoff',
            name='signed_once',
        ),
        migrations.AddField(
            model_name='agreement',
            name='client',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='place',
            field=models.CharField(blank=True, max_length=120, verbose_name='where in the source'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='target',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='evidence',
            name='target_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='company'),
        ),
        migrations.AlterField(
            model_name='agreement',
            name='kind',
            field=models.CharField(choices=[('text', 'Agreement'), ('stage', 'Next stage'), ('risk', 'Acceptance of a risk'), ('exit', 'Exit plan'), ('joining', 'New party joining'), ('service', 'Terms of a service'), ('brief', 'Assessment brief')], default='text', max_length=8),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='kind',
            field=models.CharField(choices=[('answer', 'Answers of a health review'), ('figure', 'A figure'), ('meeting', 'A meeting'), ('document', 'A document'), ('data', 'A data package'), ('finding', 'A finding'), ('interview', 'An interview')], max_length=9, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='recommendation',
            name='addressee',
            field=models.CharField(blank=True, choices=[('all', 'All parties'), ('one', 'One party'), ('org', 'A company')], max_length=3, verbose_name='who should act'),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='party',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='partnerships.party'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('agreement', 'party'), name='signed_once', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='interest',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='interest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person'),
        ),
        migrations.AddIndex(
            model_name='interest',
            index=models.Index(fields=['subject', 'subject_id'], name='partnership_subject_8670d5_idx'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.UniqueConstraint(fields=('person', 'subject', 'subject_id'), name='interest_declared_once'),
        ),
    ]
