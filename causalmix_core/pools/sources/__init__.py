"""Pools from the user's own files: JSON Lines, Parquet and plain text, read as streams.

``spec`` says which files make which domain and which fields are text; ``read`` makes the pool.
"""
