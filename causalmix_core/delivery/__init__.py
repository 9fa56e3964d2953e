"""Delivery: the mixture document, trainer files, and the words and numbers people read."""
