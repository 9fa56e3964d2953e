"""A study: pools, runs, rivals and predictions declared in a plan, made, tested on pools nobody has seen, and told."""
