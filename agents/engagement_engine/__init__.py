"""The engagement engine: schedules and reminders, caregivers' digests, and what people ask of their own data."""
