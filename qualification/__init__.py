"""Sets customer qualifications in Microsoft Partner Center, once and only once, and tells how the vetting ends."""
