"""The edges to files, engines, model bundles and experiment tracking."""
