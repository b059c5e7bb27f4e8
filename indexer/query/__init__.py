"""What a person types, and the tree of conditions it stands for."""
