"""What effects and recommendations depend on: rules, drivers, and how far each explanation holds."""
