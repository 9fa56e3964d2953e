"""Objectives besides the plain gain: sure gains, least change, several pools, outcomes that must not fall."""
