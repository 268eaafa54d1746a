;; Sends requests until one is refused, and crashes unless the refusal is `budget`.
(global $sent (mut i32) (i32.const 0))
(func $check (result i32)
  (block $refused
    (loop $again
      (call $request)
      (br_if $refused (i32.load8_u (i32.const 1024)))
      (global.set $sent (i32.add (global.get $sent) (i32.const 1)))
      (br $again)))
  (if (i32.ne (global.get $sent) (i32.const 64)) (then (unreachable)))
  (if (i32.ne (i32.load8_u (i32.const 1032)) (i32.const 5)) (then (unreachable)))
  (global.set $sent (i32.const 0))
  (call $zero_result))
