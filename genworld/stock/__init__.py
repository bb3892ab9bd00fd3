"""A person's own models: named anew, put away and brought back, taken elsewhere and brought here, by file or by hub."""
