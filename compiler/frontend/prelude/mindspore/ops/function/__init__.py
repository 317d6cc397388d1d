"""Functions made of other functions; the API tables name them."""
