"""Words are found in all their forms, and lists narrowed by marks that one index holds."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models import F, Func, Value

# A word, and its stems behind a "~": of Latin letters as English and as French have it, Greek and
# Arabic by script. Folded Greek leaves the stemmer with an iota more or less, which is taken off;
# of Arabic the article and the endings of number, gender and person are (Larkey's light10).
_LEXEMES = r"""
CREATE FUNCTION public.proxeny_lexemes(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
WITH known AS (SELECT DISTINCT left(one, 64) AS word FROM unnest(words[1:10000]) one WHERE one <> '')
SELECT COALESCE(array_agg(lexeme), '{}') FROM (
    SELECT word AS lexeme FROM known
    UNION SELECT '~' || (ts_lexize('pg_catalog.english_stem', word))[1]
        FROM known WHERE word ~ '^[a-z]{3,}$'
    UNION SELECT '~' || (ts_lexize('pg_catalog.french_stem', word))[1]
        FROM known WHERE word ~ '^[a-z]{3,}$'
    UNION SELECT '~' || regexp_replace((ts_lexize('pg_catalog.greek_stem', word))[1],
            '(?:(?<=..)ι|(?<=λο)γι?)$', '')
        FROM known WHERE word ~ '^[α-ω]{3,}$'
    UNION SELECT '~' || regexp_replace(
            regexp_replace(word, '^(?:و?ال|وال|بال|كال|فال|لل)(?=.{3,})', ''),
            '(?<=..)(?:ها|ان|ات|ون|ين|يه|ه|ي)+$', '')
        FROM known WHERE word ~ '^[ء-ي]{3,}$'
) _ WHERE lexeme IS NOT NULL
$$
"""

# Names and, in the second line of the text, fields and titles stand once more behind a sign.
_VECTOR = """
CREATE FUNCTION public.proxeny_vector(sort_name text, search_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
WITH part AS (
    SELECT CASE WHEN position(E'\\n' IN search_text) = 0 THEN ARRAY['', '', search_text]
        ELSE string_to_array(search_text, E'\\n') END AS line
)
SELECT array_to_tsvector(public.proxeny_lexemes(
        string_to_array(translate(sort_name || ' ' || search_text, E'\\n', ' '), ' ')))
    || array_to_tsvector(ARRAY(SELECT '^' || one FROM unnest(public.proxeny_lexemes(
        string_to_array(sort_name || ' ' || line[1], ' '))) one))
    || array_to_tsvector(ARRAY(SELECT '=' || one FROM unnest(public.proxeny_lexemes(
        string_to_array(line[2], ' '))) one))
FROM part
$$
"""

# What an entry can be narrowed by, and who sees it. An entry that was merged has none: it is found
# by nobody. The numbers behind "#", "##" and "###" deal all entries out evenly:
# see `queries.searching`.
_MARKS = """
CREATE FUNCTION public.proxeny_organisation_marks(
    id bigint, steward bigint, kind text, visibility text, merged bigint, country text, nuts text,
    size text, sectors text[], nace text[], languages text[], has_offers boolean,
    has_needs boolean
) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN merged IS NOT NULL THEN '{}'::text[] ELSE
    ARRAY[CASE visibility WHEN 'public' THEN 'public'
              ELSE visibility || ':' || COALESCE(steward, 0)::text END,
          '#' || (id % 512)::text, '##' || (id % 64)::text, '###' || (id % 8)::text,
          'country:' || country, 'kind:' || kind]
    || CASE WHEN steward IS NOT NULL THEN ARRAY['of:' || steward::text]
            WHEN kind = 'cluster' THEN ARRAY['of:' || id::text] ELSE '{}'::text[] END
    || CASE WHEN size <> '' THEN ARRAY['size:' || size] ELSE '{}'::text[] END
    || CASE WHEN has_offers THEN ARRAY['has:offer'] ELSE '{}'::text[] END
    || CASE WHEN has_needs THEN ARRAY['has:need'] ELSE '{}'::text[] END
    || ARRAY(SELECT 'nuts:' || left(nuts, n) FROM generate_series(2, length(nuts)) n)
    || ARRAY(SELECT 'field:' || one FROM unnest(sectors) one)
    || ARRAY(SELECT DISTINCT 'nace:' || left(one, n) FROM unnest(nace) one, unnest(ARRAY[2, 8]) n)
    || ARRAY(SELECT 'speaks:' || one FROM unnest(languages) one)
END
$$
"""

# One form a word within the first six letters: who types one letter wrong there has the same form.
_NEAR = """
CREATE FUNCTION public.proxeny_near(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT ARRAY(SELECT left(word, 6)
    UNION SELECT left(word, n - 1) || substr(left(word, 6), n + 1)
    FROM generate_series(1, least(length(word), 6)) n)
$$
"""
_DROP = [
    "DROP FUNCTION IF EXISTS public.proxeny_near(text)",
    "DROP FUNCTION IF EXISTS public.proxeny_organisation_marks(bigint, bigint, text, text, bigint,"
    " text, text, text, text[], text[], text[], boolean, boolean)",
    "DROP FUNCTION IF EXISTS public.proxeny_vector(text, text)",
    "DROP FUNCTION IF EXISTS public.proxeny_lexemes(text[])",
]

def _vector(name):
    return models.GeneratedField(
        db_persist=True,
        expression=Func(name, F("search_text"), function="proxeny_vector"),
        output_field=django.contrib.postgres.search.SearchVectorField(),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0006_profile_vectors'),
    ]

    operations = [
        migrations.RunSQL([_LEXEMES, _VECTOR, _MARKS, _NEAR], _DROP),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('near', models.GeneratedField(db_persist=True, expression=Func(F('word'), function='proxeny_near'), output_field=django.contrib.postgres.fields.ArrayField(models.TextField()))),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['near'], name='word_near')],
            },
        ),
        migrations.RemoveIndex(model_name='organisation', name='directory_o_search__942eb4_gin'),
        migrations.RemoveIndex(model_name='listing', name='directory_l_search__ee463d_gin'),
        migrations.RemoveField(model_name='organisation', name='search_vector'),
        migrations.RemoveField(model_name='listing', name='search_vector'),
        migrations.AddField(
            model_name='organisation', name='has_offers',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='organisation', name='has_needs',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(model_name='organisation', name='search_vector', field=_vector(F('sort_name'))),
        migrations.AddField(
            model_name='organisation',
            name='search_marks',
            field=models.GeneratedField(
                db_persist=True,
                expression=Func(
                    F('id'), F('steward'), F('kind'), F('visibility'), F('merged_into'),
                    F('country'), F('nuts'), F('size'), F('sectors'), F('nace'), F('languages'),
                    F('has_offers'), F('has_needs'), function='proxeny_organisation_marks',
                ),
                output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
            ),
        ),
        migrations.AddField(model_name='listing', name='search_vector', field=_vector(Value(''))),
        migrations.AddField(
            model_name='listing',
            name='search_marks',
            field=django.contrib.postgres.fields.ArrayField(models.TextField(), blank=True, default=list, editable=False),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_vector', 'search_marks'], name='organisation_search'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_vector', 'search_marks'], name='listing_search'),
        ),
        # The functions behind them speak of the marks.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            [
                "DROP TRIGGER IF EXISTS proxeny_mark_listing ON directory_listing",
                "DROP TRIGGER IF EXISTS proxeny_count_listings ON directory_listing",
                "DROP TRIGGER IF EXISTS proxeny_mark_listings_of ON directory_organisation",
            ],
        ),
        # Long texts lie beside the table: a search looks at thousands of rows, and shows fifty.
        migrations.RunSQL(
            "ALTER TABLE directory_organisation SET (toast_tuple_target = 128)",
            "ALTER TABLE directory_organisation RESET (toast_tuple_target)",
        ),
    ]
