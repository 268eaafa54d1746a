;; Asks its own reader for the status of a response.
(import "weighbridge:connector/http@0.1.0" "[method]response.status" (func $status (param i32) (result i32)))
(func $check (result i32)
  (drop (call $status (call $new_reader (i32.const 1))))
  (call $zero_result))
