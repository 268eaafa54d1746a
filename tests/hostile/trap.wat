;; Crashes.
(func $check (result i32) (unreachable))
