;; Reads outside of its memory.
(func $check (result i32) (i32.load (i32.const -4)))
