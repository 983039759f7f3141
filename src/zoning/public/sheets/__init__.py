"""One sheet a school: its zone as a map, its streets, on A4 and as a long image."""
