"""The only concurrency: gives the session slices of time and asks for pictures. Must not know widgets."""
