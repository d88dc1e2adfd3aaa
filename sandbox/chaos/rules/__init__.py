"""The promises, each as a rule that the evidence of a run is held against; all are seen from outside."""
