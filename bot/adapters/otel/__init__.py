"""Tracing by OpenTelemetry. Imported only where tracing is on."""
