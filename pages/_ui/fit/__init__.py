"""The Fit page: settings, and what the fit is worth."""
