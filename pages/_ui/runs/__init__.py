"""The Runs page: reading a table, and looking at the one that is open."""
