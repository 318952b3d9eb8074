"""What is compared of an organisation and of what a person types, folded."""

from proxeny.folding import fold


def natural_key(name: str, country: str) -> tuple[str, str]:
    """Return what makes an organisation the same where a list gives no reference for it."""
    return fold(name), country


def search_expression(typed: str) -> str:
    """Return the `tsquery` for what a person typed: all words, the last one only begun.

    Empty when there is no word in it. Folded words hold letters and digits only, so nothing in
    them can be an operator.
    """
    words = fold(typed).split()[:12]
    if not words:
        return ""
    return " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
