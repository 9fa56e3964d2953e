"""Training: what happens inside one worker process, from a run's mixture to its outcomes."""
