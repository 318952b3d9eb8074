"""A grant shares the list, one member or a file, and names the guarded facts it includes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_FIELD = models.CharField(choices=[('contact', 'Contact person'), ('email', 'Contact email'), ('employees', 'Employees'), ('founded', 'Founded in')], max_length=12)
# Row-level security is forced on the owner, who migrates.
_OPEN = "ALTER TABLE partnerships_sharinggrant NO FORCE ROW LEVEL SECURITY"
_CLOSE = "ALTER TABLE partnerships_sharinggrant FORCE ROW LEVEL SECURITY"


def _all_fields():
    # What was shared before is shared on: with a list came contacts and all.
    return ['contact', 'email', 'employees', 'founded']


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
        ('partnerships', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sharinggrant',
            name='grant_once',
        ),
        migrations.AddField(
            model_name='sharinggrant',
            name='fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=_FIELD, blank=True, default=_all_fields),
        ),
        migrations.AlterField(
            model_name='sharinggrant',
            name='fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=_FIELD, blank=True, default=list),
        ),
        migrations.AddField(
            model_name='sharinggrant',
            name='file_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='sharinggrant',
            name='file_name',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddField(
            model_name='sharinggrant',
            name='kind',
            field=models.CharField(choices=[('list', 'Member list'), ('member', 'One member'), ('file', 'File')], default='list', max_length=6),
        ),
        migrations.AddField(
            model_name='sharinggrant',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation'),
        ),
        migrations.AddIndex(
            model_name='sharinggrant',
            index=models.Index(condition=models.Q(('kind', 'file')), fields=['file_id'], name='grant_file'),
        ),
        migrations.AddConstraint(
            model_name='sharinggrant',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('partnership', 'organisation', 'kind', 'member', 'file_id'), name='grant_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sharinggrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file_id', None), ('kind', 'list'), ('member', None)), models.Q(('file_id', None), ('kind', 'member'), ('member__isnull', False)), models.Q(('fields', []), ('file_id__isnull', False), ('kind', 'file'), ('member', None)), _connector='OR'), name='grant_of_one_thing'),
        ),
        # Going back: the older code would read each of these as the whole list.
        migrations.RunSQL(
            sql=migrations.RunSQL.noop,
            reverse_sql=[_OPEN, "DELETE FROM partnerships_sharinggrant WHERE kind <> 'list'", _CLOSE],
        ),
    ]
