;; Opens readers without end.
(func $check (result i32) (loop $again (drop (call $new_reader (i32.const 1))) (br $again)) (unreachable))
