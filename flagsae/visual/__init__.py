"""Pictures for terminals and files. Nothing here knows a model."""
