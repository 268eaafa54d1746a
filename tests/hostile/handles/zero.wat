;; Asks the response that no handle names.
(import "weighbridge:connector/http@0.1.0" "[method]response.status" (func $status (param i32) (result i32)))
(func $check (result i32)
  (drop (call $status (i32.const 0)))
  (call $zero_result))
