"""Search of the directory: database functions that use an index, and the occurring words.

Under row-level security PostgreSQL applies a table's policy before any operator that might leak
hidden rows, and those of full text might: no index can be used. So these functions search with the
service's rights, by one index that holds words and marks together, including marks for the readers
of an entry: see `docs/decisions/0006-search-inside-the-policies.md`. Their results are read again
under the policies.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func

from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Definer, Tenancy, define

# Whose entries the reader sees by what the entry says: the policy of `Organisation`, as marks.
define(
    Definer(
        "proxeny_heard()",
        "text[]",
        "SELECT ARRAY['public']"
        " || ARRAY(SELECT kind || ':' || one FROM unnest({organisations}) one,"
        " unnest(ARRAY['private', 'cluster', 'partnership']) kind)"
        " || ARRAY(SELECT kind || ':' || one FROM unnest({clusters}) one,"
        " unnest(ARRAY['cluster', 'partnership']) kind)"
        " || ARRAY(SELECT 'partnership:' || one FROM unnest({sharers}) one)",
    )
)
# And those that the reader sees whatever the entry says.
define(
    Definer(
        "proxeny_named()",
        "bigint[]",
        "SELECT {organisations} || {clusters} || {shared}"
        " || ARRAY(SELECT public.proxeny_partners()) || ARRAY(SELECT public.proxeny_participants())"
        " || ARRAY(SELECT public.proxeny_met())",
    )
)

_ASKED = (
    "wanted tsquery, filters text[], since timestamptz, area double precision[], regions text[]"
)
# Each null, and no filters, ask for all.
_DECLARE = """
DECLARE
    heard text[] := public.proxeny_heard();
    named bigint[] := public.proxeny_named();
    narrowed text := CASE WHEN filters = '{{}}' THEN 'true' ELSE 'o.search_marks @> $2' END
        || CASE WHEN wanted IS NULL THEN '' ELSE ' AND o.search_vector @@ $1' END
        || CASE WHEN since IS NULL THEN '' ELSE ' AND o.updated_at >= $3' END
        || CASE WHEN area IS NULL THEN '' ELSE ' AND (o.latitude IS NULL AND o.nuts = ANY ($5)'
            ' OR o.latitude >= $4[1] AND o.longitude >= $4[2]'
            ' AND o.latitude < $4[3] AND o.longitude < $4[4])' END;
"""
# Two parts, as one condition with OR would read far more of the index; the second has the few
# entries that no mark shows to the reader.
_FIND = """
BEGIN
    RETURN QUERY EXECUTE
        'SELECT [columns] FROM public.[table] o WHERE o.search_marks && $6 AND ' || narrowed
        || ' UNION ALL SELECT [columns] FROM public.[table] o WHERE o.[organisation] = ANY ($7)'
        || ' AND [listed] AND NOT o.search_marks && $6 AND ' || narrowed || ' LIMIT $8'
        USING wanted, filters, since, area, regions, heard, named, most;
END
"""
# A page of a list so long that it is better read in its order until the page is full.
_WALK = """
BEGIN
    RETURN QUERY EXECUTE
        'SELECT o.id FROM public.[table] o'
        || ' WHERE (o.search_marks && $6 OR o.[organisation] = ANY ($7) AND [listed]) AND '
        || narrowed || ' ORDER BY ' || CASE ordering
            WHEN 'name' THEN '[name], o.id' WHEN '-name' THEN '[name] DESC, o.id DESC'
            WHEN 'changed' THEN 'o.updated_at, o.id' ELSE 'o.updated_at DESC, o.id DESC' END
        || ' OFFSET $8 LIMIT $9'
        USING wanted, filters, since, area, regions, heard, named, skip, most;
END
"""
# The planner knows neither what it costs to unpack the words of a row nor that a list has its order.
_BY_INDEX = (
    "max_parallel_workers_per_gather = 0",
    "enable_seqscan = off",
    "enable_indexscan = off",
)
_IN_ORDER = (
    "max_parallel_workers_per_gather = 0",
    "enable_seqscan = off",
    "enable_bitmapscan = off",
    "enable_sort = off",
)
_FOUND = (
    "TABLE(id bigint, sort_name text, country text, city text, kind text, changed timestamptz,"
    " marks text[])"
)
_PARTS = {
    "organisations": {
        "table": "directory_organisation",
        "columns": "o.id, o.sort_name::text, o.country::text, o.city::text, o.kind::text,"
        " o.updated_at, o.search_marks",
        "organisation": "id",
        "listed": "o.merged_into_id IS NULL",
        "name": "o.sort_name",
    },
    "listings": {
        "table": "directory_listing",
        "columns": "o.id, o.title::text, NULL::text, NULL::text, o.kind::text,"
        " o.updated_at, o.search_marks",
        "organisation": "organisation_id",
        "listed": "o.status = ''published''",
        "name": "o.title",
    },
}


def _filled(body: str, parts: dict[str, str]) -> str:
    for name, value in parts.items():
        body = body.replace(f"[{name}]", value)
    return _DECLARE + body


for _what, _parts in _PARTS.items():
    define(
        Definer(
            f"proxeny_found_{_what}({_ASKED}, most integer)",
            _FOUND,
            _filled(_FIND, _parts),
            rows=1000,
            language="plpgsql",
            settings=_BY_INDEX,
        )
    )
    define(
        Definer(
            f"proxeny_walked_{_what}({_ASKED}, ordering text, skip integer, most integer)",
            "SETOF bigint",
            _filled(_WALK, _parts),
            rows=50,
            language="plpgsql",
            settings=_IN_ORDER,
        )
    )

# An offer or need is marked with its filter values, and with its organisation's readers.
define(
    Definer(
        "proxeny_mark_listing()",
        "trigger",
        """
BEGIN
    NEW.search_marks := CASE WHEN NEW.status <> 'published' THEN '{{}}'::text[] ELSE
        ARRAY['#' || (NEW.id % 512)::text, '##' || (NEW.id % 64)::text,
              '###' || (NEW.id % 8)::text, 'direction:' || NEW.direction, 'kind:' || NEW.kind]
        || CASE WHEN NEW.is_open THEN ARRAY['open'] ELSE '{{}}'::text[] END
        || ARRAY(SELECT mark FROM public.directory_organisation o, unnest(o.search_marks) mark
                 WHERE o.id = NEW.organisation_id AND mark ~
                 '^(public$|private:|cluster:|partnership:|country:|nuts:|field:|nace:)') END;
    RETURN NEW;
END
""",
        language="plpgsql",
        trigger="BEFORE INSERT OR UPDATE ON directory_listing",
    )
)
define(
    Definer(
        "proxeny_mark_listings_of()",
        "trigger",
        """
BEGIN
    IF NEW.search_marks IS DISTINCT FROM OLD.search_marks THEN
        UPDATE public.directory_listing SET search_marks = '{{}}' WHERE organisation_id = NEW.id;
    END IF;
    RETURN NULL;
END
""",
        language="plpgsql",
        trigger="AFTER UPDATE ON directory_organisation",
    )
)
# Whether an organisation publishes offers, and needs.
define(
    Definer(
        "proxeny_count_listings()",
        "trigger",
        """
BEGIN
    UPDATE public.directory_organisation o
    SET has_offers = found.offers, has_needs = found.needs
    FROM (
        SELECT one AS id, COALESCE(bool_or(l.direction = 'offer'), false) AS offers,
            COALESCE(bool_or(l.direction = 'need'), false) AS needs
        FROM unnest(ARRAY[OLD.organisation_id, NEW.organisation_id]) one
        LEFT JOIN public.directory_listing l
            ON l.organisation_id = one AND l.status = 'published'
        GROUP BY one
    ) found
    WHERE o.id = found.id AND (o.has_offers, o.has_needs) <> (found.offers, found.needs);
    RETURN NULL;
END
""",
        language="plpgsql",
        trigger="AFTER INSERT OR DELETE OR UPDATE OF status, direction, organisation_id"
        " ON directory_listing",
    )
)


class Word(models.Model):
    """A word in the directory, with the number of entries that contain it; rebuilt every day.

    Words of hidden entries are included, so no page reads them: they complete a partial word and
    correct a mistyped one, and only words in the reader's own hits are shown. `near` are its
    beginnings with one letter left out.
    """

    word = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    near = models.GeneratedField(
        expression=Func(F("word"), function="proxeny_near"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    tenancy = Tenancy()
    holding = NOBODY

    class Meta:
        indexes = [GinIndex(fields=["near"], name="word_near")]

    def __str__(self) -> str:
        return self.word
