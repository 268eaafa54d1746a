;; Opens a reader that is none.
(func $open_reader (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 72) (i32.const 777))
  (i32.const 64))
