"""Typed facts, identifiers, interest, watching, matches, duplicates, projects and vocabularies."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0003_guarded_details_moved'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClusterProfile',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='cluster_profile', serialize=False, to='directory.organisation')),
                ('staff_fte', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='staff (full-time equivalents)')),
                ('committed_members', models.PositiveIntegerField(blank=True, null=True, verbose_name='committed members')),
                ('strategy', models.TextField(blank=True, max_length=4000, verbose_name='strategy')),
                ('services', models.TextField(blank=True, max_length=4000, verbose_name='services for members')),
                ('ecosystems', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, verbose_name='industrial ecosystems')),
                ('target_countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, verbose_name='countries of interest')),
                ('reviews_listings', models.BooleanField(default=True, verbose_name='an adviser reviews members’ offers and needs before they’re published')),
                ('listing_days', models.PositiveSmallIntegerField(default=365, verbose_name='days until an offer or need expires')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='DuplicatePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.JSONField(default=dict)),
                ('score', models.FloatField(default=0)),
                ('state', models.CharField(choices=[('open', 'Awaiting decision'), ('same', 'Same organisation: merged'), ('different', 'Two organisations')], default='open', max_length=9)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('vat', 'VAT number'), ('pic', 'PIC (European Commission)'), ('national', 'National register'), ('ror', 'ROR (research organisations)'), ('lei', 'LEI (legal entities)')], max_length=8, verbose_name='register')),
                ('value', models.CharField(max_length=40, verbose_name='number')),
            ],
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'With the sender’s adviser'), ('returned', 'Returned with a question'), ('passed', 'With the other side’s adviser'), ('offered', 'With the other side'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='asked', max_length=9)),
                ('answers', models.JSONField(default=dict)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('reply', models.TextField(blank=True, max_length=2000)),
                ('reply_contact', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('passed_at', models.DateTimeField(null=True)),
                ('offered_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='ListingClient',
            fields=[
                ('listing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='client', serialize=False, to='directory.listing')),
            ],
        ),
        migrations.CreateModel(
            name='MatchChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('wanted', 'We want to meet'), ('refused', 'Not for us')], max_length=7)),
                ('why', models.CharField(blank=True, choices=[('known', 'We already know each other'), ('field', 'A different field from ours'), ('rival', 'A competitor'), ('size', 'Too large or too small for us'), ('later', 'Not now'), ('other', 'Another reason')], max_length=6)),
                ('features', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='MatchList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposals', models.JSONField(default=list)),
                ('gaps', models.JSONField(default=list)),
                ('considered', models.PositiveIntegerField(default=0)),
                ('basis', models.CharField(blank=True, max_length=64)),
                ('job_id', models.BigIntegerField(null=True)),
                ('computed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(default=dict)),
                ('chosen', models.JSONField(default=list)),
                ('moved', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('undone_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=12)),
                ('reference', models.CharField(max_length=40)),
                ('acronym', models.CharField(blank=True, max_length=120)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('objective', models.TextField(blank=True)),
                ('call', models.CharField(blank=True, max_length=120)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('contribution', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ProjectPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=20)),
                ('contribution', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('scope', models.CharField(choices=[('organisations', 'Organisations'), ('listings', 'Offers and needs')], default='organisations', max_length=13)),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('notify', models.BooleanField(default=True, verbose_name='email me about new results')),
                ('known', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list)),
                ('fresh', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('told_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('nace', 'NACE Rev. 2.1'), ('euroscivoc', 'EuroSciVoc'), ('nuts', 'NUTS')], max_length=10)),
                ('code', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=5)),
                ('label', models.CharField(max_length=300)),
                ('search_text', models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.AddField(
            model_name='listing',
            name='description',
            field=models.TextField(blank=True, max_length=4000, verbose_name='description'),
        ),
        migrations.AddField(
            model_name='listing',
            name='expires_on',
            field=models.DateField(blank=True, null=True, verbose_name='until'),
        ),
        migrations.AddField(
            model_name='listing',
            name='expiry_told_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='ipr',
            field=models.CharField(blank=True, choices=[('none', 'Nothing to protect'), ('secret', 'Confidential know-how'), ('copyright', 'Copyright'), ('design', 'Registered design or trade mark'), ('applied', 'Patent pending'), ('granted', 'Patent granted'), ('licensed', 'Licence held')], max_length=9, verbose_name='protection'),
        ),
        migrations.AddField(
            model_name='listing',
            name='is_anonymous',
            field=models.BooleanField(default=False, verbose_name='without our name'),
        ),
        migrations.AddField(
            model_name='listing',
            name='is_open',
            field=models.BooleanField(default=True, verbose_name='open to interest'),
        ),
        migrations.AddField(
            model_name='listing',
            name='markets',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=5, verbose_name='markets'),
        ),
        migrations.AddField(
            model_name='listing',
            name='note',
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name='listing',
            name='partner_countries',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, verbose_name='countries sought'),
        ),
        migrations.AddField(
            model_name='listing',
            name='partner_kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('cluster', 'Cluster'), ('company', 'Company'), ('startup', 'Start-up'), ('university', 'University'), ('lab', 'Research lab'), ('public', 'Public body'), ('investor', 'Investor'), ('association', 'Association'), ('other', 'Other')], max_length=12), blank=True, default=list, verbose_name='partners sought'),
        ),
        migrations.AddField(
            model_name='listing',
            name='partner_role',
            field=models.TextField(blank=True, max_length=4000, verbose_name='partner’s role'),
        ),
        migrations.AddField(
            model_name='listing',
            name='partner_sizes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('micro', 'Up to 9 people'), ('small', '10 to 49 people'), ('medium', '50 to 249 people'), ('large', '250 people or more')], max_length=6), blank=True, default=list, verbose_name='sizes sought'),
        ),
        migrations.AddField(
            model_name='listing',
            name='reviewed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='reviewer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='listing',
            name='search_text',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name='organisation',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='listing',
            name='stage',
            field=models.CharField(blank=True, choices=[('idea', 'Idea'), ('research', 'Research'), ('prototype', 'Prototype in testing'), ('demonstrated', 'Proven to work'), ('market', 'On the market')], max_length=12, verbose_name='stage'),
        ),
        migrations.AddField(
            model_name='listing',
            name='submitted_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='technologies',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=5, verbose_name='technologies'),
        ),
        migrations.AddField(
            model_name='memberimport',
            name='alike',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='memberimport',
            name='source',
            field=models.CharField(choices=[('members', 'Member list'), ('contacts', 'Organisations we know'), ('clusters', 'List of clusters'), ('cordis', 'CORDIS organisations'), ('projects', 'CORDIS projects'), ('vcard', 'Business cards (vCard)')], default='members', max_length=8),
        ),
        migrations.AddField(
            model_name='organisation',
            name='former_names',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, verbose_name='former names'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='latitude',
            field=models.FloatField(blank=True, null=True, verbose_name='latitude'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='longitude',
            field=models.FloatField(blank=True, null=True, verbose_name='longitude'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='nace',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, default=list, verbose_name='sectors (NACE)'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='nuts',
            field=models.CharField(blank=True, max_length=5, verbose_name='NUTS region'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='open_facts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list),
        ),
        migrations.AddField(
            model_name='organisation',
            name='quality_label',
            field=models.CharField(blank=True, choices=[('bronze', 'Bronze'), ('silver', 'Silver'), ('gold', 'Gold')], max_length=6, verbose_name='quality label'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='size',
            field=models.CharField(blank=True, choices=[('micro', 'Up to 9 people'), ('small', '10 to 49 people'), ('medium', '50 to 249 people'), ('large', '250 people or more')], max_length=6, verbose_name='size'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='topics',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, verbose_name='fields of science'),
        ),
        migrations.AlterField(
            model_name='listing',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('review', 'With the adviser'), ('published', 'Published'), ('on_hold', 'On hold'), ('expired', 'Expired'), ('archived', 'Archived')], default='published', max_length=9),
        ),
        migrations.AddField(
            model_name='listing',
            name='search_vector',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['status', 'expires_on'], name='directory_l_status_143165_idx'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='directory_l_search__ee463d_gin'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fields=['nace'], name='directory_o_nace_347575_gin'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['country', 'nuts'], name='directory_o_country_d49548_idx'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('title__gt', ''), _connector='OR'), name='listing_has_title'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='organisation_on_earth'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('pk')), _negated=True), name='organisation_not_into_itself'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='cluster',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='follow',
            name='listing',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.listing'),
        ),
        migrations.AddField(
            model_name='follow',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='follow',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='identifier',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='interest',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='directory.listing'),
        ),
        migrations.AddField(
            model_name='interest',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='interest',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='interest',
            name='receiver',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interests_received', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='interest',
            name='sender',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interests_sent', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='listingclient',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='matchchoice',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_choices', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='matchchoice',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='matchchoice',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='matchlist',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='matchlist',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='merge',
            name='cluster',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='merge',
            name='gone',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='merge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='merge',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.person'),
        ),
        migrations.AddField(
            model_name='project',
            name='steward',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='projectpart',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_parts', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='projectpart',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='directory.project'),
        ),
        migrations.AddField(
            model_name='savedsearch',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.person'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('scheme', 'code', 'language'), name='term_once'),
        ),
        migrations.AddIndex(
            model_name='duplicatepair',
            index=models.Index(fields=['cluster', 'state', '-score'], name='directory_d_cluster_59cc2e_idx'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='duplicate_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='duplicate_pair_order'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.CheckConstraint(condition=models.Q(('organisation', None), ('listing', None), _connector='XOR'), name='follow_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(condition=models.Q(('listing', None)), fields=('person', 'organisation'), name='follow_organisation_once'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation', None)), fields=('person', 'listing'), name='follow_listing_once'),
        ),
        migrations.AddIndex(
            model_name='identifier',
            index=models.Index(fields=['scheme', 'value'], name='directory_i_scheme_bd226a_idx'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=models.UniqueConstraint(fields=('organisation', 'scheme', 'value'), name='identifier_once'),
        ),
        migrations.AddIndex(
            model_name='interest',
            index=models.Index(fields=['organisation', 'state'], name='directory_i_organis_bf0f8e_idx'),
        ),
        migrations.AddIndex(
            model_name='interest',
            index=models.Index(fields=['receiver', 'state'], name='directory_i_receive_54a0ab_idx'),
        ),
        migrations.AddIndex(
            model_name='interest',
            index=models.Index(fields=['sender', 'state'], name='directory_i_sender__23ec65_idx'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'returned', 'passed', 'offered'])), fields=('listing', 'organisation'), name='interest_open_once'),
        ),
        migrations.AddConstraint(
            model_name='matchchoice',
            constraint=models.UniqueConstraint(fields=('organisation', 'target'), name='match_choice_once'),
        ),
        migrations.AddConstraint(
            model_name='matchlist',
            constraint=models.UniqueConstraint(fields=('organisation', 'person'), name='match_list_once'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['cluster', '-created_at'], name='directory_m_cluster_a83089_idx'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('steward', 'source', 'reference'), name='project_once'),
        ),
        migrations.AddConstraint(
            model_name='projectpart',
            constraint=models.UniqueConstraint(fields=('project', 'organisation'), name='project_part_once'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(fields=('person', 'scope', 'name'), name='search_name_once'),
        ),
    ]
