"""App settings, and who the app is to Azure."""
