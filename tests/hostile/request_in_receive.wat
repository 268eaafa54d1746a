;; Sends a request while a webhook is received, and crashes unless it is denied.
(func $receive (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (call $request)
  (if (i32.eqz (i32.load8_u (i32.const 1024))) (then (unreachable)))
  (if (i32.load8_u (i32.const 1032)) (then (unreachable)))
  (drop (call $zero_result))
  (i32.store16 (i32.const 72) (i32.const 204))
  (i32.const 64))
