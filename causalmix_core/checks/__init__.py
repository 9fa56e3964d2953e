"""Checks: whether a fit may be believed, as data; each one can fail.

A ``Check`` is one question with its figure, threshold and what to do; a ``Checkup`` holds all checks
of one fit. They need a ``Fit`` and its ``OutOfFold`` only, so a new estimator needs no new check.
"""
