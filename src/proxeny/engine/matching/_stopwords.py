"""Words that say nothing about a member, by language, folded."""

from proxeny.folding import fold

__all__ = ["STOPWORDS"]

_ENGLISH = """
a about above across after again all also am an and any are as at be because been before being
between both but by can could did do does doing down during each either etc every few for from
further had has have having he her here hers him his how i if in into is it its itself just let
many may me more most much must my no nor not of off on once one only or other our ours out over
own per same shall she should since so some such than that the their theirs them then there these
they this those through thus to too under until up upon us very via was we were what when where
whether which while who whom whose why will with within without would you your yours
"""
_FRENCH = """
a afin ai ainsi alors as au aucun aussi autre autres aux avec avez avoir avons c car ce cela celle
celles celui ces cet cette ceux chaque chez ci comme comment d dans de depuis des deux doit donc
dont du elle elles en encore entre es est et etait etant etc ete etes etre eu eux fait fois ici il
ils j je jusqu l la le les leur leurs lors lui m ma mais me mes moi moins mon n ne ni non nos notre
nous on ont ou oui par parce pas pendant peu peut plus plusieurs pour pourquoi qu quand que quel quelle
quelles quels qui quoi s sa sans se ses si sien soi soit son sont sous sur t ta tandis te tel telle
tels tes toi ton toujours tous tout toute toutes tres tu un une vers vos votre vous y
"""
_GREEK = """
ο η το οι τα του τησ των τον την τουσ τισ ενασ ενα μια μιασ ενοσ και κι ή αν αλλα για με σε στο στη
στον στην στα στισ στουσ απο προσ ωσ οπωσ που ποιοσ ποια ποιο πωσ ποτε οταν οπου οτι να θα δεν μη
μην ειναι ηταν εχει εχουν εχουμε ειμαστε ειμαι αυτο αυτοσ αυτη αυτα αυτοι αυτων αυτεσ τουτο εκεινο
μασ σασ μου σου εμεισ εσεισ καθε ολα ολοι ολη ολο μεσω κατα μετα πριν χωρισ μεταξυ υπο ανα εαν
επισησ ετσι οποιο οποια οποιεσ οποιοσ οποιων περι πολυ πιο τι
"""
_ARABIC = """
في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين اللذين ما ماذا لا لم لن ليس إن أن أو و ثم حتى
كل بعض غير بين قد كان كانت يكون تكون هو هي هم نحن أنا أنت كما كذلك لكن إذا عند عندما منذ خلال بعد
قبل حيث أي أيضا لدى لها له لهم لنا به بها منها فيها عليها التى ضد فوق تحت وهو وهي فإن وأن
"""

STOPWORDS = {
    "ar": frozenset(fold(_ARABIC).split()),
    "el": frozenset(fold(_GREEK).split()),
    "en": frozenset(fold(_ENGLISH).split()),
    "fr": frozenset(fold(_FRENCH).split()),
}
