"""The bridge between patients and the people of their clinic."""
