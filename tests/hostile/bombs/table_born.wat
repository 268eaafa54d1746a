;; A table of more elements than it may have, from the first moment on.
(table $table 10001 funcref)
