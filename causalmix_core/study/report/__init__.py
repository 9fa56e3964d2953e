"""The report of a study: a document, its figures and a datasheet, from the tables alone, the same bytes every time."""
