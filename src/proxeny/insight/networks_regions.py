"""The large regions of the world in which clusters compare themselves."""

EUROPE, MIDDLE_EAST_AFRICA, AMERICAS, ASIA_PACIFIC = "europe", "mea", "americas", "apac"


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EUROPE = _codes("""
    AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS
    IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK
""")
_MIDDLE_EAST_AFRICA = _codes("""
    AE AO BF BH BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IL IO IQ IR JO
    KE KM KW LB LR LS LY MA MG ML MR MU MW MZ NA NE NG OM PS QA RE RW SA SC SD SH SL SN SO SS
    ST SY SZ TD TF TG TN TZ UG YE YT ZA ZM ZW
""")
_AMERICAS = _codes("""
    AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN
    HT JM KN KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI
""")


def region_of(country: str) -> str:
    """Return the large region that a country lies in, by its ISO 3166 code; empty for no country.

    Cyprus, Turkey and the Caucasus count with Europe, as they do in its programmes; all that lies
    in none of the other regions counts with Asia and the Pacific.

    Examples
    --------
    >>> region_of("GR"), region_of("MA"), region_of("BR"), region_of("JP"), region_of("")
    ('europe', 'mea', 'americas', 'apac', '')
    """
    if not country:
        return ""
    if country in _EUROPE:
        return EUROPE
    if country in _MIDDLE_EAST_AFRICA:
        return MIDDLE_EAST_AFRICA
    return AMERICAS if country in _AMERICAS else ASIA_PACIFIC
