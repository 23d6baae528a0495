"""What is on a flag: designs and their words, and what finds them in pictures: segments, their tree, which figures."""
