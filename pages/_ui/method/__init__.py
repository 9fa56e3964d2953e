"""The Method page: what is done to the runs, what the shipped study found of it, and what the words mean."""
