;; Drops a response that it never had.
(import "weighbridge:connector/http@0.1.0" "[resource-drop]response" (func $drop_response (param i32)))
(func $check (result i32)
  (call $drop_response (i32.const 12345))
  (call $zero_result))
