;; Computes for ever while the host hands it lines.
(func $realloc (param i32 i32 i32 i32) (result i32) (loop $again (br $again)) (unreachable))
