"""NACE Rev. 2.1: the 22 sections and 87 divisions, with short labels of our own.

The numbers are those of Commission Delegated Regulation (EU) 2023/137. Groups and classes (62.1,
62.10) are loaded by `proxeny vocabulary load nace`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

#: Sections with their divisions.
SECTIONS: dict[str, tuple[Label, dict[str, Label]]] = {
    "A": (
        _("Agriculture, forestry and fishing"),
        {
            "01": _("Crops, livestock and hunting"),
            "02": _("Forestry and logging"),
            "03": _("Fishing and aquaculture"),
        },
    ),
    "B": (
        _("Mining and quarrying"),
        {
            "05": _("Coal and lignite"),
            "06": _("Crude oil and natural gas"),
            "07": _("Metal ores"),
            "08": _("Stone, sand, salt and other minerals"),
            "09": _("Mining support services"),
        },
    ),
    "C": (
        _("Manufacturing"),
        {
            "10": _("Food products"),
            "11": _("Beverages"),
            "12": _("Tobacco products"),
            "13": _("Textiles"),
            "14": _("Clothing"),
            "15": _("Leather and related products"),
            "16": _("Wood, cork and straw products, excluding furniture"),
            "17": _("Paper and paper products"),
            "18": _("Printing and reproduction of recordings"),
            "19": _("Coke and refined petroleum"),
            "20": _("Chemicals"),
            "21": _("Pharmaceuticals"),
            "22": _("Rubber and plastic products"),
            "23": _("Glass, ceramics, cement and stone products"),
            "24": _("Basic metals"),
            "25": _("Metal products, excluding machinery"),
            "26": _("Computers, electronics and optics"),
            "27": _("Electrical equipment"),
            "28": _("Machinery"),
            "29": _("Motor vehicles and trailers"),
            "30": _("Ships, trains, aircraft and other vehicles"),
            "31": _("Furniture"),
            "32": _("Other manufacturing"),
            "33": _("Repair and installation of machinery"),
        },
    ),
    "D": (_("Energy supply"), {"35": _("Electricity, gas, steam and cooling")}),
    "E": (
        _("Water, sewerage and waste"),
        {
            "36": _("Water supply"),
            "37": _("Sewerage"),
            "38": _("Waste collection, recovery and disposal"),
            "39": _("Remediation of land, air and water"),
        },
    ),
    "F": (
        _("Construction"),
        {
            "41": _("Buildings"),
            "42": _("Civil engineering works"),
            "43": _("Specialised construction work"),
        },
    ),
    "G": (_("Trade"), {"46": _("Wholesale"), "47": _("Retail")}),
    "H": (
        _("Transport and storage"),
        {
            "49": _("Transport by land and pipeline"),
            "50": _("Transport by water"),
            "51": _("Transport by air"),
            "52": _("Storage and transport support services"),
            "53": _("Post and couriers"),
        },
    ),
    "I": (
        _("Hotels and restaurants"),
        {"55": _("Accommodation"), "56": _("Food and drink services")},
    ),
    "J": (
        _("Publishing, broadcasting and content"),
        {
            "58": _("Publishing"),
            "59": _("Film, video, television and music production"),
            "60": _("Broadcasting, news and distribution of content"),
        },
    ),
    "K": (
        _("Telecommunications, software and computing"),
        {
            "61": _("Telecommunications"),
            "62": _("Programming and computer consultancy"),
            "63": _("Computing infrastructure, data and hosting"),
        },
    ),
    "L": (
        _("Finance and insurance"),
        {
            "64": _("Banking and funds"),
            "65": _("Insurance and pensions"),
            "66": _("Financial and insurance support services"),
        },
    ),
    "M": (_("Real estate"), {"68": _("Property: buying, letting and managing")}),
    "N": (
        _("Professional, scientific and technical services"),
        {
            "69": _("Law and accounting"),
            "70": _("Head offices and management consultancy"),
            "71": _("Architecture, engineering and technical testing"),
            "72": _("Research and development"),
            "73": _("Advertising, market research and public relations"),
            "74": _("Other professional and technical services"),
            "75": _("Veterinary services"),
        },
    ),
    "O": (
        _("Administrative and support services"),
        {
            "77": _("Rental and leasing"),
            "78": _("Employment services"),
            "79": _("Travel agencies and tour operators"),
            "80": _("Security and investigation"),
            "81": _("Building and landscape services"),
            "82": _("Office and business support"),
        },
    ),
    "P": (
        _("Public administration"),
        {"84": _("Public administration, defence and social security")},
    ),
    "Q": (_("Education and training"), {"85": _("Education")}),
    "R": (
        _("Health and social work"),
        {
            "86": _("Health care"),
            "87": _("Residential care"),
            "88": _("Social work without accommodation"),
        },
    ),
    "S": (
        _("Arts, sports and recreation"),
        {
            "90": _("Arts and performing arts"),
            "91": _("Libraries, archives and museums"),
            "92": _("Gambling and betting"),
            "93": _("Sports and amusement"),
        },
    ),
    "T": (
        _("Other services"),
        {
            "94": _("Associations and membership organisations"),
            "95": _("Repair of computers, household goods and vehicles"),
            "96": _("Personal services"),
        },
    ),
    "U": (
        _("Households"),
        {
            "97": _("Households as employers"),
            "98": _("Goods and services that households produce for their own use"),
        },
    ),
    "V": (_("International bodies"), {"99": _("Extraterritorial organisations")}),
}

LABELS: dict[str, Label] = {
    code: label
    for section, (own, divisions) in SECTIONS.items()
    for code, label in {section: own, **divisions}.items()
}
SECTION_OF = {
    division: section for section, (_own, divisions) in SECTIONS.items() for division in divisions
}
