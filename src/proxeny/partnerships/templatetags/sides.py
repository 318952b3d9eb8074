"""The number of other sides in templates, for texts that speak of them."""

from django import template

from proxeny.partnerships.sides import others_of

register = template.Library()
register.filter("others", others_of)
