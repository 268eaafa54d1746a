;; A table larger than any that the pool keeps.
(table $table 30000 funcref)
