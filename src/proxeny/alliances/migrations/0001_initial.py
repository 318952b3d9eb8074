"""Public pages of partnerships: drafts, and what was published."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partnerships', '0010_page_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('headline', models.CharField(blank=True, max_length=200, verbose_name='headline')),
                ('about', models.TextField(blank=True, max_length=6000, verbose_name='what it is for')),
                ('audience', models.TextField(blank=True, max_length=3000, verbose_name='who it is for')),
                ('joining', models.TextField(blank=True, max_length=3000, verbose_name='how to join or get in touch')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'Français'), ('el', 'Ελληνικά'), ('ar', 'العربية')], default='en', max_length=2, verbose_name='language')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='last part of the address')),
                ('shown', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='what is shown')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('version', models.PositiveIntegerField(default=1)),
                ('partnership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='PageVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('slug', models.SlugField(max_length=80)),
                ('title', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=2)),
                ('content', models.JSONField()),
                ('contact', models.EmailField(blank=True, max_length=254)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=500)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
            ],
            options={
                'indexes': [models.Index(fields=['slug'], name='alliances_p_slug_7423eb_idx'), models.Index(fields=['-published_at'], name='alliances_p_publish_3d801f_idx')],
                'constraints': [models.UniqueConstraint(fields=('partnership', 'number'), name='page_version_once'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', False)), fields=('slug', 'number'), name='page_slug_once')],
            },
        ),
    ]
