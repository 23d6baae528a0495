"""Training of models. Only this folder imports torch."""
