"""What is measured, each benchmark a command: README.md lists them."""
