# A host that serves.
serving
