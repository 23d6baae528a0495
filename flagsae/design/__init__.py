"""What is on a flag: its segments and their tree, which figures they are, and the words for them."""
