;; Lists a folder while a webhook is received, and crashes unless it is denied.
(import "weighbridge:connector/files@0.1.0" "list" (func $list (param i32 i32 i32 i32 i32 i32 i32)))
(func $receive (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (call $list (i32.const 2048) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 1024))
  (if (i32.eqz (i32.load8_u (i32.const 1024))) (then (unreachable)))
  (if (i32.load8_u (i32.const 1028)) (then (unreachable)))
  (drop (call $zero_result))
  (i32.store16 (i32.const 72) (i32.const 204))
  (i32.const 64))
