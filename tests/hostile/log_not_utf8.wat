;; Logs bytes that are not a text.
(data (i32.const 4096) "\ff\fe")
(func $check (result i32) (call $log (i32.const 1) (i32.const 4096) (i32.const 2)) (call $zero_result))
