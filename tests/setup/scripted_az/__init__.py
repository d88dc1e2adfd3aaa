"""An `az` that answers out of a JSON file, in the shapes that the Azure CLI's reference shows, and changes that file."""
