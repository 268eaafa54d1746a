;; Crashes before it is asked anything.
(start $crash)
(func $crash (unreachable))
