;; Opens the same reader a second time.
(global $opened (mut i32) (i32.const 0))
(func $open_reader (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (if (i32.eqz (global.get $opened)) (then (global.set $opened (call $new_reader (i32.const 1)))))
  (i32.store (i32.const 72) (global.get $opened))
  (i32.const 64))
