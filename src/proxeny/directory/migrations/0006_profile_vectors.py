"""Vectors of profiles; an index finds what changed since a moment."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('directory', '0005_words_and_sizes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProfileVector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('asks', 'Asks'), ('offers', 'Offers')], max_length=6)),
                ('model', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('vector', models.BinaryField()),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['updated_at', 'id'], name='listing_changed'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['updated_at', 'id'], name='organisation_changed'),
        ),
        migrations.AddField(
            model_name='profilevector',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vectors', to='directory.organisation'),
        ),
        migrations.AddConstraint(
            model_name='profilevector',
            constraint=models.UniqueConstraint(fields=('organisation', 'side', 'model'), name='profile_vector_once'),
        ),
    ]
