"""Mail as bytes in, letters out. Pure: no desk, no store, no network."""
