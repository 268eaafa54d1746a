;; Waits in the host for an hour.
(func $check (result i32) (call $sleep (i32.const 3600000)) (call $zero_result))
