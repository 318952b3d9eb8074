"""The words that occur in the directory, counted."""

from django.db import connection

from proxeny.kernel.tenancy import SERVICE, acting_as

#: Words of so many letters are counted: a beginning, a word typed wrong.
_SHORTEST, _LONGEST = 3, 40
_COUNTED = """
CREATE TEMPORARY TABLE counted_words ON COMMIT DROP AS
SELECT word, ndoc AS count FROM ts_stat('SELECT search_vector FROM public.directory_organisation
    UNION ALL SELECT search_vector FROM public.directory_listing WHERE status = ''published''')
WHERE word !~ '^[~^=]' AND length(word) BETWEEN %s AND %s
"""
_GONE = """
DELETE FROM directory_word known WHERE NOT EXISTS (
    SELECT FROM counted_words counted WHERE counted.word = known.word)
"""
_NEW = """
INSERT INTO directory_word (word, count) SELECT word, count FROM counted_words
ON CONFLICT (word) DO UPDATE SET count = EXCLUDED.count
WHERE directory_word.count <> EXCLUDED.count
"""


def count_words() -> int:
    """Recount the words in all entries; return the number of changes.

    They complete a reader's partial words, and correct mistyped ones. A word that is gone from all
    entries is deleted. About a minute for a million entries.
    """
    with acting_as(SERVICE), connection.cursor() as cursor:
        cursor.execute(_COUNTED, [_SHORTEST, _LONGEST])
        changed = 0
        for statement in (_GONE, _NEW):
            cursor.execute(statement)
            changed += cursor.rowcount
        cursor.execute("DROP TABLE counted_words")
    return changed
