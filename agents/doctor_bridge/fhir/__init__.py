"""The door to electronic records: one patient's record as a FHIR R4 bundle."""
