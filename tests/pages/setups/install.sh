# Nothing: the folder of downloads is all that there is.
