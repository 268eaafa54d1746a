;; Asks a response that it has dropped.
(import "weighbridge:connector/http@0.1.0" "[resource-drop]response" (func $drop_response (param i32)))
(import "weighbridge:connector/http@0.1.0" "[method]response.status" (func $status (param i32) (result i32)))
(func $check (result i32)
  (call $request)
  (call $drop_response (i32.load (i32.const 1032)))
  (drop (call $status (i32.load (i32.const 1032))))
  (call $zero_result))
