"""What the screens of the application know, without a widget."""
