;; A memory larger than any that the pool keeps.
(memory $memory 5000)
