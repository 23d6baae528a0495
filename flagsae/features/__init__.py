"""What a dictionary knows: its atoms, their labels and cards, and how good it is."""
