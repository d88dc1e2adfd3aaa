"""The administration API: what there is in the namespace, told over HTTP as Atom (read-only)."""
