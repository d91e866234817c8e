"""Reports for readers: one module per format."""
