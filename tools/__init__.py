"""Programs that make files of this tree out of published data; run by hand when the data change, never by the product."""
