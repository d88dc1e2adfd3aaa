"""CRMs that send webhooks: one module a CRM, a registry of them all."""
