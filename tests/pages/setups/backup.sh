# A host that serves, whose configuration names a folder for backups.
serving
