"""CRMs that send webhooks: one room a CRM, a registry of them all."""
