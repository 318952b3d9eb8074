"""Stays of ambassadors with the other side, and visits."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('partnerships', '0005_room'),
    ]

    operations = [
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('stay', 'Longer stay'), ('visit', 'Visit')], default='stay', max_length=8, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('place', models.CharField(max_length=200, verbose_name='city and desk')),
                ('hours', models.CharField(blank=True, max_length=200, verbose_name='hours')),
                ('goals', models.TextField(max_length=2000, verbose_name='goals')),
                ('costs', models.TextField(blank=True, max_length=1000, verbose_name='costs')),
                ('report_due_on', models.DateField(blank=True, null=True, verbose_name='report due on')),
                ('report', models.TextField(blank=True, max_length=4000, verbose_name='closing report')),
                ('proof_url', models.URLField(blank=True, max_length=500, verbose_name='proof')),
                ('agreed_at', models.DateTimeField(null=True, verbose_name='agreed')),
                ('closed_on', models.DateField(null=True, verbose_name='closed on')),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
                ('borne_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='who covers the costs')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='host side')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person', verbose_name='person travelling')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='sending side')),
            ],
            options={
                'indexes': [models.Index(fields=['partnership', 'starts_on'], name='partnership_partner_b69a42_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='placement_ends_after_start'), models.CheckConstraint(condition=models.Q(('host', models.F('sender')), _negated=True), name='placement_with_another'), models.CheckConstraint(condition=models.Q(('closed_on', None), models.Q(('report', ''), _negated=True), _connector='OR'), name='placement_closed_with_report')],
            },
        ),
    ]
