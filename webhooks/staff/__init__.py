"""The pages of the staff: people's records, cases, bookings, parked messages, content, accounts, the audit log."""
