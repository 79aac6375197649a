"""The translators' side: catalogues brought up to date, their state, and a spreadsheet as a second door to them."""
