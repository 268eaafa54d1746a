# A host that serves, beside the folder of a new version: the same one, as there is no other.
serving
mkdir NEW
cp weighbridge NEW/
