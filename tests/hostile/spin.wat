;; Computes for ever.
(func $check (result i32) (loop $again (br $again)) (unreachable))
