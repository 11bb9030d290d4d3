"""What `hanout doctor` looks at. Nothing in here makes or changes anything, on this machine or elsewhere."""
