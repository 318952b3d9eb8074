"""What a room keeps: goals, plan, risks, give and take, money, health and recommendations."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0009_marks_in_the_row'),
        ('partnerships', '0004_stages_and_texts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='what needs to be done')),
                ('due_on', models.DateField(verbose_name='due date')),
                ('origin', models.CharField(choices=[('room', 'In the room'), ('plan', 'In the plan'), ('risk', 'For a risk'), ('catch-up', 'At a catch-up'), ('advice', 'For a recommendation')], default='room', max_length=8)),
                ('origin_id', models.BigIntegerField(blank=True, null=True)),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
            ],
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='activity')),
                ('details', models.TextField(blank=True, max_length=4000, verbose_name='details')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('is_milestone', models.BooleanField(default=False, verbose_name='milestone')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('doing', 'Under way'), ('done', 'Done')], default='planned', max_length=8, verbose_name='state')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
                ('core', models.BooleanField(default=False, verbose_name='core')),
                ('worth', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='worth')),
                ('cost', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='cost')),
            ],
            options={
                'verbose_name_plural': 'activities',
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Dependency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name_plural': 'dependencies',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('answer', 'Answers of a health review'), ('figure', 'A figure'), ('meeting', 'A meeting'), ('document', 'A document'), ('data', 'A data package')], max_length=8, verbose_name='kind')),
                ('text', models.CharField(max_length=500, verbose_name='what it shows')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='where to find it')),
            ],
            options={
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('rate', models.DecimalField(decimal_places=8, max_digits=16, verbose_name='rate')),
                ('since_on', models.DateField(verbose_name='from')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='where to find it')),
            ],
        ),
        migrations.CreateModel(
            name='Favour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('hosting', 'Hosting'), ('introduction', 'Introductions'), ('meeting', 'Meetings arranged'), ('bid', 'Joint bids'), ('membership', 'Membership'), ('other', 'Something else')], max_length=12, verbose_name='kind')),
                ('happened_on', models.DateField(verbose_name='day')),
                ('count', models.PositiveSmallIntegerField(default=1, verbose_name='how many')),
                ('what', models.CharField(max_length=300, verbose_name='what was given')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('contested_at', models.DateTimeField(null=True)),
                ('contested_why', models.CharField(blank=True, max_length=300, verbose_name='reason')),
            ],
        ),
        migrations.CreateModel(
            name='FundingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
            ],
        ),
        migrations.CreateModel(
            name='FundingSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('name', models.CharField(max_length=200, verbose_name='source')),
                ('kind', models.CharField(choices=[('own', 'Own funds'), ('fees', 'Member fees'), ('services', 'Service revenue'), ('regional', 'Regional grant'), ('national', 'National grant'), ('european', 'European grant'), ('other', 'Other')], max_length=8, verbose_name='kind')),
                ('certainty', models.CharField(choices=[('secured', 'Secured'), ('likely', 'Likely'), ('hoped', 'Hoped for')], default='secured', max_length=8, verbose_name='certainty')),
                ('movable', models.BooleanField(default=False, verbose_name='can be reallocated')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HealthAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('factor', models.CharField(max_length=24)),
                ('value', models.PositiveSmallIntegerField(null=True)),
                ('comment', models.CharField(blank=True, max_length=1000, verbose_name='remark')),
            ],
        ),
        migrations.CreateModel(
            name='HealthReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_on', models.DateField(verbose_name='answers due by')),
                ('shown_at', models.DateTimeField(null=True)),
                ('answered', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='KeyResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='what is measured')),
                ('unit', models.CharField(blank=True, max_length=40, verbose_name='unit')),
                ('start', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='from')),
                ('target', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='to')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due date')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='value')),
                ('measured_on', models.DateField(verbose_name='date')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='source or remark')),
            ],
        ),
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='objective')),
                ('details', models.TextField(blank=True, max_length=2000, verbose_name='why, and for whom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due date')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='outcome')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='recommendation')),
                ('details', models.TextField(blank=True, max_length=4000, verbose_name='why, and how')),
                ('source', models.CharField(choices=[('room', 'The partners'), ('review', 'Health review'), ('funding', 'Stress test'), ('assessment', 'Market assessment'), ('study', 'Study')], default='room', max_length=10)),
                ('source_id', models.BigIntegerField(null=True)),
                ('rule', models.CharField(blank=True, max_length=24)),
                ('addressee', models.CharField(blank=True, choices=[('all', 'All parties'), ('one', 'One party')], max_length=3, verbose_name='who should act')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('accepted', 'Accepted'), ('amended', 'Accepted with changes'), ('refused', 'Rejected'), ('doing', 'In progress'), ('adopted', 'Adopted'), ('dropped', 'Dropped')], default='draft', max_length=8, verbose_name='state')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('decided_on', models.DateField(null=True, verbose_name='decided on')),
                ('adoption', models.TextField(blank=True, max_length=2000, verbose_name='how it is done, and where to see it')),
                ('adopted_on', models.DateField(null=True, verbose_name='done on')),
            ],
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('in_person', models.BooleanField(default=False, verbose_name='face to face')),
                ('every_days', models.PositiveSmallIntegerField(verbose_name='days between catch-ups')),
                ('since_on', models.DateField(verbose_name='since')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Risk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='risk')),
                ('details', models.TextField(blank=True, max_length=4000, verbose_name='cause and consequence')),
                ('inherent_likelihood', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='inherent likelihood')),
                ('inherent_impact', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='inherent impact')),
                ('current_likelihood', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='current likelihood')),
                ('current_impact', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='current impact')),
                ('residual_likelihood', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='residual likelihood')),
                ('residual_impact', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='residual impact')),
                ('response', models.CharField(blank=True, choices=[('avoid', 'Avoid it'), ('reduce', 'Reduce it'), ('transfer', 'Pass it on'), ('accept', 'Accept it')], max_length=8, verbose_name='response')),
                ('treatment', models.TextField(blank=True, max_length=2000, verbose_name='what we do about it')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='next review')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('closed_why', models.CharField(blank=True, max_length=300, verbose_name='why it is closed')),
            ],
        ),
        migrations.AddField(
            model_name='action',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='action',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='action',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person', verbose_name='person in charge'),
        ),
        migrations.AddField(
            model_name='activity',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='charge',
            name='activity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='partnerships.activity'),
        ),
        migrations.AddField(
            model_name='charge',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='charge',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.party'),
        ),
        migrations.AddField(
            model_name='charge',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='dependency',
            name='activity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dependencies', to='partnerships.activity'),
        ),
        migrations.AddField(
            model_name='dependency',
            name='needs',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needed_by', to='partnerships.activity'),
        ),
        migrations.AddField(
            model_name='dependency',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='exchangerate',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='favour',
            name='giver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='given by'),
        ),
        migrations.AddField(
            model_name='favour',
            name='noted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='favour',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='favour',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='favour',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='received by'),
        ),
        migrations.AddField(
            model_name='fundingline',
            name='activity',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='funding', to='partnerships.activity', verbose_name='activity'),
        ),
        migrations.AddField(
            model_name='fundingline',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='fundingsource',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='fundingsource',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='fundingline',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='partnerships.fundingsource', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='healthanswer',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='healthanswer',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.party'),
        ),
        migrations.AddField(
            model_name='healthanswer',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='healthreview',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='healthanswer',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='partnerships.healthreview'),
        ),
        migrations.AddField(
            model_name='keyresult',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='keyresult',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measurements', to='partnerships.keyresult'),
        ),
        migrations.AddField(
            model_name='objective',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='keyresult',
            name='objective',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='partnerships.objective', verbose_name='objective'),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='recommendation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='partnerships.recommendation'),
        ),
        migrations.AddField(
            model_name='rhythm',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rhythms', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='risk',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='charge',
            name='risk',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='partnerships.risk'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['partnership', 'due_on'], name='partnership_partner_62932b_idx'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['origin', 'origin_id'], name='partnership_origin_099c1c_idx'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['partnership', 'starts_on'], name='partnership_partner_7329fa_idx'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='activity_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0), ('worth__gte', 1), ('worth__lte', 5)), name='activity_figures'),
        ),
        migrations.AddConstraint(
            model_name='dependency',
            constraint=models.UniqueConstraint(fields=('activity', 'needs'), name='dependency_once'),
        ),
        migrations.AddConstraint(
            model_name='dependency',
            constraint=models.CheckConstraint(condition=models.Q(('activity', models.F('needs')), _negated=True), name='dependency_on_another'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.UniqueConstraint(fields=('partnership', 'currency', 'since_on'), name='rate_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='rate_above_nothing'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='favour_to_another'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='favour_counts'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('contested_at', None), _connector='OR'), name='favour_yes_or_no'),
        ),
        migrations.AddConstraint(
            model_name='fundingline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='funding_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='healthreview',
            constraint=models.UniqueConstraint(condition=models.Q(('shown_at', None)), fields=('partnership',), name='one_open_review'),
        ),
        migrations.AddConstraint(
            model_name='healthanswer',
            constraint=models.UniqueConstraint(fields=('review', 'person', 'factor'), name='answer_once'),
        ),
        migrations.AddConstraint(
            model_name='healthanswer',
            constraint=models.CheckConstraint(condition=models.Q(('value', None), ('value__range', (1, 5)), _connector='OR'), name='answer_from_one_to_five'),
        ),
        migrations.AddIndex(
            model_name='measurement',
            index=models.Index(fields=['result', '-measured_on'], name='partnership_result__9aa81c_idx'),
        ),
        migrations.AddIndex(
            model_name='recommendation',
            index=models.Index(fields=['partnership', 'state'], name='partnership_partner_b4de74_idx'),
        ),
        migrations.AddConstraint(
            model_name='rhythm',
            constraint=models.UniqueConstraint(fields=('partnership', 'in_person'), name='rhythm_once'),
        ),
        migrations.AddConstraint(
            model_name='rhythm',
            constraint=models.CheckConstraint(condition=models.Q(('every_days__gte', 1)), name='rhythm_of_days'),
        ),
        migrations.AddConstraint(
            model_name='risk',
            constraint=models.CheckConstraint(condition=models.Q(('current_impact__lte', models.F('inherent_impact')), ('current_likelihood__lte', models.F('inherent_likelihood')), ('inherent_impact__range', (1, 5)), ('inherent_likelihood__range', (1, 5)), ('residual_impact__gte', 1), ('residual_impact__lte', models.F('current_impact')), ('residual_likelihood__gte', 1), ('residual_likelihood__lte', models.F('current_likelihood'))), name='risk_falls_from_inherent_to_residual'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(fields=('party', 'activity', 'risk'), name='charge_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('activity', None), ('risk__isnull', False)), models.Q(('activity__isnull', False), ('risk', None)), _connector='OR'), name='charge_of_one_thing'),
        ),
    ]
