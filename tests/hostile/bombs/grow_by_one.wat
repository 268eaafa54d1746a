;; Takes memory one page at a time.
(func $check (result i32) (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (call $zero_result))
