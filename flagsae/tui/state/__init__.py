"""What the screens of the application compute and remember; no module here draws a widget."""
