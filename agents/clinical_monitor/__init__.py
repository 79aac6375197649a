"""The clinical monitor: keeps readings and grades them against the patient's own targets."""
