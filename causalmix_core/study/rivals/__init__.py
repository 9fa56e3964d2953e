"""Rivals: every way to choose a mixture that the verification trains, one small file a family."""
