"""Everything that knows Evolution API: payloads in, calls out, limits. Nothing outside this package knows its words."""
