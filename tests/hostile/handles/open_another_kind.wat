;; Opens a writer that is a reader.
(func $open_writer (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 72) (call $new_reader (i32.const 1)))
  (i32.const 64))
