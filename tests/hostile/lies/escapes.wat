;; Four megabytes of backslashes.
(memory $memory 80)
(data (i32.const 1048576) "{\"a\":\"")
(data (i32.const 5242879) "\0a")
(func $next (param i32 i32 i32) (result i32)
  (memory.fill (i32.const 1048582) (i32.const 92) (i32.const 4194297))
  (drop (call $page (i32.const 1048576) (i32.const 4194304)))
  (i32.const 64))
