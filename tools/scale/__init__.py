"""What the service needs and costs at any size: a model on paper, and a simulated year that checks it."""
