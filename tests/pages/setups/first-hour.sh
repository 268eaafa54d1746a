# The folder of an unpacked archive, and nothing else.
unpacked
