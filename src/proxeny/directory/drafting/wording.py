"""Words by which a text gives itself away, in the four languages; compared folded."""

import re

from proxeny.directory.drafting.texts import whole
from proxeny.folding import fold


def _any_of(*phrases: str) -> re.Pattern[str]:
    # A star stands for any ending.
    return whole(
        "|".join(
            re.escape(fold(phrase)) + (r"\w*" if phrase.endswith("*") else "") for phrase in phrases
        )
    )


BUYING = _any_of(
    "buy now", "buy it", "buy from us", "order now", "order today", "call us", "call now",
    "contact us today", "contact us now", "visit our website", "visit our shop", "special offer",
    "limited offer", "limited time", "special discount", "free trial", "don't miss", "do not miss",
    "hurry", "money back", "satisfaction guaranteed", "order yours", "for sale",
    "achetez", "commandez", "contactez nous", "appelez nous", "profitez", "offre spéciale",
    "essai gratuit", "satisfait ou remboursé", "visitez notre site", "ne manquez pas",
    "αγοράστε", "παραγγείλτε", "επικοινωνήστε μαζί μας", "καλέστε μας", "έκπτωση", "εκπτώσεις",
    "μη χάσετε", "μην χάσετε", "επισκεφθείτε", "επισκεφτείτε", "δωρεάν δοκιμή",
    "اشتر", "اشتروا", "اشتري", "اطلب الآن", "اطلبوا", "اتصل بنا", "اتصلوا بنا", "عرض خاص", "خصم",
    "تخفيضات", "لا تفوت", "لا تفوتوا", "زوروا موقعنا",
)  # fmt: skip
SUPERLATIVES = _any_of(
    "best in class", "the best", "world class", "world's best", "number one", "no 1", "unbeatable",
    "unrivalled", "unrivaled", "unmatched", "revolutionary", "market leader", "world leader",
    "the leader in", "the most advanced", "the cheapest", "lowest price", "lowest prices",
    "top quality", "highest quality", "amazing", "incredible", "the perfect", "ultimate",
    "award winning", "second to none", "like no other", "game changing", "unparalleled",
    "le meilleur", "la meilleure", "les meilleurs", "les meilleures", "leader mondial",
    "leader du marché", "numéro un", "numéro 1", "inégalé*", "incomparable*", "imbattable*",
    "révolutionnaire*", "extraordinaire*", "le moins cher", "qualité supérieure", "hors du commun",
    "ο καλύτερος", "η καλύτερη", "το καλύτερο", "τα καλύτερα", "οι καλύτερες", "οι καλύτεροι",
    "κορυφαί*", "νούμερο ένα", "ασυναγώνιστ*", "επαναστατικ*", "απίστευτ*", "φθηνότερ*",
    "αξεπέραστ*",
    "الأفضل", "أفضل", "الأول عالميا", "الرائد عالميا", "لا مثيل له", "لا مثيل لها", "لا يضاهى",
    "ثوري", "ثورية", "مذهل", "مذهلة", "الأرخص", "أرخص", "رائع", "رائعة",
)  # fmt: skip
#: A price as shops tell it; a budget in euros alone is none. Compared with what was written.
PRICES = re.compile(
    r"(?:\b(?:only|just|from|starting at|seulement|dès|à partir de|μόνο|από)|فقط|ابتداء من)\s+"
    r"(?:[€$£]|EUR|USD)?\s?\d[\d.,\s]{0,9}(?:[€$£]|EUR\b|USD\b|euros?\b|ευρώ|يورو|درهم)?"
    r"(?=.{0,3}(?:[€$£]|per|par|each|/|month|an?\b|mois|τον|στ|لل|شهر))"
    r"|(?:[€$£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[€$£]|EUR|euros?|ευρώ|يورو|درهم))\s?"
    r"(?:/|per |par |a |each|pièce|το κομμάτι|τον μήνα|شهريا|للقطعة)"
    r"|[-–]?\d{1,2}\s?%\s?(?:off|de remise|έκπτωση|خصم)",
    re.IGNORECASE,
)


def _opening(*words: str) -> str:
    return "|".join(f"^{re.escape(fold(word))}" for word in words)


#: Said of oneself anywhere, or as the first word of a text.
SEEKING = whole(_any_of(
    "we look for", "we are looking for", "we're looking for", "we seek", "we are seeking",
    "we search for", "we are searching for", "we need", "we would need",
    "nous recherchons", "nous cherchons", "on cherche", "on recherche", "nous avons besoin",
    "nous sommes à la recherche",
    "αναζητούμε", "ψάχνουμε", "χρειαζόμαστε", "ζητούμε", "ζητείται", "ζητούνται",
    "نبحث عن", "نحتاج", "نريد", "نطلب", "مطلوب", "نحن بحاجة إلى",
).pattern + "|" + _opening(
    "looking for", "seeking", "searching for", "in search of", "wanted", "needed",
    "recherchons", "cherchons", "recherche partenaire", "cherche", "à la recherche de",
    "αναζητά", "αναζήτηση", "البحث عن",
))  # fmt: skip
OFFERING = whole(_any_of(
    "we offer", "we provide", "we supply", "we sell", "we deliver", "we can offer", "we can provide",
    "nous offrons", "nous proposons", "nous fournissons", "nous vendons", "nous mettons à disposition",
    "on propose",
    "προσφέρουμε", "παρέχουμε", "διαθέτουμε", "πουλάμε", "προμηθεύουμε", "προτείνουμε",
    "نقدم", "نعرض", "نوفر", "نبيع", "نتيح",
).pattern + "|" + _opening(
    "offering", "on offer", "proposons", "offrons", "propose", "προσφέρεται",
))  # fmt: skip
#: Whom one who offers may well look for.
PARTNERS = _any_of(
    "partner*", "distributor*", "customer*", "client*", "investor*", "user*", "reseller*", "buyer*",
    "agent*", "importer*", "pilot*", "museum*", "compan*", "organisation*", "organization*",
    "partenaire*", "distributeur*", "investisseur*", "acheteur*", "utilisateur*", "entreprise*",
    "importateur*", "revendeur*",
    "συνεργάτ*", "συνεργασί*", "εταίρ*", "εταιρεί*", "πελάτ*", "διανομ*", "επενδυτ*", "αγοραστ*",
    "χρήστ*", "φορέ*",
    "شريك", "شركاء", "شركات", "شركة", "موزع*", "عملاء", "زبائن", "مستثمر*", "مؤسسات", "مؤسسة",
)  # fmt: skip
