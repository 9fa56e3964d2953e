"""Scenarios: what a decision is made from besides the fit, kept, undone, shared and compared."""
