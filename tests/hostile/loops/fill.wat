;; Fills fifty megabytes again and again: each time is one instruction.
(memory $memory 900)
(func $check (result i32) (loop $again (memory.fill (i32.const 65536) (i32.const 1) (i32.const 52428800)) (br $again)) (unreachable))
