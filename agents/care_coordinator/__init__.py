"""The care coordinator: visits, lab tests, payments, family and files."""
