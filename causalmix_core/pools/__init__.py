"""Pools of text: domains read from files, kept in one folder, counted, tokenised and scored.

A pool is what a mixture draws from. ``sources`` reads the user's files, ``corpus`` builds the default
domains, ``pool`` opens what either of them wrote, ``tokens`` turns it into token streams.
"""
