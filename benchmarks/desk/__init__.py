"""How fast the desk's pages are with many cases."""
