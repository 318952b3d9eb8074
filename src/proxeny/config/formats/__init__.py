"""How dates and times read where Django's own formats would surprise."""
