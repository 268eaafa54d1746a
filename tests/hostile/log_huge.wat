;; Logs a line of ten megabytes.
(memory $memory 200)
(func $check (result i32) (call $log (i32.const 1) (i32.const 4096) (i32.const 10485760)) (call $zero_result))
