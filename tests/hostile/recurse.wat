;; Calls itself without end.
(func $check (result i32) (call $check))
