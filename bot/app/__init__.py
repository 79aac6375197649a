"""The composition root: the only place, beside the command line, that names concrete adapters."""
