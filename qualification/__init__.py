"""Sets customer qualifications in Microsoft Partner Center, and publishes how the vetting ends."""
