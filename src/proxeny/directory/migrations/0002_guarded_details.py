"""A table of its own for what an entry says of people and of its size."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrganisationDetails',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='details', serialize=False, to='directory.organisation')),
                ('contact', models.CharField(max_length=150, null=True)),
                ('email', models.EmailField(max_length=254, null=True)),
                ('employees', models.PositiveIntegerField(null=True)),
                ('founded', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'db_table': 'directory_details',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Details',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='directory.organisation')),
                ('contact', models.CharField(blank=True, max_length=150, verbose_name='contact person')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='contact email')),
                ('employees', models.PositiveIntegerField(blank=True, null=True, verbose_name='employees')),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='founded in')),
            ],
            options={
                'verbose_name_plural': 'details',
                'db_table': 'directory_guarded',
                'base_manager_name': 'objects',
            },
        ),
    ]
