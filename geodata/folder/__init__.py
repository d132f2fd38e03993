"""
A country as a folder of plain files with a short `country.yaml`: one line a part.

`geodata.folder.cache.compiled` turns it into a `Country` and a report of what was read.
"""
