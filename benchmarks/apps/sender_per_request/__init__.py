"""An app that sends as the quick-start does."""
