;; Drops a response twice.
(import "weighbridge:connector/http@0.1.0" "[resource-drop]response" (func $drop_response (param i32)))
(func $check (result i32)
  (call $request)
  (call $drop_response (i32.load (i32.const 1032)))
  (call $drop_response (i32.load (i32.const 1032)))
  (call $zero_result))
