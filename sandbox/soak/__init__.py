"""As many webhooks as one host takes, while reviews run: what it costs, and whether all of them end well."""
