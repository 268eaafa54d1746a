;; Waits for no time at all, for ever.
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $sleep (i32.const 0))
    (br $again))
  (unreachable))
