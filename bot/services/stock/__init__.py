"""The shop's own stock: loading batches, selling and withdrawing them, and looking after them."""
