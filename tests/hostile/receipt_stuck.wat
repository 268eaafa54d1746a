;; Takes nothing.
(func $write (param i32 i32 i32 i32 i32 i32) (result i32) (call $receipt (i32.const 0)))
