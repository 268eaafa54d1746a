;; A log line of a level that nobody defined.
(func $check (result i32) (call $log (i32.const 77) (i32.const 4096) (i32.const 1)) (call $zero_result))
