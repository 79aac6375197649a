"""Files that people write by hand: read within bounds, each mistake told with its place and how to mend it. Pure."""
