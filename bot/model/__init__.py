"""The nouns of the service: plain, frozen data that travels between its parts. No I/O and no behaviour beyond codecs."""
