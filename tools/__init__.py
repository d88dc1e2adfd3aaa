"""What builds documents and models; never deployed."""
