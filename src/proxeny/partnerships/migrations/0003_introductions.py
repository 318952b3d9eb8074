"""Plans of introductions, and what they propose."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0006_profile_vectors'),
        ('partnerships', '0002_sharing_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntroductionPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settings', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('working', 'Calculating'), ('ready', 'Ready'), ('empty', 'Nothing to propose'), ('infeasible', 'Not possible')], default='working', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('considered', models.JSONField(default=dict)),
                ('left_out', models.JSONField(default=dict)),
                ('short', models.JSONField(default=list)),
                ('value', models.FloatField(null=True)),
                ('bound', models.FloatField(null=True)),
                ('seconds', models.FloatField(null=True)),
                ('job_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('finished_at', models.DateTimeField(null=True)),
                ('left', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='introduction_plans', to='partnerships.partnership')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
                ('right', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ProposedIntroduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField()),
                ('they_offer', models.FloatField(default=0)),
                ('they_need', models.FloatField(default=0)),
                ('reasons', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('proposed', 'Awaiting decision'), ('kept', 'Kept'), ('dropped', 'Dropped')], default='proposed', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('left', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='partnerships.introductionplan')),
                ('right', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
            ],
        ),
        migrations.AddIndex(
            model_name='introductionplan',
            index=models.Index(fields=['partnership', '-created_at'], name='partnership_partner_0e394f_idx'),
        ),
        migrations.AddIndex(
            model_name='proposedintroduction',
            index=models.Index(fields=['plan', '-score'], name='partnership_plan_id_5774bd_idx'),
        ),
        migrations.AddConstraint(
            model_name='proposedintroduction',
            constraint=models.UniqueConstraint(fields=('plan', 'left', 'right'), name='introduction_once'),
        ),
    ]
