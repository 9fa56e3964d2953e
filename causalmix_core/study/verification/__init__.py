"""The verification: new pools, what every method chooses for them, predictions kept, and real training."""
