;; Takes a thousand lines, however few there were.
(func $write (param i32 i32 i32 i32 i32 i32) (result i32) (call $receipt (i32.const 1000)))
