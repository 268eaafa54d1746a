;; Logs for ever.
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $log (i32.const 1) (i32.const 65536) (i32.const 100000))
    (br $again))
  (unreachable))
