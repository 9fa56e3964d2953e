"""The Mixture lab: controls on the left, the answer on the right."""
