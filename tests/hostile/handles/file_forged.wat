;; Commits a file that it never had.
(import "weighbridge:connector/files@0.1.0" "[method]output.commit" (func $commit (param i32 i32)))
(func $check (result i32)
  (call $commit (i32.const 12345) (i32.const 1024))
  (call $zero_result))
