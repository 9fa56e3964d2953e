"""Exact and searching maximisers of a response over a region, no knowledge of decisions."""
