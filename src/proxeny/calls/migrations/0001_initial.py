"""Calls for proposals, who watches them, and files of them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import proxeny.calls.models.watching
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0010_acquaintances'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80, verbose_name='reference')),
                ('title', models.CharField(max_length=400, verbose_name='title')),
                ('programme', models.CharField(blank=True, max_length=120, verbose_name='programme')),
                ('action', models.CharField(blank=True, max_length=160, verbose_name='type of action')),
                ('rule_set', models.CharField(blank=True, max_length=60, verbose_name='conditions')),
                ('part', models.CharField(blank=True, choices=[('', 'Not specified'), ('pillar-1', 'Pillar I'), ('pillar-2', 'Pillar II'), ('pillar-3', 'Pillar III'), ('widening', 'Widening and the European Research Area')], default='', max_length=12, verbose_name='part')),
                ('own_rules', models.JSONField(blank=True, default=list)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, verbose_name='topics')),
                ('text', models.TextField(blank=True, max_length=60000, verbose_name='text')),
                ('language', models.CharField(default='en', max_length=5, verbose_name='language of the text')),
                ('opens_on', models.DateField(blank=True, null=True, verbose_name='opens on')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes at')),
                ('second_closes_at', models.DateTimeField(blank=True, null=True, verbose_name='second stage closes at')),
                ('budget', models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name='budget')),
                ('grant_least', models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name='smallest grant')),
                ('grant_most', models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name='largest grant')),
                ('grants_expected', models.PositiveIntegerField(blank=True, null=True, verbose_name='grants expected')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('address', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('source', models.CharField(choices=[('portal', 'Funding portal export'), ('csv', 'CSV file'), ('hand', 'Entered manually')], default='hand', max_length=6)),
                ('brought_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('put_away_at', models.DateTimeField(null=True)),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('search_vector', models.GeneratedField(db_persist=True, expression=models.Func(models.Value(''), models.F('search_text'), function='proxeny_vector'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('version', models.PositiveIntegerField(default=1)),
                ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
                ('steward', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='directory.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='CallImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=6)),
                ('content', models.BinaryField(default=bytes)),
                ('size', models.PositiveIntegerField(default=0)),
                ('file_name', models.CharField(max_length=255)),
                ('state', models.CharField(choices=[('shown', 'Previewed, not imported yet'), ('taken', 'Imported')], default='shown', max_length=6)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('problems', models.JSONField(default=list)),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('report', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('taken_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='directory.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='CallWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days_before', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=proxeny.calls.models.watching.all_days, verbose_name='days before')),
                ('reminded', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list)),
                ('told_closes_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='calls.call')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person')),
            ],
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['steward', 'closes_at'], name='calls_call_steward_4948ec_idx'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_vector'], name='call_search'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('steward', 'reference'), name='call_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('reference__gt', ''), ('title__gt', '')), name='call_is_named'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('second_closes_at', None), ('second_closes_at__gte', models.F('closes_at')), _connector='OR'), name='call_stages_in_order'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('grant_least', None), ('grant_most', None), ('grant_most__gte', models.F('grant_least')), _connector='OR'), name='call_grants_in_order'),
        ),
        migrations.AddIndex(
            model_name='callimport',
            index=models.Index(fields=['cluster', '-created_at'], name='calls_calli_cluster_e4f769_idx'),
        ),
        migrations.AddConstraint(
            model_name='callwatch',
            constraint=models.UniqueConstraint(fields=('person', 'call'), name='call_watched_once'),
        ),
    ]
