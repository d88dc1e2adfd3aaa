"""What the service asks of the process as a whole, where nothing else runs."""

import gc
import logging

NEW_OBJECTS = 50_000
"""After so many Python searches them for cycles. By default it does so after 2,000, and walks through hundreds of records in
work that have none, again and again: a tenth of the processor time of a review."""


def set_up_process() -> None:
    """Keep the SDKs quiet, and let Python look for garbage less often."""
    for chatty in ("azure.core", "azure.identity", "azure.servicebus"):
        # They log each URL at INFO, and the keys of rows in URLs hold tenant ids.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    gc.set_threshold(NEW_OBJECTS)
