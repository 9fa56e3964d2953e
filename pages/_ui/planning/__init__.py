"""The page of the next runs."""
