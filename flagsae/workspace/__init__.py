"""An open dataset with its models, and what both faces make of them."""
