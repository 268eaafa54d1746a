;; Waits for ever, a little at a time.
(func $check (result i32) (loop $again (call $sleep (i32.const 5)) (br $again)) (unreachable))
