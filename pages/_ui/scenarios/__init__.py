"""Kept scenarios on the pages: saving, undoing, sharing, listing and comparing them."""
