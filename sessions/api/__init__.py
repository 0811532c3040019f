"""Sessions and rooms through the API: the querysets, filters and services of the pages."""
