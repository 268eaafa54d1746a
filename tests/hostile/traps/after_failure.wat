;; Fails once, and crashes when it is asked again.
(global $asked (mut i32) (i32.const 0))
(func $next (param i32 i32 i32) (result i32)
  (if (global.get $asked) (then (unreachable)))
  (global.set $asked (i32.const 1))
  (drop (call $zero_result))
  (i32.store8 (i32.const 64) (i32.const 1))
  (i32.const 64))
