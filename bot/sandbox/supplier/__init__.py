"""A stand-in for OneClickDz v3: catalogue, stock, balance book, orders, and scripted faults."""
