"""Joint bids: their partners, work, budget, documents and searches."""


import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('calls', '0001_initial'),
        ('directory', '0010_acquaintances'),
        ('partnerships', '0009_signatories'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='project title')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('idea', models.TextField(blank=True, max_length=8000, verbose_name='what we want to do')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='project start date')),
                ('months', models.PositiveSmallIntegerField(default=36, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='duration in months')),
                ('overhead', models.DecimalField(decimal_places=2, default=25, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='indirect costs, in percent')),
                ('state', models.CharField(choices=[('exploring', 'Under consideration'), ('preparing', 'In preparation'), ('submitted', 'Submitted'), ('reserve', 'On the reserve list'), ('won', 'Won'), ('lost', 'Not funded'), ('not-taken', 'Not pursued')], default='exploring', max_length=10, verbose_name='state')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='submitted')),
                ('submitted_as', models.CharField(blank=True, max_length=120, verbose_name='submission number')),
                ('decided_on', models.DateField(null=True, verbose_name='decided on')),
                ('points', models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name='points')),
                ('granted', models.DecimalField(decimal_places=2, max_digits=15, null=True, verbose_name='grant')),
                ('learned', models.TextField(blank=True, max_length=8000, verbose_name='what we learned')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='calls.call', verbose_name='call')),
                ('copied_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bids.bid')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200, verbose_name='document')),
                ('kind', models.CharField(choices=[('proposal', 'Proposal text'), ('annex', 'Annex'), ('letter', 'Letter of support'), ('agreement', 'Consortium agreement'), ('other', 'Something else')], default='proposal', max_length=9, verbose_name='what it is')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('is_required', models.BooleanField(default=False, verbose_name='required for submission')),
                ('bid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='bids.bid')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('media_type', models.CharField(max_length=120)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what is new')),
                ('brought_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='bids.paper')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('kind', models.CharField(choices=[('cluster', 'Cluster'), ('company', 'Company'), ('startup', 'Start-up'), ('university', 'University'), ('lab', 'Research lab'), ('public', 'Public body'), ('investor', 'Investor'), ('association', 'Association'), ('other', 'Other')], default='company', max_length=12, verbose_name='kind')),
                ('role', models.CharField(choices=[('beneficiary', 'Beneficiary'), ('affiliated_entity', 'Affiliated entity'), ('associated_partner', 'Associated partner'), ('subcontractor', 'Subcontractor')], default='beneficiary', max_length=18, verbose_name='role')),
                ('leads', models.BooleanField(default=False, verbose_name='coordinator')),
                ('sme', models.BooleanField(blank=True, null=True, verbose_name='small or medium-sized enterprise')),
                ('nonprofit', models.BooleanField(blank=True, null=True, verbose_name='non-profit')),
                ('group', models.CharField(blank=True, max_length=120, verbose_name='group it belongs to')),
                ('brings', models.TextField(blank=True, max_length=2000, verbose_name='what it contributes')),
                ('contact_name', models.CharField(blank=True, max_length=150, verbose_name='contact person')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='their email address')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'Français'), ('el', 'Ελληνικά'), ('ar', 'العربية')], default='en', max_length=2, verbose_name='language')),
                ('state', models.CharField(choices=[('noted', 'Not invited yet'), ('asked', 'Invited'), ('in', 'Taking part'), ('declined', 'Declined'), ('left', 'Left')], default='noted', max_length=8, verbose_name='state')),
                ('rate', models.DecimalField(decimal_places=2, default=0, max_digits=9, validators=[django.core.validators.MinValueValidator(0)], verbose_name='cost per person-month')),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='requested share of costs, in percent')),
                ('request', models.DecimalField(blank=True, decimal_places=2, max_digits=13, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='requested amount')),
                ('asked_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('word', models.TextField(blank=True, max_length=2000)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('bid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='bids.bid')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='organisation')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.party', verbose_name='side')),
            ],
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='bids.partner')),
            ],
        ),
        migrations.CreateModel(
            name='Search',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settings', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('working', 'Calculating'), ('ready', 'Ready'), ('empty', 'None possible'), ('cut', 'No result in time')], default='working', max_length=7)),
                ('result', models.JSONField(default=dict)),
                ('seconds', models.FloatField(null=True)),
                ('job_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('finished_at', models.DateTimeField(null=True)),
                ('bid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='searches', to='bids.bid')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
            ],
            options={
                'verbose_name_plural': 'searches',
            },
        ),
        migrations.CreateModel(
            name='Stance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('says', models.CharField(choices=[('go', 'We’ll bid'), ('no', 'We won’t bid')], max_length=2, verbose_name='your answer')),
                ('goes_on', models.CharField(choices=[('all', 'All of it, more slowly'), ('part', 'Some of it'), ('nothing', 'None of it')], max_length=7, verbose_name='without the grant')),
                ('without_grant', models.TextField(max_length=4000, verbose_name='what would we still do without the grant?')),
                ('why', models.TextField(blank=True, max_length=2000, verbose_name='why')),
                ('said_at', models.DateTimeField()),
                ('bid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stances', to='bids.bid')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.party')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person')),
            ],
        ),
        migrations.CreateModel(
            name='WorkPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('dropped_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='number')),
                ('title', models.CharField(max_length=200, verbose_name='work package')),
                ('aims', models.TextField(blank=True, max_length=4000, verbose_name='what it involves')),
                ('first_month', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='first month')),
                ('last_month', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='last month')),
                ('bid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='packages', to='bids.bid')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bids.partner', verbose_name='led by')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
            ],
            options={
                'ordering': ['number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Spending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('months', 'Person-months'), ('subcontracting', 'Subcontracting'), ('travel', 'Travel'), ('equipment', 'Equipment'), ('goods', 'Other goods and services')], max_length=14)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('bid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spendings', to='bids.bid')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spendings', to='bids.partner')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spendings', to='bids.workpackage')),
            ],
        ),
        migrations.CreateModel(
            name='PackageNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
                ('needs', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needed_by', to='bids.workpackage')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='bids.workpackage')),
            ],
        ),
        migrations.AddIndex(
            model_name='bid',
            index=models.Index(fields=['partnership', 'state'], name='bids_bid_partner_09b85a_idx'),
        ),
        migrations.AddIndex(
            model_name='bid',
            index=models.Index(fields=['call'], name='bids_bid_call_id_7156ff_idx'),
        ),
        migrations.AddConstraint(
            model_name='bid',
            constraint=models.CheckConstraint(condition=models.Q(('months__gte', 1), ('months__lte', 120), ('overhead__gte', 0), ('overhead__lte', 100)), name='bid_figures'),
        ),
        migrations.AddConstraint(
            model_name='bid',
            constraint=models.CheckConstraint(condition=models.Q(('submitted_at__isnull', False), ('state', 'exploring'), ('state', 'preparing'), ('state', 'not-taken'), _connector='OR'), name='bid_submitted_once_it_is'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['bid'], name='bids_paper_bid_id_d9cac3_idx'),
        ),
        migrations.AddConstraint(
            model_name='paperversion',
            constraint=models.UniqueConstraint(fields=('paper', 'number'), name='paper_version_once'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(fields=['bid'], name='bids_partne_bid_id_824ce8_idx'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(fields=['organisation'], name='bids_partne_organis_aaa8a1_idx'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(fields=['contact_email'], name='bids_partne_contact_5c1d0f_idx'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None)), fields=('bid', 'organisation'), name='partner_once', violation_error_message='This organisation is already in the bid.'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None), ('leads', True)), fields=('bid',), name='bid_led_by_one', violation_error_message='Another partner is already the coordinator.'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(('leads', False), ('role', 'beneficiary'), _connector='OR'), name='bid_led_by_beneficiary', violation_error_message='Only a beneficiary can coordinate. Change the role or choose another coordinator.'),
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(fields=['partner'], name='bids_link_partner_cdbf62_idx'),
        ),
        migrations.AddIndex(
            model_name='search',
            index=models.Index(fields=['bid', '-created_at'], name='bids_search_bid_id_f48ae9_idx'),
        ),
        migrations.AddConstraint(
            model_name='stance',
            constraint=models.UniqueConstraint(fields=('bid', 'party'), name='stance_once'),
        ),
        migrations.AddIndex(
            model_name='workpackage',
            index=models.Index(fields=['bid', 'number'], name='bids_workpa_bid_id_ed482b_idx'),
        ),
        migrations.AddConstraint(
            model_name='workpackage',
            constraint=models.CheckConstraint(condition=models.Q(('first_month__gte', 1), ('last_month__gte', models.F('first_month')), ('last_month__lte', 120)), name='package_ends_after_start', violation_error_message='The end can’t be before the start.'),
        ),
        migrations.AddConstraint(
            model_name='workpackage',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None)), fields=('bid', 'number'), name='package_number_once', violation_error_message='Another work package already has this number.'),
        ),
        migrations.AddIndex(
            model_name='spending',
            index=models.Index(fields=['bid'], name='bids_spendi_bid_id_07c7f4_idx'),
        ),
        migrations.AddConstraint(
            model_name='spending',
            constraint=models.UniqueConstraint(fields=('partner', 'package', 'category'), name='spending_once'),
        ),
        migrations.AddConstraint(
            model_name='spending',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='spending_above_nothing'),
        ),
        migrations.AddConstraint(
            model_name='packageneed',
            constraint=models.UniqueConstraint(fields=('package', 'needs'), name='package_need_once'),
        ),
        migrations.AddConstraint(
            model_name='packageneed',
            constraint=models.CheckConstraint(condition=models.Q(('package', models.F('needs')), _negated=True), name='package_needs_another'),
        ),
    ]
