;; Computes for ever where the host puts an answer into its memory.
(import "weighbridge:connector/config@0.1.0" "get" (func $config (param i32)))
(func $realloc (param i32 i32 i32 i32) (result i32) (loop $again (br $again)) (unreachable))
(func $check (result i32) (call $config (i32.const 1024)) (call $zero_result))
