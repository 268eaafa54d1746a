;; Computes for ever before it is asked anything.
(start $spin)
(func $spin (loop $again (br $again)))
