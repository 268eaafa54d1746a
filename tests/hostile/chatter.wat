;; Logs more lines, and longer ones, than are kept.
(func $check (result i32)
  (local $lines i32)
  (loop $again
    (call $log (i32.const 1) (i32.const 8192) (i32.const 8000))
    (local.set $lines (i32.add (local.get $lines) (i32.const 1)))
    (br_if $again (i32.lt_u (local.get $lines) (i32.const 1000))))
  (call $zero_result))
(func $fill (memory.fill (i32.const 8192) (i32.const 120) (i32.const 8000)))
(start $fill)
